"""Starting a rehearsal Hub, keeping it running, and stopping it cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from .app import create_app
from .hub import Hub
from .machine.supervisor import Supervisor
from .state import Identity, StateFolder
from .store.accounts import Tokens
from .store.database import Database
from .store.discussions import Discussions
from .store.environment import Environment
from .store.records import Records
from .store.repositories import Repositories
from .store.source import StoredSpaces

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 7870
GRACE_SECONDS = 5
"""How long running requests may take once the Hub was asked to stop."""


class PortInUseError(RuntimeError):
    """The port that was demanded belongs to another process."""


def bind(port: int | None) -> socket.socket:
    """Return a socket bound to 127.0.0.1.

    With None the default port is tried first, then any free one. Raises PortInUseError when a
    demanded port is taken.
    """
    try:
        return _bound(DEFAULT_PORT if port is None else port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        if port is not None:
            raise PortInUseError(f"port {port} is in use; name another one or none") from error
        return _bound(0)


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((ADDRESS, port))
        # From here on a second process can't bind the port, SO_REUSEADDR or not.
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def open_hub(state: StateFolder, cache_folder: Path, port: int) -> Hub:
    """Return the Hub of a state folder that this process has locked; nothing runs yet."""
    database = Database(state.database_file)
    repositories = Repositories(state.repositories_folder, Records(database))
    environment = Environment(database)
    endpoint = f"http://{ADDRESS}:{port}"
    return Hub(
        identity=Identity(port),
        tokens=Tokens.load(state.tokens_file),
        repositories=repositories,
        environment=environment,
        discussions=Discussions(database),
        machine=Supervisor(
            StoredSpaces(repositories, environment), state.folder, cache_folder, lambda: endpoint
        ),
    )


def seed(state_folder: Path) -> None:
    """Prepare a state folder (tokens, database) without starting anything.

    Raises StateInUseError when a Hub uses the folder.
    """
    state = StateFolder(state_folder)
    state.lock()
    Tokens.load(state.tokens_file)
    Database(state.database_file).close()
    state.release()


def serve(state_folder: Path, cache_folder: Path, port: int | None = None) -> None:
    """Run a Hub until SIGTERM or SIGINT.

    Raises StateInUseError when another Hub uses the folder, PortInUseError for a taken port.
    """
    state = StateFolder(state_folder)
    state.lock()
    try:
        with bind(port) as bound:
            hub = open_hub(state, cache_folder, bound.getsockname()[1])
            asyncio.run(_Server(hub, state).serve([bound]))
    finally:
        state.release()


class _Server(uvicorn.Server):
    """Uvicorn, which announces the Hub once it is up and ends endless answers when it stops."""

    def __init__(self, hub: Hub, state: StateFolder) -> None:
        config = uvicorn.Config(
            create_app(hub),
            http="h11",
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._hub = hub
        self._state = state

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the world."""
        await super().startup(sockets)
        self._state.announce(self._hub.identity)
        sys.stdout.write(f"Rehearsal Hub: {self._hub.endpoint} (state: {self._state.folder})\n")
        sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT; unlike uvicorn's own, this ends with exit code 0."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True
        self._hub.stopping.set()
