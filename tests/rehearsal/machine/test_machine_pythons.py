from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.rehearsal.machine.pythons import (
    Interpreter,
    PythonError,
    choose,
    discover,
)

HERE = [
    Interpreter(Path(f"/python/{name}"), tuple(map(int, name.split("."))))  # type: ignore[arg-type]
    for name in ("3.9.18", "3.10.13", "3.12.1", "3.12.12")
]


@pytest.mark.parametrize(
    ("requested", "used", "explained"),
    [
        ("3.12", "3.12.12", "using Python 3.12.12"),
        ("3.12.1", "3.12.1", "using Python 3.12.1"),
        ("3.12.3", "3.12.12", "3.12.3 is not on this machine"),
        (3.12, "3.12.12", "using Python 3.12.12"),
        (None, "3.10.13", "which the documentation names as the platform's default"),
    ],
)
def test_the_same_minor_version_and_never_another(
    requested: str | float | None, used: str, explained: str
) -> None:
    choice = choose(requested, HERE)
    assert choice.interpreter.name == used
    assert explained in choice.explanation


@pytest.mark.parametrize("requested", ["3.11", "3.8.1", "2.7", "3", "latest", 3, "3.12.1.1"])
def test_what_is_not_here_is_refused(requested: str | float) -> None:
    with pytest.raises(PythonError):
        choose(requested, HERE)


def test_an_unquoted_version_is_told_to_be_quoted() -> None:
    with pytest.raises(PythonError, match=r'quote it: "3\.10"') as caught:
        choose(3.1, HERE)
    assert "3.9.18, 3.10.13, 3.12.1, 3.12.12" in caught.value.message


def test_build_logs_are_believed_before_the_documentation() -> None:
    observed = Interpreter(Path("/python/3.13.0"), (3, 13, 0))
    choice = choose(None, [*HERE, observed])
    assert choice.interpreter is observed
    assert choice.requested is None
    assert "build logs show 3.13, the documentation names 3.10" in choice.explanation


def test_without_a_default_the_hub_s_own_python_is_taken_and_said() -> None:
    choice = choose(None, [python for python in HERE if python.version[:2] != (3, 10)])
    assert choice.interpreter.version == sys.version_info[:3]
    assert "this machine has none of the platform's defaults" in choice.explanation


def test_what_is_found_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python3.14"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    found = discover()
    assert sys.version_info[:3] in [python.version for python in found]
    assert broken not in [python.path for python in found]
    assert [python.version for python in found] == sorted(python.version for python in found)
