"""HTTP/1.1 requests on their way to an app, each with the visitor's token added.

Only the head of a request is read and written anew, with one more line. Bodies, answers and
whatever follows an upgrade (websockets) pass as they come, and so does everything that is not
understood: the app may judge it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

HEADER = "x-ip-token"
"""The header of the platform's proxy. One that a visitor sends passes: Spaces that call Spaces
forward it (hub-docs, 2026-08-22), and it counts only with this Hub's signature."""

ACCESS_HEADERS = ("x-hf-authorization", "authorization")
"""Where an access token is: gradio_client 2.7 sends the first, other programs the second."""

Vouch = Callable[[str], str | None]
"""Returns the visitor token for an access token."""

_CHUNK = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_NEW_LINE = b"\r\n"
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}(?=[;\r \t])")


@dataclass(frozen=True)
class Head:
    """What the head of a request says about itself."""

    headers: dict[str, str]
    """By lower-case name; of several lines of a name, the last."""

    @classmethod
    def parse(cls, raw: bytes) -> Head | None:
        """Return a head, or None for bytes that are not one of HTTP/1.1 or 1.0."""
        request, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        words = request.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return None
        pairs = [line.partition(":") for line in lines]
        if not all(colon and name and name == name.strip() for name, colon, _ in pairs):
            return None
        return cls({name.lower(): value.strip() for name, _, value in pairs})

    @property
    def is_upgrade(self) -> bool:
        """Whether another protocol follows."""
        return "upgrade" in self.headers.get("connection", "").lower()

    @property
    def is_chunked(self) -> bool:
        """Whether a body in chunks follows."""
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    @property
    def length(self) -> int | None:
        """How many bytes of body follow; None when that is not understood."""
        if "transfer-encoding" in self.headers:
            return None
        said = self.headers.get("content-length", "0")
        return int(said) if said.isascii() and said.isdecimal() else None

    @property
    def access_token(self) -> str | None:
        """The access token of whoever sends the request."""
        for name in ACCESS_HEADERS:
            scheme, _, token = self.headers.get(name, "").partition(" ")
            if scheme.lower() == "bearer" and token:
                return token.strip()
        return None


async def pass_requests(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, vouch: Vouch
) -> None:
    """Pass the requests of one connection on, each stamped; returns when they end.

    Raises OSError when either side is gone.
    """
    try:
        while await _pass_request(reader, writer, vouch):
            pass
    except asyncio.IncompleteReadError as ended:
        writer.write(ended.partial)
    except asyncio.LimitOverrunError:  # a line too long to wait for its end
        await _pass_rest(reader, writer)


async def _pass_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, vouch: Vouch
) -> bool:
    """Pass one request on; False when no other will be understood on this connection."""
    raw = await reader.readuntil(_END_OF_HEAD)
    head = Head.parse(raw)
    writer.write(raw if head is None else stamped(raw, head, vouch))
    await writer.drain()
    if head is None or head.is_upgrade or (head.length is None and not head.is_chunked):
        await _pass_rest(reader, writer)
        return False
    if head.is_chunked:
        return await _pass_chunks(reader, writer)
    await _pass_exactly(reader, writer, head.length or 0)
    return True


def stamped(raw: bytes, head: Head, vouch: Vouch) -> bytes:
    """Return the head of a request with the visitor's token, if there is one to add."""
    access_token = head.access_token
    if access_token is None or HEADER in head.headers:
        return raw
    token = vouch(access_token)
    if token is None:
        return raw
    return raw[: -len(_NEW_LINE)] + f"{HEADER}: {token}\r\n\r\n".encode()


async def _pass_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Pass a body in chunks on; False when its form is not understood any more."""
    while True:
        line = await reader.readuntil(_NEW_LINE)
        writer.write(line)
        size = _CHUNK_SIZE.match(line)
        if size is None:
            await _pass_rest(reader, writer)
            return False
        if int(size[0], 16) == 0:
            return await _pass_trailer(reader, writer)
        await _pass_exactly(reader, writer, int(size[0], 16) + len(_NEW_LINE))


async def _pass_trailer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    line = b""
    while line != _NEW_LINE:
        line = await reader.readuntil(_NEW_LINE)
        writer.write(line)
    await writer.drain()
    return True


async def _pass_exactly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, size: int
) -> None:
    while size > 0:
        piece = await reader.read(min(size, _CHUNK))
        if not piece:
            raise asyncio.IncompleteReadError(b"", size)
        writer.write(piece)
        await writer.drain()
        size -= len(piece)


async def _pass_rest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_CHUNK):
        writer.write(piece)
        await writer.drain()
