"""Commands are printed as they can be typed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.cli.invoked import invoked_as
from tools.cli.tool_commands import as_command
from tools.model import NextCall

CALL = NextCall(tool="space_status", arguments={"space": "a/b"}, why="x")


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed script in a folder that is not on the path; the working folder is above it."""
    path = tmp_path / "my venv" / "bin" / "huggingface-spaces"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nonexistent")
    return path


def test_a_script_outside_of_the_path_is_named_as_typed(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["my venv/bin/huggingface-spaces", "lint"])
    assert invoked_as() == "'my venv/bin/huggingface-spaces'"
    assert as_command(CALL) == "`'my venv/bin/huggingface-spaces' status a/b`"
    monkeypatch.setattr("sys.argv", [str(script)])
    assert str(script) in invoked_as()


def test_a_script_on_the_path_has_its_short_name(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(script.parent))
    monkeypatch.setattr("sys.argv", [str(script)])
    assert as_command(CALL) == "`huggingface-spaces status a/b`"


def test_another_program_of_that_name_on_the_path_is_not_this_one(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / "huggingface-spaces"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    monkeypatch.setattr("sys.argv", [str(script)])
    assert str(script) in invoked_as()


@pytest.mark.parametrize("started", ["", "-c", "/x/pytest", "/gone/huggingface-spaces"])
def test_whoever_did_not_start_the_script_gets_the_short_name(
    started: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [started])
    assert invoked_as() == "huggingface-spaces"
