"""A real server between a client and the rehearsal Hub, which can spoil the answer to a commit."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


def _nothing() -> None:
    return None


@dataclass
class Between:
    """Passes bytes on, except that `loses` says which half of a commit's exchange is lost.

    `delay` holds the answer to a commit back, in seconds; `at_commit` runs before the commit is
    passed on, or instead of it.
    """

    hub: str
    loses: str | None = None
    delay: float = 0.0
    at_commit: Callable[[], object] = _nothing
    commits: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def accept(self) -> None:
        """Serve until closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def close(self) -> None:
        # A close alone does not wake a thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        address = urlsplit(self.hub)
        known, own = address.netloc.encode(), urlsplit(self.endpoint).netloc.encode()
        with client, socket.create_connection(("127.0.0.1", address.port or 80)) as hub:
            is_commit = threading.Event()
            answers = threading.Thread(target=self._answer, args=(hub, client, is_commit))
            answers.start()
            with contextlib.suppress(OSError):
                while data := client.recv(65536):
                    if data.startswith(b"POST ") and b"/commit/" in data.partition(b"\r\n")[0]:
                        is_commit.set()
                        self.commits += 1
                        self.at_commit()
                        if self.loses == "request":
                            break
                    # The Hub answers to its own name alone.
                    hub.sendall(data.replace(b"ost: " + own, b"ost: " + known))
            with contextlib.suppress(OSError):
                hub.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _answer(
        self, hub: socket.socket, client: socket.socket, is_commit: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := hub.recv(65536):
                if is_commit.is_set():
                    is_commit.clear()
                    time.sleep(self.delay)
                    if self.loses == "answer":
                        break
                client.sendall(data)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(hub: str) -> Iterator[Between]:
    """A server in front of the Hub at `hub`, open while the block runs."""
    made = Between(hub)
    threading.Thread(target=made.accept, daemon=True).start()
    try:
        yield made
    finally:
        made.close()
