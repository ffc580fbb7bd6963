"""`space_lint` as a tool and as a command: outcomes, hardware, forms, exit codes, fences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from huggingface_hub import SpaceHardware

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tests.lint.specimens import BASE
from tests.made_tokens import TOKENS
from tools.cli.main import commands
from tools.lint import rule as rules_module
from tools.origins import Origin, remember_origin
from tools.settings import Settings

IGNORED_KEY = BASE["README.md"].replace("sdk: gradio\n", "sdk: gradio\nhardware: t4-small\n")
NOT_YAML = BASE["README.md"].replace("title: Specimen", "title: [Specimen")


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    return write_files(tmp_path / "healthy", BASE)


@pytest.fixture
def ignored_key(tmp_path: Path) -> Path:
    return write_files(tmp_path / "ignored key", {**BASE, "README.md": IGNORED_KEY})


@pytest.fixture
def not_yaml(tmp_path: Path) -> Path:
    return write_files(tmp_path / "not-yaml", {**BASE, "README.md": NOT_YAML})


@pytest.fixture
def offline() -> Caller:
    """A caller whose Hub nobody answers for: linting must not ask it."""
    return Caller(
        Settings(hub="http://127.0.0.1:9", hub_confirmed=True, seconds=5.0, roots=(Path("/"),))
    )


@pytest.fixture
def lint_command(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """The command in this process; `code` is what the program would end with."""

    def run(*words: str) -> Result:
        ran = CliRunner().invoke(commands, ["lint", *words], standalone_mode=False)
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
        return ran

    return run  # type: ignore[return-value] # pytest takes either


def code(ran: Result) -> int:
    return ran.return_value if isinstance(ran.return_value, int) else 0


def test_a_healthy_folder_is_clean_and_is_rehearsed_next(offline: Caller, healthy: Path) -> None:
    answer = offline.answer("space_lint", folder=str(healthy))
    assert answer.envelope["outcome"] == "clean", answer.text
    assert answer.exit_code == 0
    assert answer.envelope["result"]["errors"] == answer.envelope["result"]["warnings"] == 0
    (following,) = answer.envelope["next"]
    assert following["tool"] == "space_rehearse"
    assert following["arguments"] == {"folder": str(healthy)}


def test_a_finding_has_place_severity_source_and_the_call_that_repairs_it(
    offline: Caller, ignored_key: Path
) -> None:
    answer = offline.answer("space_lint", folder=str(ignored_key), hardware="t4-small")
    assert answer.envelope["outcome"] == "findings"
    assert answer.exit_code == 1
    (found,) = answer.envelope["result"]["findings"]
    assert found == {
        "id": "FM_HARDWARE_KEY",
        "severity": "warning",
        "file": "README.md",
        "line": 7,
        "message": found["message"],
        "fixable": True,
        "fix": "safe",
    }
    assert "README.md:7: warning FM_HARDWARE_KEY: " in answer.text
    assert "\n    hardware: t4-small\n" in answer.text
    assert answer.text.startswith("1 warning in 2 files. Hardware: t4-small (the argument).")
    assert answer.envelope["next"] == [
        {
            "tool": "space_fix",
            "arguments": {"folder": str(ignored_key), "hardware": "t4-small"},
            "why": answer.envelope["next"][0]["why"],
        }
    ]


def test_an_error_that_nothing_repairs_is_linted_again_and_not_rehearsed(
    offline: Caller, not_yaml: Path
) -> None:
    answer = offline.answer("space_lint", folder=str(not_yaml), ignore=["FM_HARDWARE_KEY"])
    assert answer.envelope["outcome"] == "findings"
    assert answer.envelope["result"]["errors"] >= 1
    assert answer.envelope["next"][-1] == {
        "tool": "space_lint",
        "arguments": {"folder": str(not_yaml), "ignore": ["FM_HARDWARE_KEY"]},
        "why": "again once the errors are repaired",
    }


LAZY = """import gradio as gr
import spaces
from diffusers import DiffusionPipeline


@spaces.GPU
def draw(prompt: str):
    \"\"\"Make an image.\"\"\"
    pipe = DiffusionPipeline.from_pretrained("maker/pictures").to("cuda")
    return pipe(prompt).images[0]


gr.Interface(draw, "text", "image", api_name="draw").launch()
"""
LONG_CARD = BASE["README.md"].replace(
    "title: Specimen", f"title: A\nshort_description: {'a ' * 40}"
)


def test_what_the_port_repairs_is_offered_as_the_port_and_really_is(
    offline: Caller, tmp_path: Path
) -> None:
    files = {**BASE, "app.py": LAZY, "requirements.txt": "torch\ndiffusers\ntransformers\n"}
    folder = write_files(tmp_path / "lazy", files)
    answer = offline.answer("space_lint", folder=str(folder), hardware="zero-a10g")
    assert "ZG_LAZY_LOAD" in {one["id"] for one in answer.envelope["result"]["findings"]}
    (port,) = [call for call in answer.envelope["next"] if call["arguments"].get("fixes")]
    assert port["tool"] == "space_fix"
    assert port["arguments"] == {
        "folder": str(folder),
        "hardware": "zero-a10g",
        "fixes": ["zerogpu-port"],
        "preview": True,
    }
    assert "ZG_LAZY_LOAD" in port["why"]
    preview = offline.answer(port["tool"], **port["arguments"])
    assert preview.envelope["outcome"] == "previewed"
    (write,) = preview.envelope["next"]
    offline.answer(write["tool"], **write["arguments"])
    again = offline.answer("space_lint", folder=str(folder), hardware="zero-a10g").envelope
    assert "ZG_LAZY_LOAD" not in {one["id"] for one in again["result"]["findings"]}


def test_unsafe_fixes_are_offered_as_a_preview_that_can_be_written(
    offline: Caller, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "long", {**BASE, "README.md": LONG_CARD})
    answer = offline.answer("space_lint", folder=str(folder))
    (offered,) = [call for call in answer.envelope["next"] if call["tool"] == "space_fix"]
    assert offered["arguments"] == {
        "folder": str(folder),
        "fixes": ["FM_SHORT_DESCRIPTION"],
        "unsafe": True,
        "preview": True,
    }
    preview = offline.answer("space_fix", **offered["arguments"])
    (write,) = preview.envelope["next"]
    assert write["arguments"] == {
        "folder": str(folder),
        "fixes": ["FM_SHORT_DESCRIPTION"],
        "unsafe": True,
    }
    assert offline.result("space_fix", "fixed", **write["arguments"])["errors_left"] == 0


def test_ignored_rules_and_silenced_lines_are_left_out(offline: Caller, ignored_key: Path) -> None:
    folder = str(ignored_key)
    assert offline.result("space_lint", "clean", folder=folder, ignore=["FM_HARDWARE_KEY"])
    card = IGNORED_KEY.replace("t4-small\n", "t4-small  # space-lint: ignore[FM_HARDWARE_KEY]\n")
    (ignored_key / "README.md").write_text(card)
    result = offline.result("space_lint", "clean", folder=folder)
    assert result["suppressed"] == 1


def test_refusals_name_the_argument_and_what_is_allowed(offline: Caller, healthy: Path) -> None:
    text = offline.problem("space_lint", "unknown_hardware", folder=str(healthy), hardware="t5")
    assert "`hardware`: no flavor is called t5" in text
    assert "zero-a10g" in text
    text = offline.problem(
        "space_lint", "bad_argument", folder=str(healthy), ignore=["FM_HARDWARE"]
    )
    assert "did you mean" in text
    assert "FM_HARDWARE_KEY" in text
    text = offline.problem("space_lint", "not_a_folder", folder=str(healthy / "app.py"))
    assert "is a file, not a folder" in text
    text = offline.problem("space_lint", "not_a_folder", folder=str(healthy / "nowhere"))
    assert "does not exist" in text


def test_a_folder_outside_the_roots_is_refused(tmp_path: Path, healthy: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    caller = Caller(Settings(hub="rehearsal", roots=(inside,)))
    caller.problem("space_lint", "path_outside_roots", folder=str(healthy))


def test_the_folder_may_be_left_out(
    offline: Caller, ignored_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ignored_key)
    result = offline.result("space_lint", "findings")
    assert result["folder"] == str(ignored_key)


def test_the_target_space_names_the_hardware(
    hub: Hub, caller: Caller, space: str, healthy: Path
) -> None:
    hub.api("rehearsal-pro").create_repo(
        space, repo_type="space", space_sdk="gradio", space_hardware=SpaceHardware.ZERO_A10G
    )
    found = caller.answer("space_lint", folder=str(healthy), space=space).envelope["result"]
    assert found["hardware"] == "zero-a10g"
    assert found["hardware_from"] == f"{space} on the Hub"
    told = caller.answer(
        "space_lint", folder=str(healthy), space=space, hardware="cpu-basic"
    ).envelope["result"]
    assert (told["hardware"], told["hardware_from"]) == ("cpu-basic", "the argument")
    caller.problem("space_lint", "not_found", folder=str(healthy), space=f"{space}-not-there")


def test_what_this_machine_refuses_is_no_finding(lint_command: Callable[..., Result]) -> None:
    ran = lint_command("a" * 300)
    assert ran.return_value == 2
    assert "machine" in ran.output


def test_what_follows_knows_the_hardware_of_the_space(
    hub: Hub, caller: Caller, space: str, ignored_key: Path
) -> None:
    hub.api("rehearsal-pro").create_repo(
        space, repo_type="space", space_sdk="gradio", space_hardware=SpaceHardware.ZERO_A10G
    )
    answer = caller.answer("space_lint", folder=str(ignored_key), space=space)
    fix = next(call for call in answer.envelope["next"] if call["tool"] == "space_fix")
    assert fix["arguments"]["hardware"] == "zero-a10g"


def test_strangers_text_is_fenced_and_ones_own_is_not(offline: Caller, ignored_key: Path) -> None:
    assert "untrusted-text" not in offline.answer("space_lint", folder=str(ignored_key)).text
    remember_origin(ignored_key, Origin(source="github:o/r", revision="a" * 40, is_own=False))
    text = offline.answer("space_lint", folder=str(ignored_key)).text
    _, opened, rest = text.partition("<untrusted-text-")
    inside, closed, _ = rest.partition("</untrusted-text-")
    assert opened
    assert closed
    assert "hardware: t4-small" in inside


def test_no_secret_of_the_folder_comes_out(
    offline: Caller, ignored_key: Path, lint_command: Callable[..., Result]
) -> None:
    token = TOKENS["Hugging Face token"]
    card = IGNORED_KEY.replace("hardware: t4-small", f"hardware: {token}")
    (ignored_key / "README.md").write_text(card)
    answer = offline.answer("space_lint", folder=str(ignored_key))
    assert "FM_HARDWARE_KEY" in answer.text
    assert token not in answer.text
    assert token not in json.dumps(answer.envelope)
    for form in ("text", "json", "sarif", "github"):
        said = lint_command(str(ignored_key), "--format", form).output
        assert "FM_HARDWARE_KEY" in said
        assert token not in said


def test_a_long_answer_is_cut_and_the_command_is_not(
    offline: Caller, tmp_path: Path, lint_command: Callable[..., Result]
) -> None:
    keys = "".join(f"made_up_key_number_{number}: {number}\n" for number in range(150))
    card = BASE["README.md"].replace("sdk: gradio\n", f"sdk: gradio\n{keys}")
    folder = write_files(tmp_path / "many", {**BASE, "README.md": card})
    answer = offline.answer("space_lint", folder=str(folder))
    assert len(answer.text) <= 8_000
    assert " more in `findings`" in answer.text
    printed = lint_command(str(folder)).output
    assert all(f"made_up_key_number_{number}`" in printed for number in range(150))
    envelope = json.loads(lint_command(str(folder), "--json").output)
    assert len(envelope["result"]["findings"]) >= 150


def test_a_rule_that_fails_is_said_to_be_skipped(
    offline: Caller, ignored_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    def broken(project: object) -> list[object]:
        raise ZeroDivisionError

    rules = rules_module.all_rules()
    failing = replace(rules["FM_HARDWARE_KEY"], check=broken)  # type: ignore[arg-type] # it raises
    monkeypatch.setitem(rules, "FM_HARDWARE_KEY", failing)
    answer = offline.answer("space_lint", folder=str(ignored_key))
    assert "Not checked: FM_HARDWARE_KEY: the rule failed" in answer.text
    skipped = answer.envelope["result"]["skipped"]
    assert any(said["what"] == "FM_HARDWARE_KEY" for said in skipped)


def test_requirements_are_resolved_only_when_asked(
    offline: Caller, healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(healthy.parent / "empty cache"))
    (healthy / "requirements.txt").write_text("numpy\n")
    plain = offline.result("space_lint", "clean", folder=str(healthy))["skipped"]
    asked = offline.result("space_lint", "clean", folder=str(healthy), resolve=True)["skipped"]
    (unasked,) = [said["why"] for said in plain if "resol" in said["what"]]
    assert unasked.startswith("not asked for; `--resolve`")
    assert unasked not in [said["why"] for said in asked]


def test_a_list_of_rules_may_have_commas(offline: Caller, ignored_key: Path) -> None:
    names = "FM_HARDWARE_KEY, GR_SHARE_TRUE"
    offline.result("space_lint", "clean", folder=str(ignored_key), ignore=names)
    offline.result("space_lint", "clean", folder=str(ignored_key), ignore=[names])
    text = offline.problem("space_lint", "bad_argument", folder=str(ignored_key), ignore="A,B")
    assert "names no rule: A" in text


def test_the_summary_says_what_the_hub_ignores_and_leaves_out_what_does_not_matter(
    offline: Caller, ignored_key: Path, tmp_path: Path
) -> None:
    summary = offline.answer("space_lint", folder=str(ignored_key)).text.splitlines()[0]
    assert summary.endswith("Hardware: t4-small (hardware in the card, which the Hub ignores).")
    card = "---\ntitle: Page\nemoji: 🐟\ncolorFrom: blue\ncolorTo: green\nsdk: static\n---\n"
    page = write_files(tmp_path / "page", {"README.md": card, "index.html": "<p>Hello</p>\n"})
    answer = offline.answer("space_lint", folder=str(page))
    assert "Hardware" not in answer.text
    assert "ZeroGPU" not in answer.text


def test_an_environment_is_left_out_whatever_it_is_called(offline: Caller, healthy: Path) -> None:
    before = offline.answer("space_lint", folder=str(healthy)).text.splitlines()[0]
    broken = {".bootstrap/pyvenv.cfg": "home = /usr\n", ".bootstrap/lib/app.py": "print(\n"}
    write_files(healthy, broken)
    assert offline.answer("space_lint", folder=str(healthy)).text.splitlines()[0] == before


def test_the_command_takes_the_folder_first_and_ends_with_one(
    ignored_key: Path, healthy: Path, lint_command: Callable[..., Result]
) -> None:
    ran = lint_command(str(ignored_key))
    assert code(ran) == 1
    assert f"{ignored_key}/README.md:7: warning FM_HARDWARE_KEY: " in ran.output
    assert f"Next: `huggingface-spaces fix '{ignored_key}'` - " in ran.output
    assert code(lint_command(str(healthy))) == 0


def test_places_are_named_from_where_the_command_runs(
    ignored_key: Path, lint_command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ignored_key.parent)
    assert lint_command(ignored_key.name).output.startswith(f"{ignored_key.name}/README.md:7: ")
    monkeypatch.chdir(ignored_key)
    assert lint_command().output.startswith("README.md:7: ")
    output = lint_command("--format", "github").output
    assert "file=README.md,line=7," in output
    assert "Not checked: resolution" in output


@pytest.mark.parametrize(
    ("level", "of_warning", "of_error"),
    [("error", 0, 1), ("warning", 1, 1), ("info", 1, 1), ("never", 0, 0)],
)
def test_fail_on_chooses_what_ends_with_one(
    level: str,
    of_warning: int,
    of_error: int,
    ignored_key: Path,
    not_yaml: Path,
    lint_command: Callable[..., Result],
) -> None:
    for form in ("text", "sarif"):
        options = ("--fail-on", level, "--format", form)
        assert code(lint_command(str(ignored_key), *options)) == of_warning
        assert code(lint_command(str(not_yaml), *options)) == of_error


def test_json_is_the_envelope_by_either_name(
    ignored_key: Path, lint_command: Callable[..., Result]
) -> None:
    by_flag, by_format = (
        json.loads(lint_command(str(ignored_key), *words).output)
        for words in (["--json"], ["--format", "json"])
    )
    assert by_flag == by_format
    assert set(by_flag) == {"outcome", "hub", "result", "problem", "next"}
    assert by_flag["outcome"] == "findings"
    assert by_flag["hub"] is None


def test_sarif_of_the_command(ignored_key: Path, lint_command: Callable[..., Result]) -> None:
    log = json.loads(lint_command(str(ignored_key), "--format", "sarif").output)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "FM_HARDWARE_KEY"
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (ignored_key / "README.md").as_uri()


def test_refusals_of_the_command_end_with_two(
    healthy: Path, lint_command: Callable[..., Result]
) -> None:
    ran = lint_command(str(healthy), "--hardware", "t5")
    assert code(ran) == 2
    assert ran.stderr.startswith("unknown_hardware: ")
    assert not ran.stdout
    ran = lint_command(str(healthy), "--hardware", "t5", "--json")
    assert code(ran) == 2
    assert json.loads(ran.stdout)["problem"]["code"] == "unknown_hardware"


def test_explain_says_why_and_since_when(lint_command: Callable[..., Result]) -> None:
    ran = lint_command("--explain", "fm_hardware_key")
    assert ran.output.startswith("FM_HARDWARE_KEY\n")
    for part in ("(warning)", "Source: ", "A safe fix"):
        assert part in ran.output


def test_the_hint_for_another_hub_is_kept(
    lint_command: Callable[..., Result], healthy: Path
) -> None:
    ran = lint_command(str(healthy), "--hub", "rehearsal")
    assert f"`huggingface-spaces rehearse {healthy} --hub rehearsal`" in ran.output


def test_linting_runs_nothing_of_the_folder(offline: Caller, tmp_path: Path) -> None:
    code = "import pathlib\npathlib.Path('ran').touch()\n" + plain_app()
    files = {"README.md": readme(), "app.py": code, "setup.py": code, "conftest.py": code}
    folder = write_files(tmp_path / "trap", files)
    offline.answer("space_lint", folder=str(folder))
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
