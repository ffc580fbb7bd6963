"""Spoils requests and answers on their way, outside of everything that makes them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import broken, bursts, too_many_requests
from .registry import Fault, Faults
from .transport import reset, set_date

EXEMPT = b"/api/rehearsal/"
"""Never spoiled: how faults are added and cleared, and how the Hub is recognised."""

SLOWEST_START_SECONDS = 2.0
PIECE, PIECE_SECONDS = 16 * 1024, 0.05
LONGEST_CUT_LOG = 5
LARGEST_SKEW_SECONDS = 2 * 3600


@dataclass(frozen=True)
class _Asked:
    """What a request is about, as far as faults tell requests apart."""

    space: str | None
    is_log: bool
    is_commit: bool

    @classmethod
    def of(cls, scope: Scope) -> _Asked:
        raw: bytes = scope["raw_path"]
        parts = [unquote(part) for part in raw.decode("latin-1").strip("/").split("/")]
        below = parts[1:] if parts[0] == "api" else parts
        is_api = below is not parts
        space = "/".join(below[1:3]) if below[0] == "spaces" and len(below) > 2 else None
        return cls(
            space=space,
            is_log=is_api and space is not None and below[3:4] == ["logs"],
            is_commit=is_api and scope["method"] == "POST" and below[3:4] == ["commit"],
        )


class FaultyConnections:
    """ASGI middleware, the outermost: it needs the `send` of uvicorn itself."""

    def __init__(self, app: ASGIApp, faults: Faults, stopping: asyncio.Event) -> None:
        self._app = app
        self._faults = faults
        self._stopping = stopping
        self._bursts: WeakKeyDictionary[Fault, Iterator[int | None]] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection, spoiled by what is active."""
        if scope["type"] != "http" or scope["raw_path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        if self._faults.all():
            await self._spoil(_Asked.of(scope), scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _spoil(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if skewed := self._faults.take("clock-skew", asked.space):
            set_date(send, _skew(skewed))
        answer: Send = send
        if slow := self._faults.take("slow-network", asked.space):
            await asyncio.sleep(slow.random.uniform(0.5, SLOWEST_START_SECONDS))
            answer = _in_pieces(send)
        if limited := self._faults.take("rate-limit", asked.space):
            await too_many_requests(limited)(scope, receive, answer)
        elif (status := self._broken(asked.space)) is not None:
            await broken(status)(scope, receive, answer)
        elif asked.is_commit and (torn := self._faults.take("reset-in-commit", asked.space)):
            await self._tear(torn, scope, receive, send)
        elif asked.is_log and (cut := self._faults.take("log-cut", asked.space)):
            await self._cut(cut, scope, receive, send)
        elif asked.is_log and (mute := self._faults.take("log-silent", asked.space)):
            await self._app(scope, receive, self._silent(mute, answer))
        else:
            await self._app(scope, receive, answer)

    def _broken(self, space: str | None) -> int | None:
        """Return the status of a server error, or None to let the request pass."""
        fault = self._faults.find("server-errors", space)
        if fault is None:
            return None
        if fault not in self._bursts:
            self._bursts[fault] = bursts(fault.random)
        status = next(self._bursts[fault])
        fault.happened += status is not None
        return status

    async def _tear(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset a commit: before it reached the Hub, or when it is stored and to be answered."""
        if fault.random.random() < 0.5:
            await receive()
        else:

            async def unheard(message: Message) -> None:
                pass

            await self._app(scope, receive, unheard)
        await reset(send)

    async def _cut(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset a log after a few events, or at its end when it has no more than that."""
        left = fault.random.randint(1, LONGEST_CUT_LOG)

        async def counted(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.body":
                left -= bool(message.get("body"))
                if left < 0 or not message.get("more_body"):
                    await reset(send)
                    return
            await send(message)

        await self._app(scope, receive, counted)

    def _silent(self, fault: Fault, send: Send) -> Send:
        """Return a `send` that lets only the head of an answer through until the fault is over."""

        async def held(message: Message) -> None:
            if message["type"] == "http.response.body":
                await _first(fault.over(), self._stopping.wait())
            await send(message)

        return held


def _skew(fault: Fault) -> float:
    """Return how many seconds the clock is off: the same for the whole fault, by its seed."""
    random = Random(fault.order.seed)  # noqa: S311 - repeatable, not secret
    return random.choice((-1, 1)) * random.uniform(60, LARGEST_SKEW_SECONDS)


def _in_pieces(send: Send) -> Send:
    """Return a `send` that passes a body on in small pieces with pauses."""

    async def slowly(message: Message) -> None:
        body: bytes = message.get("body", b"")
        while len(body) > PIECE:
            piece, body = body[:PIECE], body[PIECE:]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(PIECE_SECONDS)
        await send({**message, "body": body} if "body" in message else message)

    return slowly


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for the first of several coroutines; the others are cancelled."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
