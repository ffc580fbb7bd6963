"""One run of a Space: its process, its log, and whether it answers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from . import stages
from .card import Card
from .health import Address, answers, explain, listeners, misplaced, serving
from .journal import Journal
from .launch_environment import Place, launch_environment
from .processes import GuardedProcess
from .source import SpaceSettings

PROBE_PAUSE = 0.3
REASON_CHARACTERS = 2000
SHORTEST_SECRET = 6
"""Shorter values, such as `1` or `true`, would blank out half of a log."""


class StartError(stages.SettledError):
    """The app did not become healthy; the message is the platform's `errorMessage`."""

    def __init__(self, message: str) -> None:
        super().__init__(stages.RUNTIME_ERROR, message)


@dataclass(frozen=True)
class Launch:
    """Everything needed to start a revision."""

    revision: str
    card: Card
    settings: SpaceSettings
    place: Place
    marker: str


class AppRun:
    """A started app. Made by `AppRun.start`, ended by `stop` or by itself."""

    def __init__(self, launch: Launch, journal: Journal) -> None:
        self.launch = launch
        self.journal = journal
        self.address: Address | None = None
        self._ports = launch.place.ports_folder
        self._ports.mkdir(parents=True)
        self._process: GuardedProcess | None = None
        self._warned = False

    @classmethod
    async def start(cls, launch: Launch, journal: Journal) -> AppRun:
        """Start the app; its output goes to `journal`, which is closed when the app has ended."""
        run = cls(launch, journal)
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        journal.write(f"===== Application Startup at {moment} =====\n\n")
        place, card = run.launch.place, launch.card
        run._process = await GuardedProcess.start(
            [place.python, card.app_file],
            place.app_folder,
            launch_environment(launch.settings, card, place),
            launch.marker,
            journal.write,
        )
        return run

    @property
    def folder(self) -> Path:
        """The checkout it runs in."""
        return self.launch.place.app_folder

    @property
    def differences(self) -> list[str]:
        """What the platform would not have accepted, as the start hook saw it."""
        path = self._ports / "differences"
        return path.read_text().splitlines() if path.is_file() else []

    async def healthy(self) -> None:
        """Wait until the app answers; its address is known from then on.

        Raises:
            StartError: it ended first, or took longer than its README allows.
        """
        allowed = self.launch.card.startup_seconds
        ended = asyncio.create_task(self.ended())
        probing = asyncio.create_task(self._probe())
        try:
            await asyncio.wait({ended, probing}, timeout=allowed, return_when="FIRST_COMPLETED")
            if ended.done():  # first: the end of an app takes away what a probe looks at
                raise StartError(ended.result())
            if not probing.done():
                spoken = f"{allowed / 60:g} min" if allowed % 60 == 0 else f"{allowed:g} s"
                raise StartError(f"Launch timed out, workload was not healthy after {spoken}")
            self.address = probing.result()
        finally:
            ended.cancel()
            probing.cancel()
            await asyncio.gather(ended, probing, return_exceptions=True)

    async def ended(self) -> str:
        """Wait for the end of the app; return the platform's message about it."""
        code = await self._running().wait()
        self._close()
        return f"Exit code: {code}. Reason: {self.journal.tail[-REASON_CHARACTERS:]}"

    async def stop(self) -> None:
        """Stop the app and everything it started."""
        await self._running().stop()
        self._close()

    async def port(self, port: int) -> Address | None:
        """Return where a port of the app really is, such as 7887 of its reload server."""
        found = await asyncio.to_thread(listeners, self._running().pid, self._ports)
        return next((one.real for one in found if one.port == port), None)

    async def _probe(self) -> Address:
        while True:
            found = await asyncio.to_thread(listeners, self._running().pid, self._ports)
            listener = serving(found)
            if listener is not None and await answers(listener.real):
                return listener.real
            stray = misplaced(found)
            if listener is None and stray is not None and not self._warned:
                self._warned = True
                self.journal.write(f"===== Rehearsal: {explain(stray)} =====\n")
            await asyncio.sleep(PROBE_PAUSE)

    def _running(self) -> GuardedProcess:
        if self._process is None:
            raise RuntimeError("the app was not started")
        return self._process

    def _close(self) -> None:
        self.journal.close()
        shutil.rmtree(self._ports, ignore_errors=True)


def redactor(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that takes the values of a Space's secrets out of a line of its log."""
    # The longest first: one value may be a part of another.
    pairs = sorted(secrets.items(), key=lambda pair: len(pair[1]), reverse=True)

    def redact(line: str) -> str:
        for name, value in pairs:
            if len(value) >= SHORTEST_SECRET:
                line = line.replace(value, f"[secret {name}]")
        return line

    return redact
