"""The environment that hosts start: built aside, tried, then swapped in; older ones removed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from .. import __version__
from ..problems import Problem
from .packing import fingerprint, run_program, write_wheel
from .places import Places

READY = ".ready"
"""Written last: an environment without it was interrupted and is built anew."""


def wanted_name(places: Places) -> str:
    """The name of the environment that this code asks for: version and fingerprint.

    Code that runs from an installed environment asks for that one.
    """
    here = Path(sys.prefix).resolve()
    if here.parent == places.environments.resolve() and (here / READY).is_file():
        return here.name
    return f"{__version__}-{fingerprint()}"


def is_ready(places: Places, name: str) -> bool:
    """Whether the environment is complete and its command starts."""
    folder = places.environments / name
    if not (folder / READY).is_file():
        return False
    try:
        return __version__ in run_program([str(folder / "bin" / "huggingface-spaces"), "--version"])
    except (Problem, OSError):  # its Python may have been removed since
        return False


def is_current(places: Places, name: str) -> bool:
    """Whether hosts start this environment."""
    return places.current.is_symlink() and places.current.readlink().name == name


def build(places: Places, name: str) -> None:
    """Build the environment, byte-compiled, and try its command.

    Raises:
        Problem: `install_failed`; nothing that hosts start has changed then.
    """
    from uv import find_uv_bin

    uv, folder = find_uv_bin(), places.environments / name
    shutil.rmtree(folder, ignore_errors=True)
    places.environments.mkdir(parents=True, exist_ok=True)
    python = str(folder / "bin" / "python")
    with tempfile.TemporaryDirectory(prefix="huggingface-spaces-") as work:
        wheel = write_wheel(Path(work), uv)
        base = getattr(sys, "_base_executable", sys.executable)
        run_program([uv, "venv", "--quiet", "--no-project", "--python", base, str(folder)])
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
        run_program([*install, str(wheel)])
    run_program([str(folder / "bin" / "huggingface-spaces"), "--version"])
    (folder / READY).touch()


def swap_in(places: Places, name: str) -> None:
    """Let hosts start this environment from now on; what runs from another one goes on."""
    fresh = places.data / f".current.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("environments") / name)
    fresh.replace(places.current)


def outdated(places: Places, name: str) -> list[Path]:
    """Environments other than this one that no process runs from."""
    if not places.environments.is_dir():
        return []
    others = [folder for folder in sorted(places.environments.iterdir()) if folder.name != name]
    return [folder for folder in others if not _in_use(folder)] if others else []


def _in_use(folder: Path) -> bool:
    import psutil

    inside = f"{folder.resolve()}{os.sep}"
    for process in psutil.process_iter(["cmdline"]):
        if any(word.startswith(inside) for word in process.info["cmdline"] or ()):
            return True
    return False
