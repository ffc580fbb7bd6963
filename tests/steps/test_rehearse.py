"""`space_rehearse`: a folder tried on this machine, resumable, with the two lists at the end."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.calling import Caller, readme, write_files
from tools.origins import Origin, remember_origin

GRADIO_APP = '''
import gradio as gr


def shout(text: str = "hello") -> str:
    """Say it louder."""
    return text.upper() + "!"


gr.Interface(shout, gr.Textbox("hello"), gr.Textbox(), api_name="shout").launch()
'''


def rehearse(caller: Caller, folder: Path, **arguments: object) -> dict:  # type: ignore[type-arg] # JSON
    for _ in range(8):
        answer = caller.answer("space_rehearse", folder=str(folder), **arguments)
        if answer.envelope["outcome"] != "still_running":
            return answer.envelope
        assert answer.envelope["next"][0]["tool"] == "space_rehearse"
    raise AssertionError(answer.text)


def test_red_then_green(caller: Caller, tmp_path: Path) -> None:
    broken = GRADIO_APP.replace("import gradio", "import segno\nimport gradio")
    folder = write_files(tmp_path / "my app", {"README.md": readme(), "app.py": broken})
    red = rehearse(caller, folder)
    assert red["outcome"] == "failed"
    error = red["result"]["failure"]["first_error"]
    assert error["text"] == "ModuleNotFoundError: No module named 'segno'"
    # It was built: only the start failed.
    assert len(red["result"]["proved"]) == 1
    assert "install" in red["result"]["proved"][0]
    assert not any("install" in line for line in red["result"]["not_proved"])
    assert red["result"]["failure"]["error_id"] == red["result"]["diagnosis"]["error_id"]
    assert [call["tool"] for call in red["next"]] == ["space_fix", "space_rehearse"]
    assert red["next"][0]["arguments"]["folder"] == str(folder)
    (folder / "app.py").write_text(GRADIO_APP)
    green = rehearse(caller, folder)
    assert green["outcome"] == "rehearsed"
    assert green["result"]["space"] == red["result"]["space"]
    assert len(green["result"]["proved"]) == 3
    assert any("plan, slots" in line for line in green["result"]["not_proved"])
    assert green["result"]["smoke_test"]["endpoints"][0]["outputs"] == ["HELLO!"]


def test_it_is_resumable_within_short_calls(caller: Caller, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "short", {"README.md": readme(), "app.py": GRADIO_APP})
    hurried = Caller(dataclasses.replace(caller.settings, seconds=5.0))
    first = hurried.answer("space_rehearse", folder=str(folder))
    assert first.envelope["outcome"] == "still_running"
    assert rehearse(caller, folder)["outcome"] == "rehearsed"


def test_strangers_code_is_asked_about_once(caller: Caller, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "theirs", {"README.md": readme("static"), "index.html": "x"})
    remember_origin(folder, Origin(source="github:o/r", revision="a" * 40, is_own=False))
    asked = caller.answer("space_rehearse", folder=str(folder))
    assert asked.envelope["problem"]["code"] == "consent_needed"
    assert "run code from github:o/r" in asked.text
    confirmed = asked.envelope["next"][0]["arguments"]
    assert not caller.answer("space_rehearse", **confirmed).is_error
    assert not caller.answer("space_rehearse", folder=str(folder)).is_error


def test_a_failed_build_proves_nothing(caller: Caller, tmp_path: Path) -> None:
    files = {"README.md": readme(python_version='"3.7"'), "app.py": GRADIO_APP}
    red = rehearse(caller, write_files(tmp_path / "unbuilt", files))
    assert red["outcome"] == "failed"
    assert red["result"]["failure"]["stage"] != "RUNTIME_ERROR"
    assert red["result"]["proved"] == []


def test_a_page_has_lists_of_its_own(caller: Caller, tmp_path: Path) -> None:
    files = {"README.md": readme("static"), "index.html": "<!doctype html><h1>Page</h1>"}
    found = rehearse(caller, write_files(tmp_path / "page", files))
    lists = " ".join((*found["result"]["proved"], *found["result"]["not_proved"]))
    assert "served as they are" in lists
    assert "install" not in lists
    assert "Debian" not in lists


def test_docker_is_honest(caller: Caller, tmp_path: Path) -> None:
    files = {"README.md": readme("docker"), "Dockerfile": "FROM python:3.12\n"}
    envelope = rehearse(caller, write_files(tmp_path / "docker", files))
    assert envelope["outcome"] == "not_verified"
    assert envelope["result"]["why"]
    assert [call["tool"] for call in envelope["next"]] == ["space_lint"]
