"""The device API of one run of an app: its calls, its workers, and what they use."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

import psutil

from . import workers
from .approval import Refusal, Wish, approve
from .desk import Desk
from .evidence import Evidence
from .node import Place
from .torch_builds import TorchBuild

QueuingReason = Literal["node", "concurrency"]


@dataclass(frozen=True)
class Grant:
    """A GPU for one call."""

    idle: bool
    """Whether the worker of this function from an earlier call is still there."""
    index: int
    token: str


@dataclass(frozen=True)
class NoGpu:
    """There is no GPU and the call may not wait; answered as 503."""


@dataclass(eq=False)
class Queued:
    """A call that waits for a GPU."""

    wish: Wish
    place: Place
    reason: QueuingReason
    deadline: float

    @property
    def is_late(self) -> bool:
        """Whether it has waited as long as a call may."""
        return time.monotonic() >= self.deadline


@dataclass(eq=False)
class Call:
    """A call that holds a GPU."""

    wish: Wish
    grant: Grant
    process: psutil.Process | None
    began: float | None
    """When the worker was let at the GPU; None before."""
    watch: asyncio.Task[None] | None = None


@dataclass(eq=False)
class Device:
    """What the package of one running app talks to; made by `ZeroGpu.open`."""

    space: str
    marker: str
    desk: Desk
    torch: TorchBuild
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    closed: bool = False

    def __post_init__(self) -> None:
        self.evidence = Evidence(self.torch)
        self._calls: dict[str, Call] = {}
        self._waiting: list[Queued] = []
        self._warm: dict[tuple[str, int], psutil.Process] = {}
        self._reported = asyncio.Event()

    def report(self) -> None:
        """Note the startup report: an app with a decorated function is being launched."""
        self.evidence.startup_report = True
        self._reported.set()

    async def reported(self) -> bool:
        """Wait for the startup report as long as the limits say; return whether it came."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._reported.wait(), self.desk.limits.startup_report_seconds)
        return self.evidence.startup_report

    def schedule(self, wish: Wish) -> Grant | Queued | Refusal | NoGpu:
        """Decide about a call: a GPU now, a place in the queue, or none."""
        node, limits = self.desk.node, self.desk.limits
        refusal = approve(wish, self.desk.ledger, limits, spent=self.desk.spent(self.space))
        if refusal is not None:
            self.evidence.refused += 1
            return refusal
        if not node.is_there:
            return NoGpu()
        index = node.take(self.space)
        if index is not None:
            return self._grant(wish, index)
        if not wish.may_queue:
            return NoGpu()
        return self._line_up(wish)

    def _line_up(self, wish: Wish) -> Queued:
        node = self.desk.node
        reason: QueuingReason = "concurrency" if node.holds(self.space) else "node"
        deadline = time.monotonic() + self.desk.limits.queue_seconds
        queued = Queued(wish, node.line_up(self.space, wish.priority), reason, deadline)
        self._waiting.append(queued)
        self.evidence.queued += 1
        return queued

    async def wait(self, queued: Queued) -> Grant | None:
        """Wait until the call's turn, at most one ping; return the GPU if it came."""
        left = queued.deadline - time.monotonic()
        pause = min(self.desk.limits.ping_seconds, max(left, 0.0))
        await asyncio.wait({queued.place.granted}, timeout=pause)
        if not queued.place.granted.done() or queued.place.granted.cancelled():
            return None
        self._waiting.remove(queued)
        return self._grant(queued.wish, queued.place.granted.result())

    def leave(self, queued: Queued) -> None:
        """Give up a place in the queue; nothing when its GPU was handed on by `wait`."""
        if queued in self._waiting:
            self._waiting.remove(queued)
            self.desk.node.leave(queued.place)

    def find(self, pid: int) -> psutil.Process | None:
        """Return the app's process that calls itself `pid`. Takes a while: call it in a thread."""
        return workers.find_worker(self.marker, pid)

    def allow(self, token: str, process: psutil.Process) -> bool:
        """Let a worker at the GPU of its call; False for a token of no call."""
        call = self._calls.get(token)
        if call is None:
            return False
        call.process, call.began = process, time.monotonic()
        self._watch(call)
        return True

    def release(self, token: str, *, failed: bool) -> Literal["released", "unused", "unknown"]:
        """End a call: its time is charged, its worker stays warm unless it failed."""
        call = self._calls.get(token)
        if call is None:
            return "unknown"
        self._end(call)
        if failed:
            self.evidence.failed += 1
            return "released"
        if call.process is None:
            return "unused"
        self.evidence.succeeded += 1
        self._warm[call.wish.task, call.grant.index] = call.process
        return "released"

    def withdraw(self, grant: Grant) -> None:
        """Take back a GPU whose grant never reached the app; nothing is charged."""
        call = self._calls.get(grant.token)
        if call is not None:
            call.began = None
            self._end(call)

    def close(self) -> None:
        """End everything: the app has ended, or is about to be ended."""
        self.closed = True
        for queued in list(self._waiting):
            self.leave(queued)
        for call in list(self._calls.values()):
            self._end(call)

    def _grant(self, wish: Wish, index: int) -> Grant:
        warm = self._warm.pop((wish.task, index), None)
        is_idle = warm is not None and workers.is_running(warm)
        grant = Grant(is_idle, index, secrets.token_urlsafe(16))
        process = warm if is_idle else None
        call = Call(wish, grant, process, time.monotonic() if is_idle else None)
        self._calls[grant.token] = call
        self.evidence.calls += 1
        self.evidence.warm += is_idle
        self._watch(call)
        return grant

    def _watch(self, call: Call) -> None:
        if call.watch is not None:
            call.watch.cancel()
        call.watch = asyncio.create_task(self._end_overrun(call))

    async def _end_overrun(self, call: Call) -> None:
        """End a worker that takes longer than its call asked for."""
        await asyncio.sleep(call.wish.seconds + self.desk.limits.overrun_grace_seconds)
        call.watch = None
        self.evidence.overran += 1
        if call.process is not None:
            workers.kill(call.process)
        self._end(call)

    def _end(self, call: Call) -> None:
        self._calls.pop(call.grant.token, None)
        if call.watch is not None:
            call.watch.cancel()
        self.desk.node.free(call.grant.index)
        if call.began is not None:
            used = (time.monotonic() - call.began) * call.wish.factor
            self.evidence.seconds_used += used
            self.desk.ledger.charge(call.wish.account, used, runs=1)
