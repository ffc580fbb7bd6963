"""The life of one Space: what it was asked to do, what it does, and what it says of itself.

Commands write down a plan, set the stage and return; one task per Space carries plans out, one
after the other. A newer plan takes the place of one that waits: it is looked for after a build,
and it interrupts a start.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal

from . import stages
from .build import heading
from .front import HOST, Front, Unavailable
from .health import Address
from .journal import Journal, JournalShelf
from .launch_environment import Place
from .notes import Notes
from .runner import AppRun, Launch, redactor
from .serving import Serving
from .source import Runtime, SpaceSettings
from .static_site import StaticSite
from .workshop import NotBuiltError, ReadyApp, ReadySite, Request, Workshop

WAKE_SECONDS = 120.0
"""How long a visitor who wakes a Space is kept waiting."""

_RUN_BY_SETTINGS = frozenset(
    {stages.RUNNING, stages.APP_STARTING, stages.RUNNING_APP_STARTING, stages.RUNTIME_ERROR}
)
"""Stages in which an app was started with settings that may have changed since."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What a Space shall do next."""

    revision: str | None
    """Full sha; None for a repository without a commit."""
    build: bool
    """Whether to write a build log, also when everything is cached."""
    afresh: bool = False
    """Whether the build must ignore what is cached."""
    stop_first: bool = False
    """Whether the revision that serves is stopped before the new one starts, or after."""


class Lifecycle:
    """One Space of the machine."""

    def __init__(self, space: str, workshop: Workshop) -> None:
        self.space = space
        self._workshop = workshop
        self._source = workshop.source
        self._folder = workshop.folder(space)
        self._journals = {kind: JournalShelf(self._folder, kind) for kind in ("build", "run")}
        self._front = Front(space, self._resolve)
        self._serving = Serving(self._app_ended)
        self._notes = Notes()
        self._commands = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._settings: SpaceSettings | None = None
        self._plan: Plan | None = None
        self._replanned = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._waking = False
        self._background: set[asyncio.Task[None]] = set()

    async def open(self, *, build: bool) -> None:
        """Take up what is remembered of this Space: its port, its stage, an unfinished build.

        Args:
            build: whether a Space that nothing is remembered of is built at once, or at its
                first visitor.
        """
        stored = await asyncio.to_thread(self._source.recall, self.space)
        self._notes = Notes.read(stored)
        await self._load_settings()
        await asyncio.to_thread(self._clear_ports)
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
            facts={**self._notes.facts, "differences": self._differences()},
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
        await asyncio.gather(*self._background, return_exceptions=True)

    async def forget(self) -> None:
        """Stop everything and delete every file of the Space."""
        await self.close()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def port(self, port: int) -> Address | None:
        """Return where a port of the running app really is; None if it does not listen there."""
        app = self._serving.app
        return await app.port(port) if app else None

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
        request = Request(self.space, revision, in_use, journal, afresh=plan.afresh)
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
        app = await AppRun.start(launch, journal)
        try:
            healthy = await self._healthy_before_next_plan(app)
        except BaseException:  # a failed start, and also a pause, which cancels this task
            await app.stop()
            raise
        if healthy:
            self._serving.swap(app)
        else:
            await app.stop()
        return healthy

    async def _healthy_before_next_plan(self, app: AppRun) -> bool:
        healthy = asyncio.create_task(app.healthy())
        replanned = asyncio.create_task(self._wait_for_plan())
        try:
            await asyncio.wait({healthy, replanned}, return_when=asyncio.FIRST_COMPLETED)
            if healthy.done():
                await healthy
            return healthy.done()
        finally:
            await _cancel(healthy, replanned)

    async def _wait_for_plan(self) -> None:
        await self._replanned.wait()

    def _launch(self, ready: ReadyApp) -> Launch:
        if self._settings is None:
            raise RuntimeError("the settings were not loaded")
        place = Place(
            home=ready.home,
            app_folder=ready.folder,
            python=ready.python,
            ports_folder=self._folder / f"ports-{ready.folder.name}",
            host=f"{HOST}:{self._front.port}",
            endpoint=self._workshop.endpoint(),
            oauth=self._notes.oauth,
        )
        marker = self._workshop.marker.of_space(self.space)
        return Launch(ready.revision, ready.card, self._settings, place, marker)

    async def _halt(self) -> None:
        self._plan = None
        if self._worker is not None:
            await _cancel(self._worker)
        await self._serving.stop()

    # Events.

    async def _resolve(self) -> Address:
        """Return where a visitor goes; the visitor of a sleeping Space waits until it is awake."""
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

    def _app_ended(self, message: str) -> None:
        """Note that the app that served ended by itself."""
        if self._notes.stage == stages.RUNNING:
            self._enter(stages.RUNTIME_ERROR, message)
        elif self._notes.stage in stages.INTERMEDIATE:
            self._enter(self._notes.stage.removeprefix("RUNNING_"))
        self._in_background(self._save())

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

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _clear_ports(self) -> None:
        for leftover in self._folder.glob("ports-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _differences(self) -> list[str]:
        """Return where this rehearsal is known to differ from the platform."""
        app = self._serving.app
        found = list(app.differences) if app else []
        hardware = self._settings.hardware if self._settings else ""
        if hardware and not hardware.startswith("cpu") and not self._is_static:
            found.append(f"hardware {hardware}: the app runs on the processor of this machine")
        return found


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
