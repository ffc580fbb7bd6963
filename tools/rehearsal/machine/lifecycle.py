"""The life of one Space: what it was asked to do, what it does, and what it says of itself.

Commands write down a plan, set the stage and return; one task per Space carries plans out, one
after the other. A newer plan takes the place of one that waits: it is looked for after a build,
and it interrupts a start.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from dataclasses import replace
from typing import Any, Literal

from ..zero_gpu.device import Device
from ..zero_gpu.service import FLAVOR as ZERO_GPU
from ..zero_gpu.stamping import Vouch
from . import stages
from .build import heading
from .differences import known_differences
from .front import HOST, Front, Unavailable
from .health import Address
from .idleness import Idleness
from .journal import Journal, JournalShelf
from .launch_environment import Place
from .notes import Notes
from .plan import Plan
from .runner import AppRun, Launch, redactor
from .serving import Serving
from .source import Runtime, SpaceSettings
from .static_site import StaticSite
from .tasks import Background, cancel, done_before
from .workshop import NotBuiltError, ReadyApp, ReadySite, Request, Workshop

WAKE_SECONDS = 120.0
"""How long a visitor who wakes a Space is kept waiting."""

_RUN_BY_SETTINGS = frozenset(
    {stages.RUNNING, stages.APP_STARTING, stages.RUNNING_APP_STARTING, stages.RUNTIME_ERROR}
)
"""Stages in which an app was started with settings that may have changed since."""

_log = logging.getLogger(__name__)


class Lifecycle:
    """One Space of the machine."""

    def __init__(self, space: str, workshop: Workshop) -> None:
        self.space = space
        self._workshop = workshop
        self._source = workshop.source
        self._folder = workshop.folder(space)
        self._journals = {kind: JournalShelf(self._folder, kind) for kind in ("build", "run")}
        self._front = Front(space, self._resolve, self._vouching)
        self._serving = Serving(self._app_ended)
        self._notes = Notes()
        self._commands = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._settings: SpaceSettings | None = None
        self._plan: Plan | None = None
        self._replanned = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._waking = False
        self._starting: AppRun | None = None
        self._device: Device | None = None
        self._idleness = Idleness(self._when_idle, self._serving.is_visited, self._fall_asleep)
        self._background = Background()

    async def open(self, *, build: bool) -> None:
        """Take up what is remembered of this Space: its port, its stage, an unfinished build.

        Args:
            build: whether a Space that nothing is remembered of is built at once, or at its
                first visitor.
        """
        stored = await asyncio.to_thread(self._source.recall, self.space)
        self._notes = Notes.read(stored)
        await self._load_settings()
        await asyncio.to_thread(self._workshop.clear_ports, self.space)
        self._notes.port = await self._front.open(self._notes.port)
        head = await self._head()
        stage = self._notes.stage
        if stage in stages.BEING_BUILT or (build and not stored and head):
            await self.pushed(head)
        elif stage == stages.RUNNING and self._is_static:
            await self._submit(Plan(head, build=False))
        elif stage in stages.ASLEEP_AFTER_RESTART or (not stored and head):
            self._enter(stages.SLEEPING)
        await self._save()

    def runtime(self) -> Runtime:
        """Return what the platform would say of the Space now."""
        app = self._serving.app
        asked = self._settings.hardware if self._settings and not self._is_static else None
        return Runtime(
            stage=self._notes.stage,
            revision=app.launch.revision if app else None,
            error_message=self._notes.error,
            hardware_current=app.launch.settings.hardware if app else None,
            hardware_requested=asked,
            host=f"http://{HOST}:{self._front.port}",
            facts={**self._notes.facts, **self._of_device(), "differences": self._differences()},
        )

    def journal(self, kind: Literal["build", "run"]) -> Journal | None:
        """Return the newest log of a kind; None before the first."""
        return self._journals[kind].latest

    async def pushed(self, revision: str | None) -> None:
        """Build and run a revision; what serves now goes on until the new one does."""
        async with self._commands:
            # "A paused Space stops executing until manually restarted by its owner"
            # (huggingface_hub 2.4.0, HfApi.pause_space).
            if self._notes.stage != stages.PAUSED:
                self._enter(stages.building(self._serving.address is not None))
                await self._submit(Plan(revision, build=True))

    async def restart(self, *, factory: bool) -> None:
        """Stop, then run the newest revision; `factory` builds it without any cache first."""
        async with self._commands:
            await self._restart(factory=factory)

    async def _restart(self, *, factory: bool) -> None:
        await self._load_settings()
        head = await self._head()
        self._enter(stages.BUILDING if factory else stages.APP_STARTING)
        await self._submit(Plan(head, build=factory, afresh=factory, stop_first=True))

    async def settings_changed(self) -> None:
        """Read the settings again; restart the app if it was started with the old ones."""
        async with self._commands:
            await self._load_settings()
            if self._notes.stage in _RUN_BY_SETTINGS and not self._is_static:
                await self._restart(factory=False)

    async def sleep_time_changed(self) -> None:
        """Read the settings again; the app goes on, and may sleep at another time."""
        async with self._commands:
            await self._load_settings()
            self._idleness.changed()

    async def pause(self) -> None:
        """Stop everything; a restart or a push ends the pause."""
        async with self._commands:
            await self._halt()
            self._enter(stages.PAUSED)
            await self._save()

    async def close(self) -> None:
        """Stop everything because the Hub stops; what is remembered stays as it is."""
        async with self._commands:
            await self._halt()
        await self._front.close()
        await self._background.wait()

    async def forget(self) -> None:
        """Stop everything and delete every file of the Space."""
        await self.close()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def port(self, port: int) -> Address | None:
        """Return where a port of the running app really is; None if it does not listen there."""
        app = self._serving.app
        return await app.port(port) if app else None

    @property
    def _is_on_zero_gpu(self) -> bool:
        return self._settings is not None and self._settings.hardware == ZERO_GPU

    def _of_device(self) -> dict[str, Any]:
        """Return what the newest run on ZeroGPU showed, also after it has ended."""
        return {"zeroGpu": self._device.evidence.told()} if self._device else {}

    def _vouching(self) -> Vouch | None:
        """Return who vouches for visitors of an app on ZeroGPU; nobody does elsewhere."""
        app, zero_gpu = self._serving.app, self._workshop.zero_gpu
        is_there = app is not None and app.launch.place.zero_gpu is not None
        return zero_gpu.visitor_token if zero_gpu is not None and is_there else None

    @property
    def _is_static(self) -> bool:
        created_as = self._settings.sdk if self._settings else None
        return (self._notes.sdk or created_as) == "static"

    # The worker.

    async def _submit(self, plan: Plan) -> None:
        self._plan = plan
        self._replanned.set()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
            self._worker.add_done_callback(self._worker_ended)
            await asyncio.sleep(0)  # so that a new log is there when the command returns
        await self._save()

    async def _work(self) -> None:
        while (plan := self._plan) is not None:
            self._plan = None
            self._replanned.clear()
            try:
                await self._carry_out(plan)
            except stages.SettledError as settled:
                if self._plan is None:
                    await self._serving.stop()
                    self._settle(settled)
            await self._save()

    def _worker_ended(self, worker: asyncio.Task[None]) -> None:
        """Never stay in a stage that others wait for, whatever went wrong."""
        self._waking = False
        error = None if worker.cancelled() else worker.exception()
        if error is not None:
            _log.error("The rehearsal of %s failed.", self.space, exc_info=error)
            self._enter(stages.BUILD_ERROR, f"The rehearsal itself failed: {error!r}")

    async def _carry_out(self, plan: Plan) -> None:
        if plan.revision is None:
            raise stages.SettledError(stages.NO_APP_FILE, "The repository has no commit")
        journal = self._begin_build(plan.revision) if plan.build else None
        if plan.stop_first:
            await self._serving.stop()
        if journal is not None:
            waiting = self._workshop.obstacles.before_build(self.space)
            if not await done_before(waiting, self._replanned):
                journal.close()
                return
        try:
            ready = await self._prepare(plan, plan.revision, journal)
        except NotBuiltError:
            self._enter(stages.building(self._serving.address is not None))
            await self._carry_out(replace(plan, build=True))
            return
        if self._plan is None:
            await self._start(ready)

    async def _prepare(
        self, plan: Plan, revision: str, journal: Journal | None
    ) -> ReadyApp | ReadySite:
        await self._load_settings()
        in_use = self._serving.folders
        request = Request(
            self.space,
            revision,
            in_use,
            journal,
            afresh=plan.afresh,
            on_zero_gpu=self._is_on_zero_gpu,
        )
        try:
            return await self._workshop.prepare(request)
        except stages.SettledError as settled:
            if journal is not None and "--> ERROR" not in journal.tail:
                journal.write(f"--> ERROR: {settled.message}\n")
            raise
        finally:
            if journal is not None:
                journal.close()

    def _begin_build(self, revision: str) -> Journal:
        journal = self._journals["build"].begin()
        journal.write(heading(revision))
        return journal

    async def _start(self, ready: ReadyApp | ReadySite) -> None:
        self._notes.sdk = ready.card.sdk
        if isinstance(ready, ReadySite):
            self._notes.facts = {}
            site = StaticSite(ready.folder, ready.card)
            await site.start()
            self._serving.swap(site)
        else:
            self._notes.facts = ready.facts
            if not await self._start_app(ready):
                return
        self._enter(stages.RUNNING)

    async def _start_app(self, ready: ReadyApp) -> bool:
        """Start an app and let it serve; False when a newer plan came first."""
        self._enter(stages.starting(self._serving.address is not None))
        launch = self._launch(ready)
        journal = self._journals["run"].begin(redactor(launch.settings.secrets))
        self._starting = app = await AppRun.start(launch, journal)
        try:
            healthy = await done_before(self._until_serving(app), self._replanned)
        except BaseException as error:  # a failed start, and also a pause, which cancels this task
            await app.stop()
            if isinstance(error, stages.SettledError):
                error.facts = {**ready.facts, "differences": app.differences, **error.facts}
            raise
        finally:
            self._starting = None
        if healthy:
            self._serving.swap(app)
            self._idleness.begin()
        else:
            await app.stop()
        return healthy

    async def _until_serving(self, app: AppRun) -> None:
        await app.healthy()
        await self._workshop.obstacles.before_serving(self.space)

    def _launch(self, ready: ReadyApp) -> Launch:
        if self._settings is None:
            raise RuntimeError("the settings were not loaded")
        marker = self._workshop.marker.of_space(self.space)
        zero_gpu = self._workshop.zero_gpu if self._is_on_zero_gpu else None
        own = zero_gpu.open(self.space, marker, ready.python) if zero_gpu else None
        self._device = own.device if own else None
        place = Place(
            home=ready.home,
            app_folder=ready.folder,
            python=ready.python,
            ports_folder=self._folder / f"ports-{ready.folder.name}",
            host=f"{HOST}:{self._front.port}",
            endpoint=self._workshop.endpoint(),
            oauth=self._notes.oauth,
            zero_gpu=own,
        )
        return Launch(ready.revision, ready.card, self._settings, place, marker)

    async def _halt(self) -> None:
        self._plan = None
        self._idleness.end()
        if self._worker is not None:
            await cancel(self._worker)
        await self._serving.stop()

    # Events.

    async def _resolve(self) -> Address:
        """Return where a visitor goes; the visitor of a sleeping Space waits until it is awake."""
        self._idleness.visited()
        if self._waking or self._notes.stage == stages.SLEEPING:
            await self._wake()
        if self._waking and self._worker is not None:
            await asyncio.wait({self._worker}, timeout=WAKE_SECONDS)
        if self._serving.address is None:
            raise Unavailable(self._notes.stage)
        return self._serving.address

    async def _wake(self) -> None:
        async with self._commands:
            if self._notes.stage == stages.SLEEPING:
                self._waking = True
                self._enter(stages.APP_STARTING)
                await self._submit(Plan(await self._head(), build=False))

    def _when_idle(self) -> SpaceSettings | None:
        return None if self._is_static else self._settings

    async def _fall_asleep(self) -> None:
        async with self._commands:
            if self._notes.stage == stages.RUNNING and self._plan is None:
                # First: whoever comes from now on waits until the app is awake again.
                self._enter(stages.SLEEPING)
                await self._serving.stop()
                await self._save()

    def _app_ended(self, message: str) -> None:
        """Note that the app that served ended by itself."""
        if self._notes.stage == stages.RUNNING:
            self._enter(stages.RUNTIME_ERROR, message)
        elif self._notes.stage in stages.INTERMEDIATE:
            self._enter(self._notes.stage.removeprefix("RUNNING_"))
        self._background.add(self._save())

    def _settle(self, settled: stages.SettledError) -> None:
        self._notes.facts = settled.facts
        # A Space that is not rehearsed has no error: nothing was tried.
        refused = settled.stage == stages.NOT_REHEARSED
        self._enter(settled.stage, None if refused else settled.message)

    def _enter(self, stage: str, error: str | None = None) -> None:
        self._notes.stage = stage
        self._notes.error = error

    # The store.

    async def _load_settings(self) -> None:
        self._settings = await asyncio.to_thread(self._source.settings, self.space)

    async def _head(self) -> str | None:
        return await asyncio.to_thread(self._source.head, self.space)

    async def _save(self) -> None:
        async with self._saving:
            await asyncio.to_thread(self._source.remember, self.space, self._notes.write())

    def _differences(self) -> list[str]:
        app = self._starting or self._serving.app
        noted = app.differences if app else self._notes.facts.get("differences", ())
        is_played = self._device is not None and self._is_on_zero_gpu
        settings = None if self._is_static else self._settings
        return known_differences(noted, settings, is_played=is_played)
