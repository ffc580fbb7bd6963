"""Sends a Space to sleep that nobody has visited for as long as its hardware allows."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from ...knowledge import hardware_flavor, runtime_defaults
from .own_settings import SLEEP_SECONDS, parse_seconds
from .source import SpaceSettings


def sleep_after(settings: SpaceSettings) -> float | None:
    """Return after how many idle seconds a Space sleeps; None for never.

    Free hardware sleeps after two days and nobody can change that; paid hardware never sleeps
    unless a sleep time was set (hub-docs spaces-gpus). The rehearsal-only variable goes first.
    """
    demanded = settings.variables.get(SLEEP_SECONDS)
    if demanded is not None:
        with contextlib.suppress(ValueError):
            return parse_seconds(demanded)
    flavor = hardware_flavor(settings.hardware)
    if settings.hardware == "cpu-basic" or flavor is None:
        return float(runtime_defaults().free_sleep_seconds)
    seconds = settings.sleep_seconds
    return float(seconds) if seconds is not None and seconds > 0 else None


class Idleness:
    """Counts the time since the last visit of one running app."""

    def __init__(
        self,
        settings: Callable[[], SpaceSettings | None],
        is_visited: Callable[[], Awaitable[bool]],
        sleep: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare; nothing happens before `begin`.

        Args:
            settings: returns those in force; None for a Space that never sleeps.
            is_visited: whether a visitor is connected right now.
            sleep: sends it to sleep.
        """
        self._settings = settings
        self._is_visited = is_visited
        self._sleep = sleep
        self._last = 0.0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Count from now on, for an app that has just begun to serve."""
        self.end()
        self._last = time.monotonic()
        self._task = asyncio.create_task(self._watch())

    def end(self) -> None:
        """Stop counting."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._task = None

    def visited(self) -> None:
        """Note a visit."""
        self._last = time.monotonic()

    def changed(self) -> None:
        """Ask again how long it may be idle."""
        self._changed.set()

    async def _watch(self) -> None:
        while True:
            settings = self._settings()
            allowed = sleep_after(settings) if settings is not None else None
            left = None if allowed is None else self._last + allowed - time.monotonic()
            if left is None or left > 0:
                await self._pause(left)
            elif await self._is_visited():
                self.visited()
            else:
                await self._sleep()
                return

    async def _pause(self, seconds: float | None) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)
        self._changed.clear()
