"""Files written into a folder: all of them or none, and never over one that is there."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ..model import Model
from ..problems import Problem


class WrittenFile(Model):
    """A file of the folder after writing."""

    path: str
    size_bytes: int
    state: Literal["written", "unchanged"]
    """`unchanged` when it was there with this content already."""


def write_new(folder: Path, files: Mapping[str, bytes]) -> tuple[WrittenFile, ...]:
    """Write `files` (paths with `/` to contents) below `folder`.

    A file that is there with the same content is left as it is, so repeating a call is safe.

    Raises:
        Problem: `file_exists` naming the files that are there with other content, or that would
            lie outside of the folder; `cannot_write`. Nothing is written then.
    """
    _refuse_others(folder, files)
    made: list[Path] = []
    try:
        return tuple(_write(folder, path, content, made) for path, content in files.items())
    except OSError as error:
        _remove(made)
        raise Problem(
            "cannot_write",
            f"{error.filename or folder}: {error.strerror or error}; nothing was written",
            object=str(folder),
            advice="choose a folder that this process may write to",
        ) from error


def _refuse_others(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and not folder.is_dir():
        raise _file_exists(folder, [folder.name])
    others = [path for path, content in files.items() if _is_taken(folder, path, content)]
    if others:
        raise _file_exists(folder, others)


def _is_taken(folder: Path, path: str, content: bytes) -> bool:
    """Whether something else is where a file belongs, a link out of the folder included."""
    target = folder / path
    inside = target.resolve().is_relative_to(folder.resolve())
    blocked = any(parent.is_file() for parent in target.parents)
    if not inside or blocked:
        return True
    if not target.exists():
        return target.is_symlink()
    return not target.is_file() or target.read_bytes() != content


def _file_exists(folder: Path, paths: list[str]) -> Problem:
    return Problem(
        "file_exists",
        f"{folder} holds other content at: {', '.join(paths)}. Nothing was written",
        object=paths[0],
        advice="name a new folder, or move these files away and make the same call again",
    )


def _write(folder: Path, path: str, content: bytes, made: list[Path]) -> WrittenFile:
    target = folder / path
    if target.exists():
        return WrittenFile(path=path, size_bytes=len(content), state="unchanged")
    _make_folder(target.parent, made)
    # Mode x fails when a file appeared since the check: it is not overwritten either.
    with target.open("xb") as file:
        made.append(target)
        file.write(content)
    return WrittenFile(path=path, size_bytes=len(content), state="written")


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir()
        made.append(parent)


def _remove(made: list[Path]) -> None:
    for path in reversed(made):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
