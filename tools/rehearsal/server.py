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
from .faults import process_faults
from .faults.machine import FaultySupervisor
from .hub import Hub
from .machine.confinement.probe import confinement
from .options import Options
from .read_through import ReadThrough
from .seeding import OWN_WORLD, seed_worlds
from .state import Identity, StateFolder
from .store.accounts import Tokens
from .store.database import Database
from .store.discussions import Discussions
from .store.environment import Environment
from .store.records import Records
from .store.repositories import Repositories
from .store.source import StoredSpaces
from .zero_gpu.service import ZeroGpu

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 7870
DEFAULT_OPTIONS = Options()
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


def open_hub(
    state: StateFolder, cache_folder: Path, port: int, options: Options = DEFAULT_OPTIONS
) -> Hub:
    """Return the Hub of a state folder that this process has locked; nothing runs yet.

    Raises WorldError when a world can't be seeded.
    """
    database = Database(state.database_file)
    repositories = Repositories(state.repositories_folder, Records(database))
    environment = Environment(database)
    worlds = (*((OWN_WORLD,) if options.world else ()), *options.worlds)
    endpoint = f"http://{ADDRESS}:{port}"
    tokens = Tokens.load(state.tokens_file)
    zero_gpu = ZeroGpu(
        state.folder / "zero_gpu.json",
        lambda: endpoint,
        tokens.account,
        lambda space: process_faults().is_active("quota-spent", space),
    )
    return Hub(
        identity=Identity(port, confinement=confinement().sentence),
        tokens=tokens,
        repositories=repositories,
        environment=environment,
        discussions=Discussions(database),
        machine=FaultySupervisor(
            StoredSpaces(repositories, environment),
            state.folder,
            cache_folder,
            lambda: endpoint,
            zero_gpu,
            faults=process_faults(),
        ),
        world=seed_worlds(repositories, worlds, state.folder / "world.json"),
        read_through=_reads_through(options, cache_folder),
        zero_gpu=zero_gpu,
    )


def _reads_through(options: Options, cache_folder: Path) -> ReadThrough | None:
    if not options.read_through:
        return None
    return ReadThrough(options.upstream, options.read_through, cache_folder)


def seed(state_folder: Path) -> None:
    """Prepare a state folder (tokens, database) without starting anything.

    Raises StateInUseError when a Hub uses the folder, DamagedStateError when a file is damaged.
    """
    state = StateFolder(state_folder)
    state.lock()
    state.check()
    Tokens.load(state.tokens_file)
    Database(state.database_file).close()
    state.release()


def serve(
    state_folder: Path,
    cache_folder: Path,
    port: int | None = None,
    options: Options = DEFAULT_OPTIONS,
) -> None:
    """Run a Hub until SIGTERM or SIGINT.

    Raises StateInUseError when another Hub uses the folder, DamagedStateError when a file in it is
    damaged, PortInUseError for a taken port, WorldError when a world can't be seeded.
    """
    state = StateFolder(state_folder)
    state.lock()
    try:
        state.check()
        with bind(port) as bound:
            hub = open_hub(state, cache_folder, bound.getsockname()[1], options)
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
