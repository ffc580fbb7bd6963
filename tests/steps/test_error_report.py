"""`error-report`: what it writes can be used as it is, and holds nobody's secrets."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.calling import write_files
from tests.diagnosing.broken_spaces import STAGES
from tools.cli.error_report import error_report
from tools.diagnosing.matching import matches
from tools.diagnosing.remedies import Remedy, repaired
from tools.knowledge.known_errors import KnownError
from tools.lint.texts import MemoryTexts
from tools.problems import Problem

LINE = "FrobnicatorError: the flux of 'main' in /data/flux/one.bin exceeds 42 units"
LOG = f"""===== Application Startup at 2026-06-01 14:49:54 =====

Traceback (most recent call last):
  File "/home/marvin/app/app.py", line 3, in <module>
    frobnicate()
{LINE}
"""
SENTENCES = ["--cause", "The flux is too large.", "--how", "Ask for less flux."]


@pytest.fixture
def report(tmp_path: Path) -> Any:
    """Run the command on a log; its files are below `report`."""

    def run(log: str, *options: str, sentences: list[str] = SENTENCES) -> Result:
        path = tmp_path / "run.log"
        path.write_text(log)
        words = [str(path), *sentences, "--output", str(tmp_path / "report"), *options]
        return CliRunner().invoke(error_report, words, standalone_mode=False)

    return run


def entry_in(folder: Path) -> KnownError:
    """The entry as the loader would take it from the file that the report says."""
    (path,) = folder.glob("*.yaml")
    stage = re.search(r"errors/(\w+)\.yaml", path.read_text())
    assert stage is not None
    (record,) = yaml.safe_load(path.read_text())
    return KnownError(**{"stage": stage[1], **record})


def refusal(result: Result) -> str:
    assert isinstance(result.exception, Problem), result.output
    return str(result.exception)


def test_a_report_from_two_folders(report: Any, tmp_path: Path) -> None:
    app = "import frobnicator\n\nfrobnicator.run(flux=42)\n"
    requirements = "numpy\n"
    before = {"app.py": app, "requirements.txt": requirements, "untouched.txt": "x\n"}
    after = {
        "app.py": app.replace("42", "7"),
        "requirements.txt": "numpy\nflux-limiter>=1\n",
        "untouched.txt": "x\n",
    }
    write_files(tmp_path / "before", before)
    write_files(tmp_path / "after", after)
    folders = ["--before", str(tmp_path / "before"), "--after", str(tmp_path / "after")]
    result = report(LOG, *folders)
    assert result.exit_code == 0, result.exception
    assert "Nothing was sent" in result.output
    folder = tmp_path / "report"
    error = entry_in(folder)
    assert (error.stage, error.verdict) == ("start", "start")
    other = LINE.replace("main", "side").replace("/data/flux/one", "/srv/two").replace("42", "9")
    for line in (LINE, other):
        assert [match.error.id for match in matches((line,), line, [error])] == [error.id]
    assert not matches(("Running on local URL:  http://0.0.0.0:7860",), "", [error])
    # The proposed change makes the cured files out of the broken ones, and does so once.
    remedy = Remedy(error)
    repairs = repaired(MemoryTexts(before), remedy.recipe(error.changes[0]))
    assert repairs.changes == {name: after[name] for name in ("app.py", "requirements.txt")}
    again = repaired(MemoryTexts(after), remedy.recipe(error.changes[0]))
    assert not again.changes
    specimen = (folder / f"{error.id}.specimen").read_text()
    assert specimen.splitlines()[0] == "fails: start"
    assert "start" in STAGES
    assert "=== broken/app.py" in specimen
    assert "untouched" not in specimen
    (test,) = folder.glob("test_*.py")
    ast.parse(test.read_text())
    words = (folder / "PULL_REQUEST.md").read_text()
    assert LINE in words
    assert "The flux is too large." in words


def test_a_report_from_a_diff(report: Any, tmp_path: Path) -> None:
    diff = """diff --git a/app.py b/app.py
index 1..2 100644
--- a/app.py
+++ b/app.py
@@ -1,3 +1,3 @@
 import x
-run(42)
+run(7)

--- a/README.md
+++ b/README.md
@@ -2 +2 @@
--- old
+-- new
"""
    (tmp_path / "cure.diff").write_text(diff)
    result = report(LOG, "--diff", str(tmp_path / "cure.diff"), "--stage", "call")
    assert result.exit_code == 0, result.exception
    error = entry_in(tmp_path / "report")
    assert error.verdict == "app"
    files = {"app.py": "import x\nrun(42)\n\n", "README.md": "---\n-- old\n"}
    changed = repaired(MemoryTexts(files), Remedy(error).recipe(error.changes[0])).changes
    assert changed == {"app.py": "import x\nrun(7)\n\n", "README.md": "---\n-- new\n"}


def test_nothing_private_is_written(report: Any, tmp_path: Path) -> None:
    token = "hf_" + "aB3" * 12
    log = LOG.replace(
        "frobnicate()", f"frobnicate({token!r}, 'https://huggingface.co/spaces/me/x')"
    )
    log += "see https://me-x.hf.space and marvin-machine\n"
    result = report(
        log,
        "--hide-spaces",
        "--hide",
        "marvin-machine",
        sentences=["--cause", f"token {token}", "--how", "none of /home/marvin/x"],
    )
    assert result.exit_code == 0, result.exception
    written = "\n".join(path.read_text() for path in (tmp_path / "report").iterdir())
    for private in (token, "marvin", "spaces/me/x", "me-x.hf.space"):
        assert private not in written, private
    assert "/home/user/app/app.py" in written


def test_a_line_can_be_named(report: Any, tmp_path: Path) -> None:
    result = report("one\nthe frobnicator rests quietly\nthree\n", "--line", "2")
    assert result.exit_code == 0, result.exception
    assert entry_in(tmp_path / "report").examples == ("the frobnicator rests quietly",)


@pytest.mark.parametrize(
    ("log", "options", "said"),
    [
        ("all is well\n", [], "no error is seen"),
        (LOG, ["--line", "99"], "no text in line 99"),
        (LOG, ["--signature", "(?=x)Frobnicator"], "RE2 does not understand"),
        (LOG, ["--signature", "(unclosed"], "no regular expression"),
        (LOG, ["--signature", "Some other error text"], "does not match the line"),
        (LOG, ["--signature", "e"], "names only 1 characters"),
        (LOG, ["--id", "Not An Id"], "lower-case words"),
        (LOG, ["--before", "."], "belong together"),
        ("E: Unable to locate package libgl1-mesa-glx\n", [], "already_known"),
    ],
)
def test_what_is_refused_writes_nothing(
    report: Any, tmp_path: Path, log: str, options: list[str], said: str
) -> None:
    assert said in refusal(report(log, *options))
    assert not (tmp_path / "report").exists()


def test_a_signature_that_fits_a_healthy_log_is_refused(report: Any, tmp_path: Path) -> None:
    healthy = tmp_path / "healthy.log"
    healthy.write_text(f"note: {LINE}, which is fine\n")
    assert "healthy log" in refusal(report(LOG, "--healthy", str(healthy)))


def test_an_existing_folder_is_left_alone(report: Any, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    assert "exists already" in refusal(report(LOG))
    assert not list((tmp_path / "report").iterdir())
