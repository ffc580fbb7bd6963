"""A machine on a bad day: builds that hang, starts that never end, a runtime out of date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..errors import HubError
from ..machine import stages
from ..machine.source import Runtime
from ..machine.supervisor import Supervisor
from .registry import Fault, Faults

FLAGGED = "Flagged as abusive"
"""The `errorMessage` that owners of flagged Spaces report (2026-06-25)."""

RESTART_REFUSED = "Something went wrong when restarting this Space."
"""What a restart of such a Space answers, with 503 (2026-01)."""


class FaultObstacles:
    """Holds up builds and starts; see `machine.obstacles.Obstacles`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def before_build(self, space: str) -> None:
        """Wait while builds are stuck."""
        await self._hold("build-stuck", space)

    async def before_serving(self, space: str) -> None:
        """Wait while starts do not end."""
        await self._hold("preparing-forever", space)

    async def _hold(self, name: str, space: str) -> None:
        if fault := self._faults.take(name, space):
            await fault.over()


@dataclass(frozen=True)
class _Lie:
    """What the runtime says in place of the truth, for as long as its fault lasts."""

    fault: Fault
    runtime: Runtime


class FaultySupervisor(Supervisor):
    """The machine of a Hub, and the faults that are active on it."""

    def __init__(self, *arguments: Any, faults: Faults, **options: Any) -> None:
        """Prepare; the other arguments are `Supervisor`'s."""
        super().__init__(*arguments, obstacles=FaultObstacles(faults), **options)
        self._faults = faults
        self._lies: dict[str, _Lie] = {}

    def runtime(self, space: str) -> Runtime:
        """Return what the platform would say of a Space, true or not."""
        lie = self._lies.get(space)
        if lie is not None and not lie.fault.is_over:
            return lie.runtime
        self._lies.pop(space, None)
        truth = super().runtime(space)
        if truth.stage == stages.PAUSED and self._faults.lasting("paused-flagged", space):
            return replace(truth, error_message=FLAGGED)
        return truth

    async def pushed(self, space: str, revision: str) -> None:
        """Build and run a revision; with `stale-sha` nobody is told."""
        before = super().runtime(space)
        if before.stage == stages.RUNNING and (fault := self._faults.take("stale-sha", space)):
            self._lies[space] = _Lie(fault, before)
        await super().pushed(space, revision)

    async def restart(self, space: str, *, factory: bool = False) -> None:
        """Restart a Space. Raises 503 when it is flagged."""
        if fault := self._faults.lasting("paused-flagged", space):
            fault.happened += 1
            raise HubError(503, RESTART_REFUSED)
        await super().restart(space, factory=factory)
