"""What others made to check skills says the same: `agentskills` and `skillsaw`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import copy_checkout

from .skill import NAME

PROGRAMS = Path(sys.executable).parent
COMMANDS = [["skillsaw", "lint"]]
if sys.version_info >= (3, 11):  # what the validator itself needs
    COMMANDS.append(["agentskills", "validate"])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the repository in a folder that has the name of the skill."""
    return copy_checkout(tmp_path_factory.mktemp("skill") / NAME)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_skill_is_valid(command: list[str], checkout: Path) -> None:
    ran = run(command, checkout)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_bad_skill_is_not(command: list[str], tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "SKILL.md").write_text("---\nname: Another Name\n---\n\n# Nothing\n")
    ran = run(command, tmp_path / NAME)
    assert ran.returncode
    assert "name" in (ran.stdout + ran.stderr).lower()


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program = PROGRAMS / command[0]
    assert program.exists(), f"{command[0]} is not installed: it is in the group `test`"
    return subprocess.run(
        [program, *command[1:], folder],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
