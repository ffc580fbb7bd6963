"""Likes. Scripts can't give them, on the real Hub either, so nobody here has any to take back."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from .. import access
from ..call import Call
from ..errors import HubError
from ..router import Route
from ..store.accounts import find_owner


async def unlike(call: Call) -> Response:
    """Answer `DELETE .../like`."""
    call.require_account()
    access.readable(call)
    return Response()


async def likers(call: Call) -> Response:
    """Answer `GET .../likers`: nobody, whatever number of likes a seeded repository shows."""
    access.readable(call)
    return JSONResponse([])


async def liked(call: Call) -> Response:
    """Answer `GET /api/users/{name}/likes`. Raises 404 for a name that is no account's."""
    if find_owner(call.captured["name"]) is None:
        raise HubError(404, "This user does not exist")
    return JSONResponse([])


ROUTES = [
    Route("DELETE", "/api/{kind}/{namespace}/{name}/like", unlike),
    Route("GET", "/api/{kind}/{namespace}/{name}/likers", likers),
    Route("GET", "/api/users/{name}/likes", liked),
]
