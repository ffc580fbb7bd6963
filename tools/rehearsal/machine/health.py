"""Whether a started Space answers, and whether the one who answers is that Space."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from .launch_environment import PLATFORM_PORT

PROBE_SECONDS = 10.0
_LOOPBACK_ONLY = ("localhost", "127.", "::1")


@dataclass(frozen=True)
class Address:
    """A TCP address on this machine."""

    host: str
    port: int


@dataclass(frozen=True)
class Listener:
    """A port that a Space listens on, as the Space sees it."""

    port: int
    asked_host: str
    real: Address

    @property
    def reachable(self) -> bool:
        """Whether the platform, which connects from outside the container, would get through."""
        return not self.asked_host.startswith(_LOOPBACK_ONLY)


def listeners(guard_pid: int, ports_folder: Path) -> list[Listener]:
    """Return what the processes below a guard listen on. Ports of other processes are not theirs.

    A socket bound below Python (see the start hook) has no entry in `ports_folder` and appears
    under its real port. May take milliseconds: call it from a thread.
    """
    asked = dict(_asked(ports_folder))
    found = {}
    for address in _connections(guard_pid, psutil.CONN_LISTEN):
        port, host = asked.get(address.port, (address.port, address.host))
        found[port, address.host] = Listener(port, host, address)
    return list(found.values())


def has_visitors(guard_pid: int, address: Address) -> bool:
    """Whether somebody is connected to where the app answers. May take milliseconds."""
    established = _connections(guard_pid, psutil.CONN_ESTABLISHED)
    return any(connection.port == address.port for connection in established)


async def answers(address: Address) -> bool:
    """Whether GET / is answered with a status below 500 within `PROBE_SECONDS`."""
    try:
        return await asyncio.wait_for(_status(address), PROBE_SECONDS) < 500
    except (OSError, asyncio.TimeoutError, ValueError, asyncio.IncompleteReadError):
        return False


def serving(found: list[Listener]) -> Listener | None:
    """Return the listener that the platform would forward requests to."""
    return next((one for one in found if one.port == PLATFORM_PORT and one.reachable), None)


def misplaced(found: list[Listener]) -> Listener | None:
    """Return a listener that looks like the app, where the platform would not find it."""
    reload_server = 7887  # of the `spaces` package, started by Gradio itself
    others = [one for one in found if one.port != reload_server]
    on_port = [one for one in others if one.port == PLATFORM_PORT]
    return next(iter(on_port or [one for one in others if one.reachable]), None)


def explain(listener: Listener) -> str:
    """Return the sentence for a misplaced app."""
    if listener.port == PLATFORM_PORT:
        return (
            f"the app listens on {listener.asked_host} only, where the platform cannot reach it; "
            "it must listen on 0.0.0.0"
        )
    return (
        f"the app listens on port {listener.port}; the platform forwards only {PLATFORM_PORT}, "
        "so the app never becomes healthy"
    )


def _asked(ports_folder: Path) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yield real port -> (port asked for, host asked for), as the start hook wrote them down."""
    with contextlib.suppress(FileNotFoundError):  # the app has just ended
        for path in ports_folder.iterdir():
            if path.name.isdigit():
                real, _, host = path.read_text().strip().partition(" ")
                yield int(real), (int(path.name), host)


def _connections(guard_pid: int, status: str) -> Iterator[Address]:
    """Yield the near end of each TCP connection of the processes below a guard."""
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(guard_pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                for connection in process.net_connections(kind="tcp"):
                    if connection.status == status:
                        yield Address(connection.laddr.ip, connection.laddr.port)


async def _status(address: Address) -> int:
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        host = f"{address.host}:{address.port}"
        request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: */*\r\n\r\n"
        writer.write(request.encode())
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
    protocol, _, rest = line.decode("latin-1").partition(" ")
    if not protocol.startswith("HTTP/"):
        raise ValueError("no HTTP answer")
    return int(rest[:3])
