"""The machine as the routes of the Hub see it: commands by the name of a Space."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal

from ..zero_gpu.service import ZeroGpu
from . import stages
from .health import Address
from .journal import Journal
from .lifecycle import Lifecycle
from .obstacles import NoObstacles, Obstacles
from .source import Runtime, SpaceSource, UnreadableSpaceError
from .workshop import Workshop


class StateFolderInUseError(RuntimeError):
    """Another Hub runs on the same state folder."""


class Supervisor:
    """Builds, runs, watches and stops the Spaces of one Hub."""

    def __init__(
        self,
        source: SpaceSource,
        state_folder: Path,
        cache_folder: Path,
        endpoint: Callable[[], str],
        zero_gpu: ZeroGpu | None = None,
        *,
        obstacles: Obstacles | None = None,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            source: the Hub's store.
            state_folder: logs, checkouts and homes go to `spaces/NAMESPACE/NAME` in it.
            cache_folder: Python environments, which other Hubs may share.
            endpoint: returns the Hub's own address, for the Spaces' `HF_ENDPOINT`.
            zero_gpu: what Spaces on hardware `zero-a10g` run on; None to ignore that hardware.
            obstacles: what may hold up builds and starts; nothing by default.
        """
        self._source = source
        self._state_folder = state_folder.resolve()
        self._workshop = Workshop(
            source, self._state_folder, cache_folder.resolve(), endpoint, zero_gpu
        )
        self._workshop.obstacles = obstacles or NoObstacles()
        self._spaces: dict[str, Lifecycle] = {}
        self._unreadable: dict[str, str] = {}
        self._opening = asyncio.Lock()
        self._lock: IO[str] | None = None

    async def start(self) -> None:
        """Stop what an earlier Hub left running, and take up all Spaces.

        Raises:
            StateFolderInUseError: another Hub runs on the state folder.
        """
        self._state_folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._state_folder / "machine.lock")
        await asyncio.to_thread(self._workshop.marker.sweep)
        for space in await asyncio.to_thread(self._source.spaces):
            try:
                await self._open(space, build=False)
            except UnreadableSpaceError as error:  # the other Spaces are as good as ever
                self._unreadable[space] = str(error)

    async def stop(self) -> None:
        """Stop every process of every Space; they are asleep at the next start."""
        await asyncio.gather(*(space.close() for space in self._spaces.values()))
        self._spaces.clear()
        if self._lock is not None:
            self._lock.close()

    def runtime(self, space: str) -> Runtime:
        """Return the runtime of a Space; one that was never announced has no app file."""
        known = self._spaces.get(space)
        if known is None and space in self._unreadable:
            return Runtime(stages.CONFIG_ERROR, error_message=self._unreadable[space])
        return known.runtime() if known else Runtime(stage=stages.NO_APP_FILE)

    async def created(self, space: str) -> None:
        """Take up a new Space, and build it if it has a commit already."""
        await self._open(space, build=True)

    async def pushed(self, space: str, revision: str) -> None:
        """Build and run a revision (full sha); the stage says so when this returns."""
        await (await self._open(space, build=False)).pushed(revision)

    async def restart(self, space: str, *, factory: bool = False) -> None:
        """Stop a Space and start it again, after a build without any cache if `factory`."""
        await (await self._open(space, build=False)).restart(factory=factory)

    async def pause(self, space: str) -> None:
        """Stop a Space until it is restarted or pushed to."""
        await (await self._open(space, build=False)).pause()

    async def settings_changed(self, space: str) -> None:
        """Restart the app, if there is one, with the same build and the new settings."""
        await (await self._open(space, build=False)).settings_changed()

    async def sleep_time_changed(self, space: str) -> None:
        """Count the new idle time from the last visit on; the app goes on."""
        await (await self._open(space, build=False)).sleep_time_changed()

    async def forget(self, space: str) -> None:
        """Stop a Space and delete its files here; for one that is deleted or renamed."""
        self._unreadable.pop(space, None)
        known = self._spaces.pop(space, None)
        if known is not None:
            await known.forget()

    def journal(self, space: str, kind: Literal["build", "run"]) -> Journal | None:
        """Return the newest log of a Space; None before the first."""
        known = self._spaces.get(space)
        return known.journal(kind) if known else None

    async def port(self, space: str, port: int) -> Address | None:
        """Return where a port of a running app really is, such as 7887 of its reload server."""
        known = self._spaces.get(space)
        return await known.port(port) if known else None

    async def _open(self, space: str, *, build: bool) -> Lifecycle:
        async with self._opening:
            if space not in self._spaces:
                lifecycle = Lifecycle(space, self._workshop)
                await lifecycle.open(build=build)
                self._spaces[space] = lifecycle
            return self._spaces[space]


def _lock(path: Path) -> IO[str]:
    """Return the file, locked for as long as it is open and this process lives."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        message = f"another Hub runs on {path.parent}"
        raise StateFolderInUseError(message) from error
    return file
