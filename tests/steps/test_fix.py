"""`space_fix`: files repaired in place, with all that is theirs kept; or nothing written at all."""

from __future__ import annotations

import ast
import os
import stat
from pathlib import Path

import pytest

from tests.calling import Caller, readme, write_files
from tests.lint.ported_apps import APPS
from tools.problems import Problem
from tools.settings import Settings
from tools.writing import write_changes

CARD = readme(hardware="zero-a10g")
APP = '''import gradio as gr


def greet(name: str) -> str:
    """Say hello."""
    return f"Hello {name}"


demo = gr.Interface(greet, "text", "text", api_name="greet")
demo.launch()
'''


def folder_with(folder: Path, **files: str | bytes) -> Path:
    named = {name.replace("__", "."): text for name, text in files.items()}
    return write_files(folder, {"README.md": CARD, "app.py": APP, **named})


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_safe_fix_is_written_and_shown(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path)
    before = contents(tmp_path)
    answer = caller.answer("space_fix", folder=str(tmp_path))
    result = answer.envelope["result"]
    assert answer.envelope["outcome"] == "fixed"
    assert answer.exit_code == 0
    assert result["files"] == ["README.md"]
    assert result["applied"] == [{"fix": "FM_HARDWARE_KEY", "count": 1}]
    assert "-hardware: zero-a10g" in result["diff"].splitlines()
    assert "-hardware: zero-a10g" in answer.text
    after = contents(tmp_path)
    assert after.keys() == before.keys()
    assert after["README.md"] == before["README.md"].replace(b"hardware: zero-a10g\n", b"")
    assert after["app.py"] == before["app.py"]
    calls = [(call["tool"], call["arguments"]) for call in answer.envelope["next"]]
    assert calls[0] == ("space_lint", {"folder": str(tmp_path)})
    assert calls[1][0] == "space_rehearse"


def test_no_hub_is_chosen_for_a_folder(tmp_path: Path) -> None:
    folder_with(tmp_path)
    nobody_confirmed = {"HF_ENDPOINT": "http://127.0.0.1:9"}
    caller = Caller(Settings(environment=nobody_confirmed, seconds=5.0, roots=(tmp_path,)))
    answer = caller.answer("space_fix", folder=str(tmp_path))
    assert answer.envelope["outcome"] == "fixed", answer.text
    assert answer.envelope["hub"] is None
    assert "published" not in answer.text


def test_a_read_only_server_repairs_nothing(tmp_path: Path) -> None:
    folder_with(tmp_path)
    before = contents(tmp_path)
    caller = Caller(Settings(hub="rehearsal", read_only=True, roots=(tmp_path,)))
    caller.problem("space_fix", "read_only_server", folder=str(tmp_path))
    assert contents(tmp_path) == before


def test_the_same_call_again_changes_nothing(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path)
    caller.result("space_fix", "fixed", folder=str(tmp_path))
    before = contents(tmp_path)
    caller.result("space_fix", "nothing_to_fix", folder=str(tmp_path))
    assert contents(tmp_path) == before


def test_a_preview_writes_nothing_and_names_the_call_that_does(
    caller: Caller, tmp_path: Path
) -> None:
    folder_with(tmp_path)
    before = contents(tmp_path)
    arguments = {"folder": str(tmp_path), "fixes": ["FM_HARDWARE_KEY"]}
    answer = caller.answer("space_fix", preview=True, **arguments)
    assert answer.envelope["outcome"] == "previewed"
    assert contents(tmp_path) == before
    assert answer.envelope["next"][0]["arguments"] == arguments
    caller.result("space_fix", "fixed", **answer.envelope["next"][0]["arguments"])


def test_an_unsafe_fix_needs_to_be_allowed(caller: Caller, tmp_path: Path) -> None:
    text = "word " * 20
    folder_with(tmp_path, README__md=readme(short_description=text))
    arguments = {"folder": str(tmp_path), "fixes": "FM_SHORT_DESCRIPTION"}
    before = contents(tmp_path)
    refused = caller.result("space_fix", "nothing_to_fix", **arguments)
    assert refused["not_fixed"][0]["fix"] == "FM_SHORT_DESCRIPTION"
    assert "unsafe=true" in refused["not_fixed"][0]["why"]
    assert contents(tmp_path) == before
    preview = caller.answer("space_fix", preview=True, **arguments)
    assert preview.envelope["outcome"] == "previewed"
    assert contents(tmp_path) == before
    call = preview.envelope["next"][0]["arguments"]
    assert call["unsafe"] is True
    assert caller.result("space_fix", "fixed", **call)["errors_left"] == 0


def test_a_preview_of_everything_hands_on_what_was_allowed(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path, README__md=readme(short_description="word " * 20))
    arguments = {"folder": str(tmp_path), "unsafe": True}
    preview = caller.answer("space_fix", preview=True, **arguments).envelope
    assert preview["next"][0]["arguments"] == arguments
    result = caller.result("space_fix", "fixed", **preview["next"][0]["arguments"])
    assert result["diff"] == preview["result"]["diff"]


def test_the_other_safe_fixes_are_offered_afterwards(caller: Caller, tmp_path: Path) -> None:
    shared = APP.replace("launch()", "launch(share=True)")
    folder_with(tmp_path, app__py=shared)
    answer = caller.answer("space_fix", folder=str(tmp_path), fixes=["GR_SHARE_TRUE"])
    following = answer.envelope["next"][0]
    assert (following["tool"], following["arguments"]) == ("space_fix", {"folder": str(tmp_path)})
    after = caller.answer("space_fix", **following["arguments"]).envelope
    assert after["result"]["applied"] == [{"fix": "FM_HARDWARE_KEY", "count": 1}]
    assert "space_fix" not in {call["tool"] for call in after["next"]}


def test_a_rule_without_a_fix_says_how_to_repair_it(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path, app__py="import gradio as gr\n\nprint(1\n")
    result = caller.result(
        "space_fix", "nothing_to_fix", folder=str(tmp_path), fixes=["APP_SYNTAX"]
    )
    said = result["not_fixed"][0]
    assert said["fix"] == "APP_SYNTAX"
    assert "no automatic repair" in said["why"]
    assert "app.py:" in said["why"]


def test_an_unknown_fix_is_refused_with_the_names(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path)
    before = contents(tmp_path)
    text = caller.problem("space_fix", "bad_argument", folder=str(tmp_path), fixes=["zerogpu-prt"])
    assert "did you mean zerogpu-port?" in text
    assert "FM_HARDWARE_KEY" in text
    assert contents(tmp_path) == before


def test_bad_folders_and_hardware_are_refused(caller: Caller, tmp_path: Path) -> None:
    caller.problem("space_fix", "not_a_folder", folder=str(tmp_path / "none"))
    folder_with(tmp_path)
    caller.problem("space_fix", "unknown_hardware", folder=str(tmp_path), hardware="a100")


def test_a_silenced_finding_is_not_fixed(caller: Caller, tmp_path: Path) -> None:
    card = CARD.replace("zero-a10g", "zero-a10g  # space-lint: ignore[FM_HARDWARE_KEY]")
    folder_with(tmp_path, README__md=card)
    caller.result("space_fix", "nothing_to_fix", folder=str(tmp_path))
    assert contents(tmp_path)["README.md"] == card.encode()


def test_line_endings_mode_and_links_stay(caller: Caller, tmp_path: Path) -> None:
    folder_with(tmp_path / "app", real__md=CARD.replace("\n", "\r\n").encode())
    app = tmp_path / "app"
    (app / "README.md").unlink()
    (app / "README.md").symlink_to("real.md")
    (app / "real.md").chmod(0o640)
    caller.result("space_fix", "fixed", folder=str(app))
    assert (app / "README.md").is_symlink()
    assert stat.S_IMODE((app / "real.md").stat().st_mode) == 0o640
    written = (app / "real.md").read_bytes()
    assert b"hardware" not in written
    assert written.count(b"\r\n") == written.count(b"\n") > 5
    assert sorted(path.name for path in app.iterdir()) == ["README.md", "app.py", "real.md"]


def test_a_link_out_of_the_folder_is_never_written(caller: Caller, tmp_path: Path) -> None:
    outside = write_files(tmp_path / "outside", {"README.md": CARD})
    app = write_files(tmp_path / "app", {"app.py": APP})
    (app / "README.md").symlink_to(outside / "README.md")
    caller.answer("space_fix", folder=str(app), unsafe=True)
    assert (outside / "README.md").read_text() == CARD


def test_a_file_that_is_not_utf8_is_left_alone(caller: Caller, tmp_path: Path) -> None:
    content = CARD.replace("A test app", "Größe").encode().replace("ö".encode(), b"\xf6")
    folder_with(tmp_path, README__md=content)
    result = caller.result("space_fix", "nothing_to_fix", folder=str(tmp_path))
    assert contents(tmp_path)["README.md"] == content
    assert any("UTF-8" in one["why"] for one in result["not_fixed"])


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "mine", "b.txt": "old"})
    changes = {"a.txt": "new", "b.txt": "new", "c.txt": "new"}
    originals = {"a.txt": "old", "b.txt": "old", "c.txt": None}
    with pytest.raises(Problem) as problem:
        write_changes(tmp_path, changes, originals)
    assert problem.value.code == "changed_meanwhile"
    assert contents(tmp_path) == {"a.txt": b"mine", "b.txt": b"old"}


def test_files_are_made_and_deleted(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.txt": "old"})
    write_changes(tmp_path, {"old.txt": None, "a/new.txt": "new"}, {"old.txt": "old"})
    assert contents(tmp_path) == {"a/new.txt": b"new"}
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "a/new.txt").stat().st_mode) == 0o666 & ~umask


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    write_files(tmp_path, {"file": "text"})
    with pytest.raises(Problem) as problem:
        write_changes(tmp_path, {"file/new.txt": "new"}, {"file/new.txt": None})
    assert problem.value.code == "cannot_write"
    assert contents(tmp_path) == {"file": b"text"}


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Problem) as problem:
        write_changes(tmp_path, {"pipe": "new"}, {"pipe": None})
    assert problem.value.code == "cannot_write"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_the_port_of_a_checkout(caller: Caller, tmp_path: Path) -> None:
    files = {
        "README.md": "# Pictures\n",
        "requirements.txt": "torch==2.4.0\ndiffusers\n",
        **APPS["in_handler"].files,
    }
    write_files(tmp_path, files)
    preview = caller.answer("space_fix", folder=str(tmp_path), fixes=["zerogpu-port"], preview=True)
    assert contents(tmp_path)["README.md"] == b"# Pictures\n"
    call = preview.envelope["next"][0]["arguments"]
    assert call == {
        "folder": str(tmp_path),
        "fixes": ["zerogpu-port"],
        "hardware": "zero-a10g",
    }
    result = caller.result("space_fix", "fixed", **call)
    assert "+sdk: gradio" in result["diff"]
    assert "+import spaces" in result["diff"]
    tree = ast.parse((tmp_path / "app.py").read_text())
    built = [
        node
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and node.attr == "from_pretrained"
    ]
    assert len(built) == 1
    lint = caller.answer("space_lint", folder=str(tmp_path), hardware="zero-a10g")
    found = lint.envelope["result"]["findings"]
    assert not [one["id"] for one in found if one["severity"] == "error"]


def test_a_long_diff_is_cut_at_a_line(caller: Caller, tmp_path: Path) -> None:
    files = {f"part{number}.py": APPS["in_handler"].files["app.py"] for number in range(9)}
    imports = "".join(f"import part{number}\n" for number in range(9))
    write_files(tmp_path, {**files, "app.py": imports + APP})
    answer = caller.answer("space_fix", folder=str(tmp_path), fixes=["zerogpu-port"], preview=True)
    result = answer.envelope["result"]
    assert len(result["diff"]) <= 5_000
    assert result["diff_left_out"] > 0
    assert f"{result['diff_left_out']} lines of the diff are left out" in answer.text
    assert len(answer.text) < 12_000


def test_a_strangers_text_is_fenced(caller: Caller, tmp_path: Path) -> None:
    from tools.origins import Origin, remember_origin

    folder_with(tmp_path)
    remember_origin(tmp_path, Origin(source="github:a/b", revision="0" * 40, is_own=False))
    answer = caller.answer("space_fix", folder=str(tmp_path), preview=True)
    assert "<untrusted-text-" in answer.text
