"""From a revision to something that can be started: checkout, README, Python, environment."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..zero_gpu.service import ZeroGpu
from . import pythons, stages
from .build import Builder, BuildOrder, recipe_of
from .card import Card, read_card
from .journal import Journal
from .obstacles import NoObstacles, Obstacles
from .processes import Marker
from .source import SpaceSource


class NotBuiltError(Exception):
    """A Space is to be started from its last build, and that is gone or was never made."""


@dataclass(frozen=True)
class Request:
    """What to prepare."""

    space: str
    revision: str
    in_use: Collection[Path]
    """Checkouts that must be left alone."""
    journal: Journal | None
    """The build log; None to take the last build as it is."""
    afresh: bool = False
    on_zero_gpu: bool = False


@dataclass(frozen=True)
class ReadySite:
    """A static Space."""

    folder: Path
    card: Card


@dataclass(frozen=True)
class ReadyApp:
    """A built revision of a Gradio Space."""

    revision: str
    folder: Path
    card: Card
    home: Path
    python: Path
    facts: dict[str, Any]


class Workshop:
    """What the Spaces of one machine share."""

    def __init__(
        self,
        source: SpaceSource,
        state_folder: Path,
        cache_folder: Path,
        endpoint: Callable[[], str],
        zero_gpu: ZeroGpu | None = None,
    ) -> None:
        self.source = source
        self.endpoint = endpoint
        self.zero_gpu = zero_gpu
        self.marker = Marker.of(state_folder)
        self.obstacles: Obstacles = NoObstacles()
        self._spaces_folder = state_folder / "spaces"
        self._builder = Builder(cache_folder)

    def folder(self, space: str) -> Path:
        """Return the folder that holds everything of a Space."""
        return self._spaces_folder / space

    def clear_ports(self, space: str) -> None:
        """Remove what runs of an earlier Hub wrote down about their ports."""
        for leftover in self.folder(space).glob("ports-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    async def prepare(self, request: Request) -> ReadyApp | ReadySite:
        """Check a revision out, read its README, and build what it needs.

        Raises:
            SettledError: the revision cannot be started; says in which stage that leaves it.
            NotBuiltError: no build log was given and there is no build to take.
        """
        folder = await asyncio.to_thread(self._check_out, request)
        card = await asyncio.to_thread(read_card, folder)
        if card.sdk == "gradio":
            return await self._prepare_app(request, folder, card)
        if request.journal is not None:
            request.journal.write(f"rehearsal: a {card.sdk} Space has no build here\n")
        _refuse_what_is_not_rehearsed(card)
        return ReadySite(folder, card)

    async def _prepare_app(self, request: Request, folder: Path, card: Card) -> ReadyApp:
        home = _home_of(folder)
        await asyncio.to_thread(_make_empty, home)
        available = await asyncio.to_thread(pythons.discover)
        facts: dict[str, Any] = {"pythonRequested": card.python_version, "pythonUsed": None}
        try:
            choice = pythons.choose(card.python_version, available)
            facts |= {"pythonRequested": choice.requested, "pythonUsed": choice.interpreter.name}
            marker = self.marker.of_space(request.space)
            order = BuildOrder(
                request.revision, folder, card, choice, home, marker, request.on_zero_gpu
            )
            python = await self._python(request, order)
        except stages.SettledError as settled:
            settled.facts |= facts
            raise
        return ReadyApp(request.revision, folder, card, home, python, facts)

    async def _python(self, request: Request, order: BuildOrder) -> Path:
        if request.journal is not None:
            built = await self._builder.build(order, request.journal, afresh=request.afresh)
            return built.python
        existing = self._builder.environments.find(recipe_of(order))
        if existing is None:
            raise NotBuiltError(request.space)
        return existing.python

    def _check_out(self, request: Request) -> Path:
        """Write the files of a revision to a new folder; remove the folders no longer used.

        Every start gets fresh files, as on the platform, whose disk is wiped at a restart.
        """
        parent = self.folder(request.space)
        parent.mkdir(parents=True, exist_ok=True)
        for old in parent.glob("app-*"):
            if old not in request.in_use:
                shutil.rmtree(old, ignore_errors=True)
                shutil.rmtree(_home_of(old), ignore_errors=True)
        name = f"app-{request.revision[:7]}"
        number = 1
        while (parent / name).exists():
            number += 1
            name = f"app-{request.revision[:7]}-{number}"
        (parent / name).mkdir()
        self.source.export(request.space, request.revision, parent / name)
        return parent / name


def _home_of(checkout: Path) -> Path:
    """Return the HOME of the run in a checkout: wiped with it, as the platform's disk is."""
    return checkout.with_name(f"home-{checkout.name.removeprefix('app-')}")


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _refuse_what_is_not_rehearsed(card: Card) -> None:
    if card.sdk == "docker":
        reason = "Docker Spaces are not built on this machine."
    elif card.app_build_command is not None:
        reason = f"app_build_command ({card.app_build_command}) is not run on this machine."
    else:
        return
    raise stages.SettledError(stages.NOT_REHEARSED, reason, {"notRehearsed": reason})
