"""Which Python a new Space names: one the platform has, and if possible this machine too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PREFERRED = "3.12"
"""The newest that ZeroGPU documents (hub-docs spaces-zerogpu.md, 2026-07-21)."""

OTHERS = ("3.13", "3.11", "3.10")
"""What other hardware takes as well, best first."""

PROBE_SECONDS = 10.0


@dataclass(frozen=True)
class PythonChoice:
    """A `python_version`, and why it is that one."""

    version: str
    why: str


def choose_python(
    hardware: str | None, is_here: Callable[[str], bool] | None = None
) -> PythonChoice:
    """The Python for a Gradio Space on `hardware`.

    A rehearsal runs a Space on the Python it names or not at all, so where the platform leaves
    the choice, one that this machine has is better than a better one that it lacks.

    Args:
        hardware: the flavor; ZeroGPU leaves no choice.
        is_here: whether this machine has a minor version; by default looked up.
    """
    has = is_here or _is_here
    if has(PREFERRED):
        return PythonChoice(PREFERRED, "the Hub has it and so does this machine")
    others = () if hardware == "zero-a10g" else OTHERS
    for version in filter(has, others):
        return PythonChoice(
            version,
            f"the Hub has it and so does this machine, which lacks {PREFERRED}: a rehearsal needs"
            f' the Python that the README names. For the Hub alone "{PREFERRED}" is as good',
        )
    return PythonChoice(
        PREFERRED,
        f"the Hub has it, this machine does not, and a rehearsal needs it;"
        f" `uv python install {PREFERRED}` gets it",
    )


def _is_here(version: str) -> bool:
    if version == ".".join(map(str, sys.version_info[:2])) or _has_pyenv(version):
        return True
    import uv

    command = [uv.find_uv_bin(), "python", "find", "--no-python-downloads", "--no-project", version]
    try:
        found = subprocess.run(command, capture_output=True, timeout=PROBE_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return found.returncode == 0


def _has_pyenv(version: str) -> bool:
    """Whether pyenv has that minor version: uv sees only the one that pyenv has switched on, and
    a rehearsal takes any.
    """
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return any(root.glob(f"versions/{version}.*/bin/python"))
