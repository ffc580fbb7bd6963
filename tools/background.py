"""Work that may outlast one call: the same call, made again, joins it instead of starting anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from .context import Context, Report

Value = TypeVar("Value")
_works: dict[Hashable, _Work[object]] = {}
_lock = threading.Lock()
LONGEST_WAIT = 40.0
"""Seconds that one call waits for the work before it answers `still_running`."""
KEPT_SECONDS = 600.0
"""How long a result that nobody has collected waits for a call that does."""
HEARTBEAT_SECONDS = 4.0
"""The longest silence towards a waiting caller: hosts take a quiet tool for a hung one."""


class _Work(Generic[Value]):
    """One piece of work in a daemon thread. Calls that wait for it pass its progress on themselves:
    the work never waits for anybody's client."""

    def __init__(self, function: Callable[[Report], Value]) -> None:
        self.value: Value | None = None
        self.error: BaseException | None = None
        self._function = function
        self._news = threading.Condition()
        self._told: tuple[str, float | None] | None = None
        self._began = time.monotonic()
        self._ended: float | None = None
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def has_expired(self) -> bool:
        """Whether it ended so long ago that its result is no answer to a call made now."""
        return self._ended is not None and time.monotonic() - self._ended > KEPT_SECONDS

    def _run(self) -> None:
        try:
            self.value = self._function(self._tell)
        except BaseException as error:  # noqa: BLE001 - handed to the call that waits
            self.error = error
        with self._news:
            self._ended = time.monotonic()
            self._news.notify_all()

    def _tell(self, message: str, fraction: float | None) -> None:
        with self._news:
            self._told = (message, fraction)
            self._news.notify_all()

    def follow(self, report: Report, seconds: float | None) -> bool:
        """Whether the work is done within `seconds`; meanwhile its progress goes to `report`."""
        until = None if seconds is None else time.monotonic() + seconds
        seen = None
        while True:
            left = HEARTBEAT_SECONDS if until is None else until - time.monotonic()
            seen = self._report_news(report, seen, min(left, HEARTBEAT_SECONDS))
            if self._ended is not None:
                return True
            if until is not None and time.monotonic() >= until:
                return False

    def _report_news(
        self, report: Report, seen: tuple[str, float | None] | None, seconds: float
    ) -> tuple[str, float | None] | None:
        """Wait for news since `seen` and report it; without any, report that it still goes on."""
        with self._news:
            self._news.wait_for(
                lambda: self._told is not seen or self._ended is not None, max(0.0, seconds)
            )
            told = self._told
        if told is not None and told is not seen:
            report(*told)
        elif told is not None and self._ended is None:
            report(f"{told[0]} ({time.monotonic() - self._began:.0f} s so far)", told[1])
        return told


def join_or_start(
    key: Hashable, function: Callable[[Report], Value], context: Context
) -> Value | None:
    """The value of `function`, or None when it is still at work after the call's time.

    `key` identifies the work and must hold all that its outcome depends on: a later call with an
    equal key gets this work's value, within `KEPT_SECONDS` of its end.

    Raises:
        whatever `function` raised, in the call that collects it.
    """
    with _lock:
        for old in [known for known, work in _works.items() if work.has_expired]:
            del _works[old]
        work = _works.get(key)
        if work is None:
            work = _works[key] = _Work(function)
    bounded = context.settings.seconds is not None
    if not work.follow(context.report, context.remaining(LONGEST_WAIT) if bounded else None):
        return None
    with _lock:
        if _works.get(key) is work:
            del _works[key]
    if work.error is not None:
        raise work.error
    return work.value  # type: ignore[return-value] # set by this key's own function
