"""Which faults are active: added by name, ended by a count, by time, or by hand."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from itertools import count as counting
from typing import Any

from .catalogue import CATALOGUE, Kind


@dataclass(frozen=True)
class FaultOrder:
    """A fault as somebody asks for it.

    `count` is how often it happens, `seconds` after how long it ends by itself; without either it
    lasts until it is cleared. What began with it (a stale runtime, a stuck build) lasts until its
    seconds are over or it is cleared, also when its count is used up.
    """

    name: str
    space: str | None = None
    """Full name of the Space it is for; None for all."""
    count: int | None = None
    seconds: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError that names the wrong field and what is allowed."""
        if self.name not in CATALOGUE:
            raise ValueError(f"name must be one of [{', '.join(CATALOGUE)}], not {self.name!r}")
        if self.space is None and self.kind.needs_space:
            raise ValueError(f"space is required for {self.name}")
        if self.count is not None and self.count < 1:
            raise ValueError(f"count must be at least 1, not {self.count}")
        if self.seconds is not None and not 0 < self.seconds < float("inf"):
            raise ValueError(f"seconds must be more than 0, not {self.seconds}")

    @property
    def kind(self) -> Kind:
        """What the fault does."""
        return CATALOGUE[self.name]


class Fault:
    """A fault that was added. Compared by identity."""

    def __init__(self, number: int, order: FaultOrder) -> None:
        self.number = number
        self.order = order
        self.happened = 0
        """How often it took effect."""
        self.random = random.Random(order.seed)  # noqa: S311 - repeatable, not secret
        """The source of its choices: the same seed makes the same choices in the same order."""
        self._began = time.monotonic()
        self._cleared = asyncio.Event()

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it ends by itself; None when it does not."""
        if self.order.seconds is None:
            return None
        return max(0.0, self._began + self.order.seconds - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether it was cleared or its time is up: what it holds up goes on."""
        return self._cleared.is_set() or self.seconds_left == 0.0

    @property
    def may_happen(self) -> bool:
        """Whether it takes effect on what comes next."""
        used_up = self.order.count is not None and self.happened >= self.order.count
        return not self.is_over and not used_up

    def concerns(self, space: str | None) -> bool:
        """Whether it is for this Space (None: for something that is no Space's)."""
        return self.order.space is None or self.order.space == space

    async def over(self) -> None:
        """Wait until it is over."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._cleared.wait(), self.seconds_left)

    def clear(self) -> None:
        """End it now."""
        self._cleared.set()

    def describe(self) -> dict[str, Any]:
        """Return it as JSON values."""
        left = self.seconds_left
        return {
            "id": self.number,
            "name": self.order.name,
            "effect": self.order.kind.effect,
            "space": self.order.space,
            "count": self.order.count,
            "happened": self.happened,
            "secondsLeft": None if left is None else round(left, 1),
            "seed": self.order.seed,
        }


class Faults:
    """All faults of one Hub. Used from the event loop only."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = counting(1)

    def add(self, order: FaultOrder) -> Fault:
        """Make a fault active and return it."""
        self._forget_old()
        fault = Fault(next(self._numbers), order)
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """Return every fault that is not over, the oldest first."""
        self._forget_old()
        return list(self._faults)

    def clear(self, fault: Fault) -> None:
        """End a fault now."""
        fault.clear()
        self._forget_old()

    def find(self, name: str, space: str | None = None) -> Fault | None:
        """Return the oldest fault of a name that takes effect on `space`; None without one."""
        matching = (one for one in self._faults if one.order.name == name and one.may_happen)
        return next((one for one in matching if one.concerns(space)), None)

    def take(self, name: str, space: str | None = None) -> Fault | None:
        """Return what `find` returns, and count that it took effect."""
        fault = self.find(name, space)
        if fault is not None:
            fault.happened += 1
        return fault

    def lasting(self, name: str, space: str) -> Fault | None:
        """Return a fault of a name on `space` that is not over, its count used up or not."""
        matching = (one for one in self._faults if one.order.name == name and not one.is_over)
        return next((one for one in matching if one.concerns(space)), None)

    def is_active(self, name: str, space: str | None = None) -> bool:
        """Whether a fault is on: for everything, or for `space`. Raises KeyError for no fault."""
        return self.find(CATALOGUE[name].name, space) is not None

    def _forget_old(self) -> None:
        self._faults = [fault for fault in self._faults if not fault.is_over]


_process_faults = Faults()


def process_faults() -> Faults:
    """Return the faults of this process, which runs one Hub."""
    return _process_faults


def is_active(name: str, space: str | None = None) -> bool:
    """Whether a fault of this process's Hub is on: for everything, or for `space`."""
    return _process_faults.is_active(name, space)
