"""Watches what a running Space uses, and says when it is more than it may."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from .limits import Limit, Limits

PAUSE_SECONDS = 1.0
DISK_SHARE = 0.05
"""Part of the time that may be spent on adding up files."""


class Meter:
    """Watches the processes below a guard and the folders that a Space can write to."""

    def __init__(self, guard_pid: int, folders: Sequence[Path], limits: Limits) -> None:
        self._guard_pid = guard_pid
        self._folders = folders
        self._limits = limits
        self._disk_next = 0.0
        self._disk_at_start: int | None = None

    async def exceeded(self) -> Limit:
        """Wait until a limit is exceeded and return it; this can be never."""
        while True:
            found = await asyncio.to_thread(self._look)
            if found is not None:
                return found
            await asyncio.sleep(PAUSE_SECONDS)

    def _look(self) -> Limit | None:
        memory = self._limits.memory
        if memory is not None and uses_more_memory(self._guard_pid, memory.size):
            return memory
        if time.monotonic() >= self._disk_next and self._written() > self._limits.disk.size:
            return self._limits.disk
        return None

    def _written(self) -> int:
        """Return the bytes written since the start: what was checked out is in the image."""
        began = time.monotonic()
        size = sum(map(disk_usage, self._folders))
        now = time.monotonic()
        self._disk_next = now + max(PAUSE_SECONDS, (now - began) / DISK_SHARE)
        if self._disk_at_start is None:
            self._disk_at_start = size
        return size - self._disk_at_start


def uses_more_memory(guard_pid: int, size: int) -> bool:
    """Whether the processes below a guard use more than `size` bytes together.

    Pages that processes share count once, as in a container: the cheap sum, which counts them for
    each, is only asked whether a closer look is worth its time.
    """
    processes = list(_below(guard_pid))
    if sum(map(_resident, processes)) <= size:
        return False
    return sum(map(_proportional, processes)) > size


def kill_below(guard_pid: int) -> None:
    """Kill the processes below a guard at once, as the platform does."""
    for process in _below(guard_pid):
        with contextlib.suppress(psutil.Error):
            process.kill()


def disk_usage(folder: Path) -> int:
    """Return the bytes that the files below `folder` take up on disk; links are not followed."""
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(f"{parent}/{name}").st_blocks * 512
    return total


def _below(guard_pid: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        yield from psutil.Process(guard_pid).children(recursive=True)


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _proportional(process: psutil.Process) -> int:
    """Return a process's share of the memory: pages shared by n processes count 1/n (Linux)."""
    with contextlib.suppress(psutil.Error):
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    return 0
