"""Everything a route needs, in one object."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from .faults.registry import Faults, process_faults
from .machine.source import Runtime
from .read_through import ReadThrough
from .search import SearchIndex
from .seeding.facts import World
from .state import Identity
from .store.accounts import Tokens
from .store.discussions import Discussions
from .store.environment import Environment
from .store.repositories import Repositories
from .tickets import Tickets
from .weights import WeightSummaries
from .zero_gpu.service import ZeroGpu

LogKind = Literal["build", "run"]


class Log(Protocol):
    """A log of the machine: replayed whole, then followed."""

    def follow(self) -> AsyncIterator[dict[str, str]]:
        """Yield `{"data", "timestamp"}` from the first line on; end when the log is closed."""
        ...


class Machine(Protocol):
    """What builds and runs Spaces; `machine.supervisor.Supervisor` is the real one."""

    async def start(self) -> None:
        """Take up all Spaces."""
        ...

    async def stop(self) -> None:
        """Stop every process of every Space."""
        ...

    def runtime(self, space: str) -> Runtime:
        """Return what the platform would say of a Space now."""
        ...

    async def created(self, space: str) -> None:
        """Take up a new Space."""
        ...

    async def pushed(self, space: str, revision: str) -> None:
        """Build and run a revision; the stage says so when this returns."""
        ...

    async def restart(self, space: str, *, factory: bool = False) -> None:
        """Stop a Space and start it again."""
        ...

    async def pause(self, space: str) -> None:
        """Stop a Space until it is restarted."""
        ...

    async def settings_changed(self, space: str) -> None:
        """Restart the app with the settings as they are now."""
        ...

    async def sleep_time_changed(self, space: str) -> None:
        """Let the app sleep after the idle time as it is set now."""
        ...

    async def forget(self, space: str) -> None:
        """Stop a Space and delete its files."""
        ...

    def journal(self, space: str, kind: LogKind) -> Log | None:
        """Return the newest log of a kind, or None before the first."""
        ...


@dataclass
class Hub:
    """A running rehearsal Hub."""

    identity: Identity
    tokens: Tokens
    repositories: Repositories
    environment: Environment
    discussions: Discussions
    machine: Machine
    zero_gpu: ZeroGpu
    world: World = field(default_factory=World)
    """What is known of the seeded repositories."""
    read_through: ReadThrough | None = None
    """Where missing models and datasets are fetched from; None when they are not."""
    index: SearchIndex = field(default_factory=SearchIndex)
    weights: WeightSummaries = field(default_factory=WeightSummaries)
    faults: Faults = field(default_factory=process_faults)
    tickets: Tickets = field(default_factory=Tickets)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the Hub is asked to stop, so that endless answers end."""

    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from counting a namespace's Spaces until the new one is stored."""

    @property
    def endpoint(self) -> str:
        """The Hub's address, what clients get as `HF_ENDPOINT`."""
        return f"http://127.0.0.1:{self.identity.port}"
