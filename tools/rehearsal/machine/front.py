"""The address of a Space: one port for its whole life, whoever answers behind it.

Bytes are passed on untouched, so that server-sent events, websockets and uploads just work. Only
requests to an app on ZeroGPU get one header more, as from the platform's proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
from collections.abc import Awaitable, Callable

from ..zero_gpu.stamping import Vouch, pass_requests
from .health import Address

HOST = "127.0.0.1"
_CHUNK = 64 * 1024
_REQUEST_SECONDS = 10.0
_LARGEST_HEAD = 64 * 1024


class Unavailable(Exception):  # noqa: N818 - an answer, not an error of this program
    """Nobody answers behind the front; the text is the Space's stage."""


Resolver = Callable[[], Awaitable[Address]]
"""Returns where the app is, after waking it if it sleeps; raises `Unavailable`."""


Vouching = Callable[[], Vouch | None]
"""Returns who vouches for visitors, while the app runs where visitors are told apart."""


class Front:
    """A listening port on the loopback address that leads to a Space."""

    def __init__(self, space: str, resolve: Resolver, vouching: Vouching = lambda: None) -> None:
        self._space = space
        self._resolve = resolve
        self._vouching = vouching
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self, port: int) -> int:
        """Listen on `port`, or on a new one if it is 0 or taken; return the port."""
        try:
            self._server = await asyncio.start_server(self._accept, HOST, port)
        except OSError:
            if port == 0:
                raise
            self._server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def close(self) -> None:
        """Stop listening and end all connections."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            address = await self._resolve()
            inner_reader, inner_writer = await asyncio.open_connection(address.host, address.port)
        except Unavailable as unavailable:
            await self._refuse(reader, writer, str(unavailable))
        except OSError:
            await self._refuse(reader, writer, "not answering")
        else:
            await _splice((reader, writer), (inner_reader, inner_writer), self._vouching())
        finally:
            await _close(writer)

    async def _refuse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stage: str
    ) -> None:
        """Answer one request with a page that names the stage."""
        with contextlib.suppress(OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            # An answer sent before the request was read can be lost with the connection.
            await asyncio.wait_for(_read_head(reader), _REQUEST_SECONDS)
            writer.write(_page(self._space, stage))
            await writer.drain()


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _splice(outer: Stream, inner: Stream, vouch: Vouch | None) -> None:
    """Pass bytes both ways until both ends have finished."""
    inward = _pass_stamped(outer[0], inner[1], vouch) if vouch else _pass_on(outer[0], inner[1])
    try:
        await asyncio.gather(inward, _pass_on(inner[0], outer[1]))
    finally:
        await _close(inner[1])


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on, then say that there will be no more."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_CHUNK):
            writer.write(piece)
            await writer.drain()
    _say_end(writer)


async def _pass_stamped(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, vouch: Vouch
) -> None:
    """Pass requests on with the visitor's token, then say that there will be no more."""
    with contextlib.suppress(OSError):
        await pass_requests(reader, writer, vouch)
    _say_end(writer)


def _say_end(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


async def _read_head(reader: asyncio.StreamReader) -> None:
    """Read a request up to the empty line that ends its head."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LARGEST_HEAD:
        piece = await reader.read(_CHUNK)
        if not piece:
            return
        head += piece


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _page(space: str, stage: str) -> bytes:
    title = html.escape(f"{space}: {stage}")
    body = (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"
        "<p>Nothing answers here now. The Space's build log and run log say more.</p>"
    ).encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nRetry-After: 2\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
