"""Progress for people: a spinner on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType

PLAIN_SECONDS = 5.0


class Screen:
    """Shows what a call is doing. `report` has the shape that a `Context` wants."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._last = 0.0
        self._shown = ""
        self._status = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("working")

    def __enter__(self) -> Screen:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the spinner away; does nothing the second time."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def report(self, message: str, fraction: float | None) -> None:  # noqa: ARG002 - one shape for all
        """Show the newest message; off a terminal at most one line every five seconds."""
        if self._quiet:
            return
        if self._status is not None:
            from rich.markup import escape

            self._status.update(escape(message[:150]))
            return
        now = time.monotonic()
        if message != self._shown and now - self._last >= PLAIN_SECONDS:
            self._shown, self._last = message, now
            print(f"… {message}", file=sys.stderr, flush=True)  # noqa: T201 - this is the screen
