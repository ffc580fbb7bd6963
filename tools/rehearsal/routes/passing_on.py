"""Handlers that ask another Hub for a model or dataset this one does not have."""

from __future__ import annotations

from functools import wraps

from starlette.responses import Response

from ..call import Call
from ..errors import HubError
from ..read_through import PASSED_ON, Part, Passed, ReadThrough
from ..router import Handler
from .contents import read_range


def reading_through(handler: Handler) -> Handler:
    """Return `handler`, which where it finds no such repository passes the request on.

    Only what reads models and datasets is passed on, and only on a Hub that reads through.
    """

    @wraps(handler)
    async def answer(call: Call) -> Response:
        try:
            return await handler(call)
        except HubError as error:
            through = call.hub.read_through
            if error.code != "RepoNotFound" or through is None or not _may_pass(call):
                raise
            return await _pass_on(call, through)

    return answer


def _may_pass(call: Call) -> bool:
    return call.captured.get("kind") != "spaces" and "namespace" in call.captured


async def _pass_on(call: Call, through: ReadThrough) -> Response:
    path = call.request.scope["raw_path"].decode()
    query = call.request.url.query
    asked = f"{path}?{query}" if query else path
    if not path.startswith("/api/"):
        return await _file(call, through, asked)
    body = await call.body() if call.request.method == "POST" else None
    passed = await call.in_thread(lambda: through.ask(call.request.method, asked, body))
    answer = _answer(passed, passed.body)
    if "link" in passed.headers:
        # The next page, too, is asked for here: a client would send its token to the other Hub.
        link = passed.headers["link"].replace(through.upstream, call.hub.endpoint)
        answer.headers["Link"] = link
    return answer


async def _file(call: Call, through: ReadThrough, path: str) -> Response:
    description = await call.in_thread(lambda: through.describe(path))
    if description.status >= 400 or call.request.method == "HEAD":
        answer = _answer(description, b"")
        if description.status < 400:
            answer.headers["Content-Length"] = description.headers["content-length"]
        return answer
    wanted = call.request.headers.get("range")
    if wanted is None:
        content = await call.in_thread(lambda: through.content(path, description))
        return _answer(description, content)
    size = int(description.headers["content-length"])
    start, end = read_range(wanted, size)
    part = Part(start, end)
    content = await call.in_thread(lambda: through.part(path, description, part))
    answer = _answer(description, content)
    answer.status_code = 206
    answer.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return answer


def _answer(passed: Passed, body: bytes) -> Response:
    headers = {name: text for name, text in passed.headers.items() if name in PASSED_ON}
    answer = Response(body, status_code=passed.status, headers=headers)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
