"""Deadlines and repetition for calls to the Hub.

huggingface_hub 2.4 makes its HTTP client without any time-out and repeats neither `whoami`,
`space_info`, `runtime` nor the logs (measured 2026-11-22), so one 503 or one dead connection would
end a wait. Here every call has a deadline, and calls that change nothing are repeated.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ..problems import asked_wait, is_network_error, status_of

Answer = TypeVar("Answer")

CONNECT_SECONDS = 10.0
READ_SECONDS = 15.0
"""How long one request that only reads may be silent."""
WRITE_SECONDS = 120.0
"""The same for a commit, which the Hub may check for long before it answers."""
REPEAT_SECONDS = 20.0
"""How long a repeatable call is repeated before its last error is believed."""
NO_ANSWER_SECONDS = 5.0
"""The same where nobody answers: a Hub that is not there does not come back as fast as a 503."""

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_configured = threading.Lock()
_state = {"ready": False}
_this_thread = threading.local()


def configure_client() -> None:
    """Give huggingface_hub's process-wide HTTP client time-outs; does so once."""
    with _configured:
        if _state["ready"]:
            return
        import httpx2
        from huggingface_hub.utils import _http

        def with_deadlines() -> httpx2.Client:
            client = _http.default_client_factory()
            client.timeout = httpx2.Timeout(WRITE_SECONDS, connect=CONNECT_SECONDS)
            client.event_hooks["request"].append(_bound)
            return client

        _http.set_client_factory(with_deadlines)
        _state["ready"] = True


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Within this block no request of this thread may be silent for longer than `seconds`.

    huggingface_hub's methods take no time-out, so it is set on each request as it goes out.
    """
    _this_thread.seconds = max(1.0, seconds)
    try:
        yield
    finally:
        _this_thread.seconds = None


def _bound(request: Any) -> None:
    seconds = getattr(_this_thread, "seconds", None)
    if seconds is not None:
        connect = min(CONNECT_SECONDS, seconds)
        limits = {"connect": connect, "read": seconds, "write": seconds, "pool": seconds}
        request.extensions["timeout"] = limits


def repeat(
    call: Callable[[], Answer],
    *,
    seconds: float = REPEAT_SECONDS,
    pause_for: Callable[[float], None] = time.sleep,
) -> Answer:
    """The answer of `call`, made again after passing failures for up to `seconds`.

    `pause_for` sleeps between two attempts and may raise to give up.

    Only for calls that change nothing. A `Retry-After` or `RateLimit` header is obeyed as long as
    the wait fits; the last error is raised when time runs out.
    """
    began = time.monotonic()
    pause = 0.4
    while True:
        try:
            return call()
        except Exception as error:
            wait = _pause_after(error, pause)
            most = seconds if status_of(error) is not None else min(seconds, NO_ANSWER_SECONDS)
            if wait is None or time.monotonic() + wait - began > most:
                raise
            pause_for(wait)
            pause = min(pause * 2, 5.0)


def _pause_after(error: Exception, pause: float) -> float | None:
    """Seconds to wait before the call is repeated, or None when repeating will not help."""
    status = status_of(error)
    if status in _PASSING:
        headers = getattr(getattr(error, "response", None), "headers", {})
        asked = asked_wait(headers) if status == 429 else None
        return float(asked) + 0.5 if asked is not None else pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load
    if status is None and is_network_error(error):
        return pause
    return None
