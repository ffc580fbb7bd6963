"""Serve the files of a static Space."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .card import Card
from .front import HOST
from .health import Address

START_PAUSE = 0.02


class StaticSite:
    """A web server in this process for the folder that holds the Space's `app_file`."""

    def __init__(self, folder: Path, card: Card) -> None:
        config = uvicorn.Config(
            static_application(folder, card), lifespan="off", ws="none", log_config=None
        )
        config.timeout_graceful_shutdown = 1
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None
        self.folder = folder
        self.address: Address | None = None

    async def start(self) -> None:
        """Listen on a free port of the loopback address."""
        listener = socket.create_server((HOST, 0))
        self.address = Address(HOST, int(listener.getsockname()[1]))
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(START_PAUSE)

    async def stop(self) -> None:
        """Stop listening and wait for the open requests, at most one second."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the Hub, whose process this is."""
        yield


def static_application(folder: Path, card: Card) -> Starlette:
    """Return the application that serves `app_file` at `/` and the files next to it.

    Nothing outside the folder of `app_file` is served, neither by `..` nor through a link.
    """
    app_file = folder / card.app_file

    async def start_page(_: Request) -> Response:
        return FileResponse(app_file)

    files = StaticFiles(directory=app_file.parent, follow_symlink=False)
    site = Starlette(routes=[Route("/", start_page), Mount("/", files)])
    site.add_middleware(_Headers, headers=card.custom_headers)
    return site


class _Headers:
    """Adds the headers of the README's `custom_headers` to every answer."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)
