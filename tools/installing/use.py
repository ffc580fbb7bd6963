"""Which environments run: a server holds its own, and nothing removes one that is held."""

from __future__ import annotations

import os
import sys
from pathlib import Path

READY = ".ready"
"""Written last: an environment without it was interrupted and is built anew. Servers lock it."""

_held: list[int] = []
"""Open for the life of the process: closing a file gives its lock back."""


def hold(prefix: Path | None = None) -> None:
    """Mark this process's environment (`prefix`) as used until the process ends.

    Where that is not possible the server serves all the same: `in_use` also looks at processes.
    """
    try:
        import fcntl

        file = os.open((prefix or Path(sys.prefix)) / READY, os.O_RDONLY)
    except (ImportError, OSError):  # Windows; an environment that `install` did not make
        return
    _held.append(file)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:  # a file system without locks
        return


def in_use(folder: Path) -> bool:
    """Whether a process other than this one runs from an environment."""
    return _is_held(folder / READY) or _is_started(folder)


def _is_held(ready: Path) -> bool:
    import fcntl

    try:
        file = os.open(ready, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(file)
    return False


def _is_started(folder: Path) -> bool:
    """Whether a command line names a program in the folder, however the path is spelled."""
    import psutil

    inside = f"{folder.resolve()}{os.sep}"
    for process in psutil.process_iter(["pid", "cmdline"]):
        words = process.info["cmdline"] or ()
        if process.info["pid"] != os.getpid() and any(_lies_in(word, inside) for word in words):
            return True
    return False


def _lies_in(word: str, inside: str) -> bool:
    # The folder alone is resolved: `bin/python` is itself a link to somewhere else.
    program = Path(word)
    return program.is_absolute() and f"{os.path.realpath(program.parent)}{os.sep}".startswith(
        inside
    )
