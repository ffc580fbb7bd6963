"""A log as server-sent events.

huggingface_hub 2.4.0 counts lines to skip those it has, so each connection replays the log from
its first line. Reading without `follow` ends after 5 seconds of silence, following gives up after
120: the keep-alive must come in between (measured 2026-11-22).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator

from anyio import CancelScope
from starlette.responses import StreamingResponse

from .hub import Log

KEEP_ALIVE_SECONDS = 15.0
KEEP_ALIVE = b"data:\n\n"


def answer(log: Log, stopping: asyncio.Event) -> StreamingResponse:
    """Return the stream of a log; it ends with the log, or when the Hub stops."""
    return StreamingResponse(
        events(log, stopping),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def events(
    log: Log, stopping: asyncio.Event, keep_alive: float = KEEP_ALIVE_SECONDS
) -> AsyncIterator[bytes]:
    """Yield every line of a log as an event, and a keep-alive after each silence (seconds)."""
    lines = log.follow()
    stop = asyncio.create_task(stopping.wait())
    line = asyncio.create_task(_next(lines))
    try:
        while not stop.done():
            await asyncio.wait(
                {line, stop}, timeout=keep_alive, return_when=asyncio.FIRST_COMPLETED
            )
            if not line.done():
                yield KEEP_ALIVE
                continue
            event = line.result()
            if event is None:
                return
            yield event
            line = asyncio.create_task(_next(lines))
    finally:
        # The reader's file is to be closed now, not when it is collected; and a client that left
        # has this very task cancelled.
        with CancelScope(shield=True):
            line.cancel()
            stop.cancel()
            await asyncio.gather(line, stop, return_exceptions=True)
            if isinstance(lines, AsyncGenerator):
                await lines.aclose()


async def _next(lines: AsyncIterator[dict[str, str]]) -> bytes | None:
    async for line in lines:
        return b"data: " + json.dumps(line).encode() + b"\n\n"
    return None
