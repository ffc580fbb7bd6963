"""What answers behind the front of a Space, and what is being replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from .health import Address
from .runner import AppRun
from .static_site import StaticSite

Server = AppRun | StaticSite


class Serving:
    """At most one server that answers, and older ones on their way out."""

    def __init__(self, ended: Callable[[str], None]) -> None:
        """Begin with nothing.

        Args:
            ended: called with the platform's message when the app that answers ends by itself.
        """
        self._ended = ended
        self._current: Server | None = None
        self._retiring: dict[asyncio.Task[None], Path] = {}
        self._watch: asyncio.Task[None] | None = None

    @property
    def app(self) -> AppRun | None:
        """The app that answers, if it is one."""
        return self._current if isinstance(self._current, AppRun) else None

    @property
    def address(self) -> Address | None:
        """Where requests go now; None when nothing answers."""
        return self._current.address if self._current is not None else None

    async def is_visited(self) -> bool:
        """Return whether somebody is connected to the app that answers right now."""
        return self.app is not None and await self.app.is_visited()

    @property
    def folders(self) -> set[Path]:
        """The checkouts that somebody runs in."""
        current = {self._current.folder} if self._current is not None else set()
        return current | set(self._retiring.values())

    def swap(self, server: Server) -> None:
        """Let `server` answer from now on, and stop the one before it."""
        self._retire()
        self._current = server
        if isinstance(server, AppRun):
            self._watch = asyncio.create_task(self._until_end(server))

    async def stop(self) -> None:
        """Stop everything; returns when it has ended."""
        self._retire()
        await asyncio.gather(*self._retiring)

    def _retire(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        server, self._current = self._current, None
        if server is not None:
            task = asyncio.create_task(server.stop())
            self._retiring[task] = server.folder
            task.add_done_callback(self._retiring.pop)

    async def _until_end(self, app: AppRun) -> None:
        message = await app.ended()
        self._current = None
        self._ended(message)
