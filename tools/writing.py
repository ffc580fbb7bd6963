"""Replacing files of a folder: all prepared first, then each renamed into its place."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .problems import Problem


def write_changes(
    folder: Path, changes: Mapping[str, str | None], originals: Mapping[str, str | None]
) -> None:
    """Write new texts below `folder` (None deletes a file); modes and line endings stay.

    `originals` are the texts that the changes were made from, None for a file that was not there.

    Raises:
        Problem: `changed_meanwhile` when a file is no longer as it was read; `cannot_write`.
            Nothing is written in the first case, nor in the second unless a rename itself fails.
    """
    root = folder.resolve()
    targets = {path: _target(root, path) for path in changes}
    for path, target in targets.items():
        if _read(target) != originals.get(path):
            raise Problem(
                "changed_meanwhile",
                f"{path} was changed by somebody else during the call; nothing was written",
                object=path,
                advice="make the same call again",
            )
    prepared: dict[Path, Path] = {}
    try:
        for path, target in targets.items():
            text = changes[path]
            if text is not None:
                prepared[target] = _prepared(target, text)
        for target, partial in prepared.items():
            partial.replace(target)
        for path, target in targets.items():
            if changes[path] is None:
                target.unlink(missing_ok=True)
    except OSError as error:
        raise Problem(
            "cannot_write",
            f"{error.filename or folder}: {error.strerror or error}",
            object=str(folder),
            advice="make the folder writable",
        ) from error
    finally:
        for partial in prepared.values():
            partial.unlink(missing_ok=True)


def _target(root: Path, path: str) -> Path:
    """Where a path really is; a link is followed, so that the link itself stays one."""
    target = (root / path).resolve()
    if not target.is_relative_to(root):
        raise Problem(
            "path_outside_roots",
            f"{path} leads out of {root}; nothing was written",
            object=path,
            advice="edit that file by hand",
        )
    return target


def _read(target: Path) -> str | None:
    if not target.exists():
        return None
    if not target.is_file():  # reading a pipe waits for somebody to write into it
        raise Problem("cannot_write", f"{target} is there and is no file", object=str(target))
    return target.read_bytes().decode("utf-8", "replace")


def _prepared(target: Path, text: str) -> Path:
    """The new content in a file beside its place, with the mode that it will have there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        partial.chmod(mode)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _umask() -> int:
    """The process's mask; it can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
