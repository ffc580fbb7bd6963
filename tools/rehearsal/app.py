"""The ASGI application: guards, authentication, routing and how errors are told."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from . import guard, pages, storage_errors
from .call import Call
from .errors import HubError, invalid_token
from .faults.connection import FaultyConnections
from .hub import Hub
from .router import Router
from .routes import all_routes
from .store.accounts import Account

BEARER = "Bearer "


def create_app(hub: Hub) -> Starlette:
    """Return the application that serves `hub`; its lifespan starts and stops the machine."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await hub.machine.start()
        try:
            yield
        finally:
            await hub.machine.stop()

    app = _Application(hub, lifespan)
    # Not a route: Starlette would match it on the decoded path, where a line break fits nothing.
    app.router.default = Dispatcher(hub)
    return app


class _Application(Starlette):
    """Starlette with the faults around everything else, next to the connection itself."""

    def __init__(self, hub: Hub, lifespan: Lifespan[Starlette]) -> None:
        super().__init__(lifespan=lifespan)
        self._hub = hub

    def build_middleware_stack(self) -> ASGIApp:
        """Return what answers: the faults, and inside them what Starlette builds."""
        inner = super().build_middleware_stack()
        return FaultyConnections(inner, self._hub.faults, self._hub.stopping)


class Dispatcher:
    """Answers one request: guard, who it is, which route, and errors as the Hub tells them."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._router = Router(all_routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an ASGI connection; everything that is not HTTP is refused."""
        if scope["type"] != "http":
            raise RuntimeError(f"the rehearsal Hub does not speak {scope['type']}")
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except HubError as error:
            response = _refusal(request, error)
        except ClientDisconnect:
            return
        except (OSError, sqlite3.Error) as error:
            response = _storage_refusal(request, error)
        response.headers["X-Request-Id"] = _request_id(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        guard.check(request, self._hub.identity.port)
        raw_path = request.scope["raw_path"]
        handler, captured = self._router.find(request.method, raw_path)
        return await handler(Call(self._hub, request, captured, self._account(request)))

    def _account(self, request: Request) -> Account | None:
        header = request.headers.get("authorization")
        if header is None:
            return None
        account = self._hub.tokens.account(header.removeprefix(BEARER).strip())
        if account is None:
            raise invalid_token()
        return account


def _storage_refusal(request: Request, error: OSError | sqlite3.Error) -> Response:
    refused = storage_errors.refusal(error)
    if refused is None:
        raise error
    return _refusal(request, refused)


def _refusal(request: Request, error: HubError) -> Response:
    is_page = "text/html" in request.headers.get("accept", "")
    if is_page and not request.scope["raw_path"].startswith(b"/api/"):
        return pages.error(error.status, error.message)
    return error_response(error)


def error_response(error: HubError) -> Response:
    """Return a refusal as the client reads it: code and text in headers, the text in JSON too."""
    # A header holds one line of Latin-1; names and paths in the text may be anything.
    line = " ".join(error.message.split()).encode("ascii", "replace").decode()
    headers = {"X-Error-Message": line, **error.headers}
    if error.code is not None:
        headers["X-Error-Code"] = error.code
    return JSONResponse(
        {"error": error.message, **error.body}, status_code=error.status, headers=headers
    )


def _request_id(request: Request) -> str:
    return request.headers.get("x-amzn-trace-id") or f"rehearsal-{uuid.uuid4()}"
