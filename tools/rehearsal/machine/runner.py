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
from .confinement import profiles
from .confinement.probe import confinement
from .confinement.view import View
from .health import Address, answers, explain, has_visitors, listeners, misplaced, serving
from .journal import Journal
from .launch_environment import START_HOOK_FOLDER, Place, certificates, launch_environment
from .limits import limits_of
from .metering import Meter, kill_below
from .processes import GuardedProcess
from .source import SpaceSettings

PROBE_PAUSE = 0.3
REASON_CHARACTERS = 2000
NO_GPU_FUNCTION = "No @spaces.GPU function detected during startup"
"""What the platform says of an app on ZeroGPU that sent no startup report (2026-07)."""

LAUNCHED = "* Running on local URL"

NOT_INITIALIZED = "application does not seem to be initialized"
"""The reason for an app that ended without an error (huggingface_hub#3143, 2025-06-04)."""

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
        self._meter: asyncio.Task[None] | None = None
        self._verdict: str | None = None
        self._explained: list[str] = []

    @classmethod
    async def start(cls, launch: Launch, journal: Journal) -> AppRun:
        """Start the app; its output goes to `journal`, which is closed when the app has ended."""
        run = cls(launch, journal)
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        journal.write(f"===== Application Startup at {moment} =====\n\n")
        place, card = run.launch.place, launch.card
        if place.zero_gpu is not None and place.zero_gpu.warning is not None:
            journal.write(f"===== Rehearsal: {place.zero_gpu.warning} =====\n")
        sentence = await asyncio.to_thread(lambda: confinement().sentence)
        journal.write(f"rehearsal: {sentence}\n")
        run._process = await GuardedProcess.start(
            [place.python, card.app_file],
            place.app_folder,
            launch_environment(launch.settings, card, place),
            launch.marker,
            journal.write,
            await asyncio.to_thread(run._view),
        )
        run._meter = asyncio.create_task(run._watch_limits())
        return run

    def _view(self) -> View:
        place = self.launch.place
        seen = profiles.AppPlace(
            place.home, place.app_folder, place.python, place.ports_folder, START_HOOK_FOLDER
        )
        return profiles.of_app(seen, certificates())

    @property
    def folder(self) -> Path:
        """The checkout it runs in."""
        return self.launch.place.app_folder

    @property
    def differences(self) -> list[str]:
        """What the platform does not accept, as the start hook and the health probe saw it."""
        path = self._ports / "differences"
        seen = path.read_text().splitlines() if path.is_file() else []
        return list(dict.fromkeys([*self._explained, *seen]))

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
            await self._require_startup_report()
            self.address = probing.result()
        finally:
            ended.cancel()
            probing.cancel()
            await asyncio.gather(ended, probing, return_exceptions=True)

    async def _require_startup_report(self) -> None:
        """Fail as on ZeroGPU when no decorated function was announced by `launch`."""
        zero_gpu = self.launch.place.zero_gpu
        if zero_gpu is not None and not await zero_gpu.device.reported():
            if LAUNCHED in self.journal.tail:
                # The platform's log of such an app ends like this, and does not say why.
                self.journal.write("Stopping Node.js server...\n")
            raise StartError(NO_GPU_FUNCTION)

    async def ended(self) -> str:
        """Wait for the end of the app; return the platform's message about it."""
        code = await self._running().wait()
        self._close()
        if self._verdict is not None:
            return self._verdict
        reason = self.journal.tail[-REASON_CHARACTERS:] if code else NOT_INITIALIZED
        return f"Exit code: {code}. Reason: {reason}"

    async def stop(self) -> None:
        """Stop the app and everything it started."""
        await self._running().stop()
        self._close()

    async def is_visited(self) -> bool:
        """Return whether a visitor is connected right now."""
        address, pid = self.address, self._running().pid
        return address is not None and await asyncio.to_thread(has_visitors, pid, address)

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
            if listener is None and stray is not None and not self._explained:
                self._explained.append(explain(stray))
                self.journal.write(f"===== Rehearsal: {explain(stray)} =====\n")
            await asyncio.sleep(PROBE_PAUSE)

    async def _watch_limits(self) -> None:
        """End the app at once when it uses more than its hardware has."""
        place, limits = self.launch.place, limits_of(self.launch.settings)
        for complaint in limits.complaints:
            self.journal.write(f"===== Rehearsal: {complaint} =====\n")
        pid = self._running().pid
        exceeded = await Meter(pid, [place.home, place.app_folder], limits).exceeded()
        self._verdict = exceeded.message
        await asyncio.to_thread(kill_below, pid)

    def _running(self) -> GuardedProcess:
        if self._process is None:
            raise RuntimeError("the app was not started")
        return self._process

    def _close(self) -> None:
        if self.launch.place.zero_gpu is not None:
            self.launch.place.zero_gpu.device.close()
        if self._meter is not None:
            self._meter.cancel()
        self.journal.close()
        self._explained = self.differences
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
