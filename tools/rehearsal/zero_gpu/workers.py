"""The worker processes of a ZeroGPU Space, found by the number that they report themselves."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

from ..machine import guard


def find_worker(marker: str, pid: int) -> psutil.Process | None:
    """Return the process of a Space that calls itself `pid`, or None.

    A Space in a process namespace of its own knows its processes by other numbers. Whatever it
    says, only a process that carries the Space's marker is ever returned.
    """
    for process in guard.marked(lambda value: value == marker):
        if guard.is_alive(process) and _number_inside(process) == pid:
            return process
    return None


def is_running(process: psutil.Process) -> bool:
    """Whether it is still the same process, and alive."""
    return process.is_running() and guard.is_alive(process)


def kill(process: psutil.Process) -> None:
    """End a process at once, if it is still the same one."""
    with contextlib.suppress(psutil.Error):
        process.kill()


def _number_inside(process: psutil.Process) -> int:
    """Return the number that a process has in its innermost namespace (Linux 4.1)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return process.pid
