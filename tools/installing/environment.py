"""The environment that hosts start: built aside, tried, then swapped in; older ones removed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from .. import __version__
from ..problems import Problem
from .packing import BUILD_SECONDS, fingerprint, run_program, write_wheel
from .places import NAME, Places
from .use import READY, in_use

_GOING = ".going-"
"""Begins the name of an environment whose removal has begun."""


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
        return __version__ in run_program([str(folder / "bin" / NAME), "--version"])
    except Problem:  # its Python may have been removed since
        return False


def is_current(places: Places, name: str) -> bool:
    """Whether hosts start this environment."""
    return places.current.is_symlink() and places.current.readlink().name == name


def build(places: Places, name: str) -> None:
    """Build the environment, byte-compiled, and try its command.

    Raises:
        Problem: `install_failed`, or `in_use` when servers run from it, broken as it is; nothing
            that hosts start has changed then.
    """
    from uv import find_uv_bin

    uv, folder = find_uv_bin(), places.environments / name
    if in_use(folder):
        raise Problem(
            "in_use",
            f"{folder} must be built anew, and a process runs from it",
            object=str(folder),
            advice="close the agent hosts that use it, then run the same command again",
        )
    shutil.rmtree(folder, ignore_errors=True)
    places.environments.mkdir(parents=True, exist_ok=True)
    python = str(folder / "bin" / "python")
    with tempfile.TemporaryDirectory(prefix=f"{NAME}-") as work:
        wheel = write_wheel(Path(work), uv)
        base = getattr(sys, "_base_executable", sys.executable)
        run_program([uv, "venv", "--quiet", "--no-project", "--python", base, str(folder)])
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
        run_program([*install, str(wheel)], seconds=BUILD_SECONDS)
    run_program([str(folder / "bin" / NAME), "--version"])
    (folder / READY).touch()


def swap_in(places: Places, name: str) -> None:
    """Let hosts start this environment from now on; what runs from another one goes on.

    Raises:
        Problem: `machine` when something that is no link has the link's name.
    """
    if places.current.exists() and not places.current.is_symlink():
        raise Problem(
            "machine",
            f"{places.current} should be a link, and somebody put something else there",
            object=str(places.current),
            advice=f"move {places.current} away, then run the same command again",
        )
    fresh = places.data / f".current.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("environments") / name)
    fresh.replace(places.current)


def outdated(places: Places, name: str) -> list[Path]:
    """Environments other than this one that no process runs from."""
    others = [folder for folder in installed(places) if folder.name != name]
    return [folder for folder in others if not in_use(folder)]


def installed(places: Places) -> list[Path]:
    """The environments that were made here; a folder of any other kind is left alone."""
    if not places.environments.is_dir():
        return []
    return [folder for folder in sorted(places.environments.iterdir()) if _is_made_here(folder)]


def remove(folder: Path) -> None:
    """Remove an environment. It has another name first, so that half of one is never started."""
    if not folder.name.startswith(_GOING):
        folder = folder.replace(folder.with_name(f"{_GOING}{os.getpid()}-{folder.name}"))
    shutil.rmtree(folder)


def _is_made_here(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return folder.name.startswith(_GOING) or (folder / "pyvenv.cfg").is_file()
