"""Progress of one call, from any of its threads to the client."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context as CallContext

TAKEN_SECONDS = 2.0
"""How long a tool waits for its client to take one message about its progress."""

SILENT_SECONDS = 3.0
"""After this long without a message the call says by itself that it goes on."""

# Not for a progress message to report: the tool notices through `cancelled`.
_CLIENT_IS_GONE = (
    RuntimeError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    concurrent.futures.TimeoutError,
    concurrent.futures.CancelledError,
)


class Progress:
    """Messages about one call; their number rises by itself, as the protocol wants.

    A client that does not read delays the tool once, by `TAKEN_SECONDS`: while it has not taken
    one message, the next ones are dropped.
    """

    def __init__(self, context: CallContext[Any, Any] | None) -> None:
        """Begin silently, in the event loop that talks to the client.

        Args:
            context: the call, as the server was given it; None when nobody listens.
        """
        self._context = context
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._sent = 0.0
        self._pending: concurrent.futures.Future[None] | None = None
        self._began = self._spoke = time.monotonic()

    def report(self, message: str, fraction: float | None) -> None:
        """Tell the client, from any thread but that of the loop.

        Args:
            message: what happens now.
            fraction: how much of the whole is done, from 0 to 1, where that is known.
        """
        with self._lock:
            pending = self._tell(message, fraction)
            if pending is not None:
                with contextlib.suppress(*_CLIENT_IS_GONE):
                    pending.result(TAKEN_SECONDS)

    async def keep_alive(self, name: str) -> None:
        """Say every few silent seconds that the tool `name` goes on, until cancelled."""
        while True:
            await asyncio.sleep(SILENT_SECONDS / 3)
            # A thread that holds the lock is telling something just now.
            if time.monotonic() - self._spoke >= SILENT_SECONDS and self._lock.acquire(False):
                try:
                    self._tell(f"{name}: {time.monotonic() - self._began:.0f} s so far", None)
                finally:
                    self._lock.release()

    def _tell(self, message: str, fraction: float | None) -> concurrent.futures.Future[None] | None:
        is_stuck = self._pending is not None and not self._pending.done()
        if self._context is None or is_stuck or self._loop.is_closed():
            return None
        self._spoke = time.monotonic()
        # The last hundredth is for the messages that follow one of a whole.
        self._sent = max(self._sent + 0.001, min(99.0, (fraction or 0.0) * 100))
        telling = self._context.report_progress(self._sent, 100.0, message)
        self._pending = asyncio.run_coroutine_threadsafe(telling, self._loop)
        return self._pending
