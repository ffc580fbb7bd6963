"""The Python interpreters of this machine, and which of them a Space gets.

A Space names its Python in its README. The rehearsal never runs it on another minor version: what
one Python builds and starts says little about the next.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...knowledge import runtime_defaults
from . import stages

Version = tuple[int, int, int]

OLDEST = (3, 8)
"""The start hook is written for 3.8 and later."""

NEWEST_LOOKED_FOR = 15
PROBE_SECONDS = 10.0
_PROBE = "import sys; print(*sys.version_info[:3])"
_REQUEST = re.compile(r"3\.\d{1,2}(\.\d{1,2})?")


@dataclass(frozen=True)
class Interpreter:
    """A Python that was run once and said its version."""

    path: Path
    version: Version

    @property
    def name(self) -> str:
        """The full version as text, such as `3.12.1`."""
        return ".".join(map(str, self.version))


@dataclass(frozen=True)
class Choice:
    """The interpreter for a Space, and the sentence that explains it."""

    interpreter: Interpreter
    requested: str | None
    explanation: str


class PythonError(stages.SettledError):
    """No interpreter here is what the README asks for."""

    def __init__(self, message: str) -> None:
        super().__init__(stages.BUILD_ERROR, message)


def discover() -> list[Interpreter]:
    """Return the working interpreters of this machine, one for each version, oldest first.

    Looks at the Hub's own, `python3.X` on PATH, pyenv's and uv's. Each candidate is run once in
    the life of this process: a pyenv shim exists and is executable for versions that do not run.
    """
    found: dict[Version, Interpreter] = {}
    for path in _candidates():
        version = _version_of(path, _modified(path))
        if version is not None and version[:2] >= OLDEST:
            found.setdefault(version, Interpreter(path, version))
    return [found[version] for version in sorted(found)]


def choose(requested: str | float | int | None, available: Sequence[Interpreter]) -> Choice:
    """Return the interpreter for what a README asks: that version, else one of the same minor.

    Args:
        requested: the value of `python_version` as YAML read it, None when the README has none.
        available: what `discover` found.

    Raises:
        PythonError: nothing fits, with the list of what is there.
    """
    if requested is None:
        return _default(available)
    text = str(requested)
    if not _REQUEST.fullmatch(text):
        raise PythonError(f'python_version must be "3.X" or "3.X.Y", not {requested!r}.')
    matching = [python for python in available if python.name == text]
    matching = matching or _of_minor(text, available)
    if not matching:
        raise PythonError(_refusal(requested, available))
    chosen = matching[-1]
    exact = chosen.name == text or text.count(".") == 1
    explanation = f"python_version {text}: using Python {chosen.name}"
    if not exact:
        explanation += f" (the same minor version; {text} is not on this machine)"
    return Choice(chosen, text, explanation)


def _default(available: Sequence[Interpreter]) -> Choice:
    """Return what the platform takes by its logs, else by its documentation, else what is here."""
    known = runtime_defaults().default_python
    sources = {known.observed: "build logs show", known.documented: "the documentation names"}
    unsure = f"(build logs show {known.observed}, the documentation names {known.documented})"
    for version, origin in sources.items():
        if matching := _of_minor(version, available):
            explanation = f"README names no python_version: using Python {matching[-1].name}, "
            explanation += f"which {origin} as the platform's default {unsure}; name one"
            return Choice(matching[-1], None, explanation)
    here = Interpreter(Path(sys.executable), sys.version_info[:3])
    explanation = f"README names no python_version: using Python {here.name}, because this machine "
    explanation += f"has none of the platform's defaults {unsure}; name one"
    return Choice(here, None, explanation)


def _of_minor(text: str, available: Sequence[Interpreter]) -> list[Interpreter]:
    minor = tuple(int(number) for number in text.split(".")[:2])
    return sorted(
        (one for one in available if one.version[:2] == minor), key=lambda one: one.version
    )


def _refusal(requested: str | float | int, available: Sequence[Interpreter]) -> str:
    message = f"Python {requested} is not on this machine; it has "
    message += ", ".join(python.name for python in available) + "."
    if isinstance(requested, float) or requested in {"3.1", "3.2"}:
        # YAML reads an unquoted 3.10 as the number 3.1.
        message += f' If README says python_version: {requested}0, quote it: "{requested}0".'
    return message


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    for minor in range(OLDEST[1], NEWEST_LOOKED_FOR + 1):
        on_path = shutil.which(f"python3.{minor}")
        if on_path:
            yield Path(on_path)
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv"))
    yield from sorted(pyenv.glob("versions/*/bin/python"))
    data = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share"))
    managed = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", data / "uv/python"))
    yield from sorted(managed.glob("*/bin/python3"))


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@functools.lru_cache(maxsize=256)
def _version_of(path: Path, _modified: float) -> Version | None:
    """Run the interpreter at `path`; None when it is not one that runs."""
    try:
        answer = subprocess.run(
            [path, "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    numbers = answer.stdout.split()
    if answer.returncode != 0 or len(numbers) != 3 or not all(map(str.isdigit, numbers)):
        return None
    major, minor, patch = map(int, numbers)
    return major, minor, patch
