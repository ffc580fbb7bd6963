"""What others run: the GitHub Action's script, the pre-commit hook, and a coloured terminal."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.calling import write_files

from .specimens import BASE

ROOT = Path(__file__).parents[2]
IGNORED_KEY = BASE["README.md"].replace("sdk: gradio\n", "sdk: gradio\nhardware: t4-small\n")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository with a Space in a folder."""
    return write_files(
        tmp_path / "workspace",
        {"space/README.md": IGNORED_KEY, "space/app.py": BASE["app.py"]},
    )


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run_action(workspace: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's own script, with this checkout in place of what its first step installs."""
    action = read("action.yml")
    install, step = action["runs"]["steps"]
    bin_folder = workspace.parent / "huggingface-spaces" / "bin"
    assert str(bin_folder.relative_to(workspace.parent).parent) in install["run"]
    program = bin_folder / "huggingface-spaces"
    if not program.exists():
        bin_folder.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tools.cli "$@"\n')
        program.chmod(0o755)
    given = {name: spec["default"] for name, spec in action["inputs"].items()} | inputs
    variables = {
        name: given[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value).group(1)]  # type: ignore[union-attr] # a mismatch fails the test
        for name, value in step["env"].items()
    }
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=workspace,
        env={
            **os.environ,
            **variables,
            "RUNNER_TEMP": str(workspace.parent),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_action_annotates_from_the_repositorys_root_and_fails(workspace: Path) -> None:
    ran = run_action(workspace, folder="space", hardware="zero-a10g")
    assert ran.returncode == 1, ran.stderr
    place = "::warning file=space/README.md,line=7,title=FM_HARDWARE_KEY::"
    assert place in ran.stdout
    assert "Hardware: zero-a10g (the argument)" in ran.stdout


def test_the_actions_inputs_are_heeded_and_cannot_be_commands(workspace: Path) -> None:
    ran = run_action(workspace, folder="space", **{"fail-on": "error"})
    assert ran.returncode == 0, ran.stderr
    ran = run_action(workspace, folder="space", ignore="FM_HARDWARE_KEY FM_BOM")
    assert ran.returncode == 0, ran.stderr
    ran = run_action(workspace, folder='"; touch owned; "', hardware="$(touch owned)")
    assert ran.returncode == 2
    assert not (workspace / "owned").exists()


def test_the_action_keeps_inputs_out_of_its_scripts() -> None:
    for step in read("action.yml")["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_the_hook_is_a_command_that_works(workspace: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    words = shlex.split(hook["entry"])
    assert words[0] == "huggingface-spaces"
    command = [sys.executable, "-m", "tools.cli", *words[1:]]
    ran = subprocess.run(
        command,
        cwd=workspace / "space",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("README.md:7: warning FM_HARDWARE_KEY: ")


@pytest.mark.parametrize(
    "name",
    ["README.md", "app.py", "requirements.txt", "sub/Dockerfile", ".env", "src/main.tsx"],
)
def test_the_hook_runs_when_a_file_changes_that_is_linted(name: str) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "weights.safetensors")


def on_terminal(workspace: Path, **environment: str) -> str:
    """What the command writes to a terminal."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    leader, follower = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "tools.cli", "lint", str(workspace / "space")],
            cwd=ROOT,
            env={**kept, "TERM": "xterm-256color", **environment},
            stdin=subprocess.DEVNULL,
            stdout=follower,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
        return os.read(leader, 65_536).decode()
    finally:
        os.close(follower)
        os.close(leader)


def test_a_terminal_gets_colours_unless_it_does_not_want_them(workspace: Path) -> None:
    coloured = on_terminal(workspace)
    assert "\x1b[" in coloured
    plain = on_terminal(workspace, NO_COLOR="1")
    assert "\x1b[" not in plain
    stripped = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert stripped.split() == plain.split()
    assert "warning FM_HARDWARE_KEY: " in plain
