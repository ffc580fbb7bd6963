"""Files made to hold the linter up: small ones that took minutes or gigabytes without a bound."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import write_files
from tools.lint import Project, lint
from tools.lint.card_edits import first_heading
from tools.lint.fixing import repair
from tools.lint.texts import FolderTexts, MemoryTexts

from .specimens import BASE

SECONDS = 10.0
"""What the slowest of these took without its bound is more, on any machine; now it is below one."""
DOCKER = "---\ntitle: x\nsdk: docker\n---\n"
GROWING = "".join(f"ENV a{i + 1}={f'$a{i}' * 10}\n" for i in range(9))
LONG_WORD = "a" * 200_000
CASES: dict[str, dict[str, str]] = {
    "a deep card": {**BASE, "README.md": f"---\na: {'[' * 100_000}\n---\n"},
    "a deep mapping": {**BASE, "README.md": f"---\na: {'{a: ' * 30_000}\n---\n"},
    "an empty environment file": {**BASE, ".env": "\n" * 50_000},
    "comments that are not closed": {
        "README.md": "---\ntitle: x\nsdk: static\n---\n",
        "index.html": "<!--" * 30_000,
    },
    "variables that grow": {"README.md": DOCKER, "Dockerfile": f"FROM x\nENV a0=word\n{GROWING}"},
    "long words": {
        "README.md": DOCKER,
        "Dockerfile": f"FROM x\nENV A={LONG_WORD}\nRUN {LONG_WORD}\nCMD {LONG_WORD}\n",
    },
}


def taken(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.parametrize("name", CASES)
def test_linting_ends_soon(name: str) -> None:
    assert taken(lambda: lint(Project(MemoryTexts(CASES[name])), strict=True)) < SECONDS


def test_repairing_ends_soon_whatever_the_heading() -> None:
    texts = MemoryTexts({"README.md": f"# a{' ' * 3_000}b\n", "app.py": BASE["app.py"]})
    assert taken(lambda: repair(texts)) < SECONDS


def test_what_is_too_deep_is_said() -> None:
    project = Project(MemoryTexts(CASES["a deep card"]))
    assert project.card.problem is not None
    assert project.card.problem.kind == "invalid_yaml"
    assert "nested" in project.card.problem.detail
    flat = BASE["README.md"].replace("title:", f"deep: {'[' * 40}{']' * 40}\ntitle:", 1)
    assert Project(MemoryTexts({**BASE, "README.md": flat})).card.problem is None


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# A title\n", "A title"),
        ("intro\n#\tA title  ##\r\n", "A title"),
        ("# C#\n", "C#"),
        ("#\n\nText below\n", None),
        ("## Second\n", None),
        (None, None),
    ],
)
def test_the_heading_of_a_readme(text: str | None, heading: str | None) -> None:
    assert first_heading(text) == heading


def test_names_without_values_are_no_secrets() -> None:
    def ids(text: str) -> set[str]:
        report = lint(Project(MemoryTexts({**BASE, ".env": text})))
        return {found.id for found in report.findings}

    assert "SEC_ENV_FILE" not in ids("FIRST=\nSECOND=\n\nTHIRD=\n")
    assert "SEC_ENV_FILE" in ids("FIRST=\n  export SECOND = 'x'\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requirements.txt")
    write_files(tmp_path, {"app.py": BASE["app.py"]})
    assert FolderTexts(tmp_path).paths == {"app.py"}


def test_a_package_called_env_is_no_environment(tmp_path: Path) -> None:
    write_files(tmp_path, {"env/__init__.py": "", "a/env/pyvenv.cfg": "", "venv/x.py": ""})
    assert FolderTexts(tmp_path).paths == {"env/__init__.py"}


def test_pointers_are_told_from_files(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    write_files(tmp_path, {"a/w.bin": pointer, "b.txt": "text", "c.txt": pointer + "x" * 2_000})
    assert FolderTexts(tmp_path).pointers() == ("a/w.bin",)
