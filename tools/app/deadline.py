"""A deadline that holds whatever a library does, and threads that never outlive the program.

A time-out of httpx limits the gap between two bytes. A Gradio app sends a heartbeat every 15
seconds (measured 2026-11-22 with gradio 6.31.0), so such a time-out never ends a call. Here the
work runs in a daemon thread and the caller stops waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


class Deadline:
    """A number of seconds that starts to run down when the object is made."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds that remain; never below zero."""
        return max(0.0, self._seconds - self.elapsed)


def _settle(future: Future[Returned], work: Callable[[], Returned]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the future hands it to whoever waits for it
        future.set_exception(error)


class DaemonThreads(Executor):
    """An executor with one daemon thread for each task.

    The threads of `ThreadPoolExecutor` are joined when the interpreter exits, so a task that waits
    for a silent server would keep the program alive.
    """

    def submit(
        self,
        fn: Callable[Arguments, Returned],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Returned]:
        """Start `fn` in its own thread and return the future of its result."""
        future: Future[Returned] = Future()
        work = partial(fn, *args, **kwargs)
        Thread(target=_settle, args=(future, work), daemon=True).start()
        return future


def attempt(work: Callable[[], Returned], seconds: float) -> Future[Returned]:
    """Run `work` for at most `seconds`; the future is not `done()` when the time was not enough."""
    future = DaemonThreads().submit(work)
    wait([future], timeout=seconds)
    return future


def watch(work: Callable[[], Returned], tell: Callable[[float], None], *, every: float) -> Returned:
    """The result of `work`; until it is there, `tell` is called each `every` seconds.

    `tell` runs in the calling thread and gets the seconds so far. What `work` or `tell` raises is
    raised here; after an exception of `tell` nobody waits for the work any more.
    """
    clock = Deadline(0.0)
    future = DaemonThreads().submit(work)
    while wait([future], timeout=every).not_done:
        tell(clock.elapsed)
    return future.result()
