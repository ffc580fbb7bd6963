"""Requests on their way to a Space: one header more, and every other byte as it was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.rehearsal.zero_gpu.stamping import Head, pass_requests

TOKEN = "a.visitor.token"
ADDED = f"x-ip-token: {TOKEN}\r\n".encode()


class Collected(asyncio.StreamWriter):
    """Keeps what is written."""

    def __init__(self) -> None:
        self.bytes = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.bytes += bytes(data)

    async def drain(self) -> None:
        return

    def __del__(self) -> None:
        return


def vouch(access_token: str) -> str | None:
    return TOKEN if access_token == "known" else None


async def passed(pieces: list[bytes]) -> bytes:
    """Return what arrives when `pieces` are sent."""
    reader, writer = asyncio.StreamReader(), Collected()
    task = asyncio.create_task(pass_requests(reader, writer, vouch))
    for piece in pieces:
        reader.feed_data(piece)
        await asyncio.sleep(0)
    reader.feed_eof()
    await task
    return writer.bytes


@dataclass(frozen=True)
class Sent:
    """A request, and what of it should arrive."""

    head: bytes
    body: bytes
    known: bool

    @property
    def raw(self) -> bytes:
        return self.head + b"\r\n" + self.body

    @property
    def expected(self) -> bytes:
        return self.head + (ADDED if self.known else b"") + b"\r\n" + self.body


def chunked(parts: list[bytes]) -> bytes:
    chunks = (f"{len(part):x};note=1\r\n".encode() + part + b"\r\n" for part in parts if part)
    return b"".join(chunks) + b"0\r\nTrailer: x\r\n\r\n"


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    token = draw(st.sampled_from(["", "known", "unknown"]))
    name = draw(st.sampled_from(["Authorization", "x-hf-authorization"]))
    # What looks like the end of a head, or like another request, may be in any body.
    body = draw(st.lists(st.binary() | st.just(b"\r\n\r\nGET / HTTP/1.1\r\n\r\n"), max_size=3))
    is_chunked = draw(st.booleans())
    framing = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: %d"
    plain = b"".join(body)
    head = b"POST /queue/join HTTP/1.1\r\nHost: h\r\n"
    head += (framing if is_chunked else framing % len(plain)) + b"\r\n"
    head += f"{name}: Bearer {token}\r\n".encode() if token else b""
    return Sent(head, chunked(body) if is_chunked else plain, token == "known")


@given(st.lists(requests(), max_size=4), st.integers(1, 50))
@settings(max_examples=80, deadline=None)
def test_every_request_of_a_connection_is_stamped(sent: list[Sent], size: int) -> None:
    raw = b"".join(request.raw for request in sent)
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    assert asyncio.run(passed(pieces)) == b"".join(request.expected for request in sent)


@given(st.binary(max_size=300), st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_what_is_not_http_passes_as_it_is(raw: bytes, size: int) -> None:
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    assert asyncio.run(passed(pieces)) == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nAuthorization: Bearer known\r\nX-IP-Token: mine\r\n\r\n",
        b"GET / HTTP/1.1\r\nAuthorization: Basic known\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header : x\r\nAuthorization: Bearer known\r\n\r\nrest",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n\r\nrest",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort",
        b"GET / HTTP/1.1\r\nHost: " + b"x" * 200_000,
    ],
)
async def test_what_must_arrive_untouched(raw: bytes) -> None:
    assert await passed([raw]) == raw


async def test_a_websocket_is_stamped_once_and_then_left_alone() -> None:
    head = (
        b"GET / HTTP/1.1\r\nAuthorization: Bearer known\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\n"
    )
    frames = b"\x81\x05\r\n\r\nGET / HTTP/1.1\r\nAuthorization: Bearer known\r\n\r\n"
    assert await passed([head + b"\r\n" + frames]) == head + ADDED + b"\r\n" + frames


def test_a_head_without_a_length_has_no_body() -> None:
    head = Head.parse(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert head is not None
    assert (head.length, head.is_chunked, head.access_token) == (0, False, None)
