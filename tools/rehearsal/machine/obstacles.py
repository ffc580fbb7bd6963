"""Where something from outside may hold up the life of a Space."""

from __future__ import annotations

from typing import Protocol


class Obstacles(Protocol):
    """Waits at two points; a newer plan, a pause and a stop end the wait from outside."""

    async def before_build(self, space: str) -> None:
        """Return when the build whose log has just begun may go on."""
        ...

    async def before_serving(self, space: str) -> None:
        """Return when the app, which is healthy, may become the one that serves."""
        ...


class NoObstacles:
    """Nothing is in the way."""

    async def before_build(self, space: str) -> None:
        """Return at once."""

    async def before_serving(self, space: str) -> None:
        """Return at once."""
