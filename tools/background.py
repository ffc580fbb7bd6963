"""Work that may outlast one call: the same call, made again, joins it instead of starting anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from .context import Context, Report

Value = TypeVar("Value")
_works: dict[Hashable, _Work[object]] = {}
_lock = threading.Lock()
LONGEST_WAIT = 40.0
"""Seconds that one call waits for the work before it answers `still_running`."""


class _Work(Generic[Value]):
    """One piece of work in a daemon thread; its progress goes to whichever call waits for it."""

    def __init__(self, function: Callable[[Report], Value], report: Report) -> None:
        self.report = report
        self.value: Value | None = None
        self.error: BaseException | None = None
        self._done = threading.Event()
        self._function = function
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.value = self._function(self._tell)
        except BaseException as error:  # noqa: BLE001 - handed to the call that waits
            self.error = error
        finally:
            self._done.set()

    def _tell(self, message: str, fraction: float | None) -> None:
        self.report(message, fraction)

    def wait(self, seconds: float | None) -> bool:
        """Whether the work is done within `seconds`."""
        return self._done.wait(seconds)


def join_or_start(
    key: Hashable, function: Callable[[Report], Value], context: Context
) -> Value | None:
    """The value of `function`, or None when it is still at work after the call's time.

    `key` identifies the work: a later call with the same key gets this work's value.

    Raises:
        whatever `function` raised, in the call that collects it.
    """
    with _lock:
        work = _works.get(key)
        if work is None:
            work = _works[key] = _Work(function, context.report)
    work.report = context.report
    bounded = context.settings.seconds is not None
    finished = work.wait(context.remaining(LONGEST_WAIT) if bounded else None)
    if not finished:
        return None
    with _lock:
        _works.pop(key, None)
    if work.error is not None:
        raise work.error
    return work.value  # type: ignore[return-value] # set by this key's own function
