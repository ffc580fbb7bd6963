"""What ASGI has no word for: resetting a connection, and the Date that uvicorn writes itself."""

from __future__ import annotations

import asyncio
import socket
import struct
from email.utils import formatdate
from time import time
from typing import Any

from starlette.types import Send

_ROUNDS = 100
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


async def reset(send: Send) -> None:
    """Break the connection of a request so that its client sees a reset, not an end."""
    transport = _cycle(send).transport
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    transport.abort()
    # uvicorn notes the lost connection in the loop's next rounds; a request that ends before
    # that would be reported as one that forgot to answer.
    for _ in range(_ROUNDS):
        if _cycle(send).disconnected:
            return
        await asyncio.sleep(0)


def set_date(send: Send, seconds_off: float) -> None:
    """Let the answer to a request have a Date that is `seconds_off` the true one."""
    cycle = _cycle(send)
    others = [header for header in cycle.default_headers if header[0].lower() != b"date"]
    cycle.default_headers = [(b"date", formatdate(time() + seconds_off, usegmt=True).encode())]
    cycle.default_headers += others


def _cycle(send: Send) -> Any:
    """Return uvicorn's own object for a request, whose method `send` is (uvicorn 0.38)."""
    return getattr(send, "__self__")  # noqa: B009 - a callable's type has no such attribute
