"""The GPUs of the rehearsal, who holds one, and who waits for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

Holder = str
"""Who holds a GPU: the name of a Space."""


@dataclass(eq=False)
class Place:
    """A place in the queue."""

    holder: Holder
    priority: int
    """Higher goes first; among equals the one who came first."""
    granted: asyncio.Future[int] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Node:
    """GPUs numbered from 0. Not safe to use from several threads."""

    def __init__(self, size: Callable[[], int]) -> None:
        """Begin with all GPUs free; `size` returns how many there are now."""
        self._size = size
        self._holders: dict[int, Holder] = {}
        self._queue: list[Place] = []

    @property
    def is_there(self) -> bool:
        """Whether there is any GPU at all."""
        return self._size() > 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    def holds(self, holder: Holder) -> bool:
        """Return whether somebody of this name holds a GPU."""
        return holder in self._holders.values()

    def take(self, holder: Holder) -> int | None:
        """Return a GPU that is free and that nobody waits for, or None."""
        free = self._free()
        if free is None or self._queue:
            return None
        self._holders[free] = holder
        return free

    def line_up(self, holder: Holder, priority: int) -> Place:
        """Take a place in the queue; its future is the number of a GPU, some day."""
        place = Place(holder, priority)
        self._queue.append(place)
        self._serve()
        return place

    def leave(self, place: Place) -> None:
        """Give up a place, and the GPU if it was granted."""
        if place in self._queue:
            self._queue.remove(place)
        elif place.granted.done() and not place.granted.cancelled():
            self.free(place.granted.result())
        place.granted.cancel()

    def free(self, index: int) -> None:
        """Give a GPU back; the next in the queue gets it."""
        self._holders.pop(index, None)
        self._serve()

    def _serve(self) -> None:
        while self._queue and (index := self._free()) is not None:
            place = max(self._queue, key=lambda waiting: waiting.priority)
            self._queue.remove(place)
            self._holders[index] = place.holder
            place.granted.set_result(index)

    def _free(self) -> int | None:
        return next((index for index in range(self._size()) if index not in self._holders), None)
