"""Logs as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from tools.rehearsal.event_stream import KEEP_ALIVE, events


class SlowLog:
    """A log with a long silence before its last line."""

    def __init__(self, silence: float) -> None:
        self._silence = silence

    async def follow(self) -> AsyncIterator[dict[str, str]]:
        yield {"data": "one\n", "timestamp": "2026-11-22T00:00:00.000Z"}
        await asyncio.sleep(self._silence)
        yield {"data": "two\n", "timestamp": "2026-11-22T00:00:01.000Z"}


def lines(received: list[bytes]) -> list[str]:
    return [json.loads(event[6:])["data"] for event in received if event != KEEP_ALIVE]


async def test_silence_is_filled_and_no_line_is_lost() -> None:
    received = [event async for event in events(SlowLog(0.2), asyncio.Event(), 0.02)]
    assert lines(received) == ["one\n", "two\n"]
    assert received.count(KEEP_ALIVE) >= 2
    assert all(event.startswith(b"data: {") for event in received if event != KEEP_ALIVE)


async def test_the_stream_ends_when_the_hub_stops() -> None:
    stopping = asyncio.Event()
    stream = events(SlowLog(60), stopping, 60)
    assert lines([await anext(stream)]) == ["one\n"]
    asyncio.get_running_loop().call_later(0.05, stopping.set)
    rest = await asyncio.wait_for(_rest(stream), timeout=2)
    assert lines(rest) == []


async def _rest(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [event async for event in stream]


async def test_a_reader_that_leaves_leaves_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    stream = events(SlowLog(60), asyncio.Event(), 60)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
