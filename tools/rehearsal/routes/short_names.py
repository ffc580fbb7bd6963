"""Repositories named without a namespace, such as `gpt2`: the rehearsal Hub has none of them.

They are refused as missing repositories, not as unknown routes: clients tell the two apart.
"""

from __future__ import annotations

from starlette.responses import Response

from ..call import Call
from ..errors import repository_not_found
from ..router import Route

_READING = ("revision", "tree", "commits")
_WRITING = ("commit", "preupload", "paths-info")


async def missing(call: Call) -> Response:
    """Answer with 404 RepoNotFound (401 without a token)."""
    raise repository_not_found(call.captured["name"], anonymous=call.account is None)


ROUTES = [
    Route("GET", "/api/{kind}/{name}", missing),
    *(Route("GET", f"/api/{{kind}}/{{name}}/{word}/{{rest...}}", missing) for word in _READING),
    *(Route("POST", f"/api/{{kind}}/{{name}}/{word}/{{rest...}}", missing) for word in _WRITING),
    Route("DELETE", "/api/{kind}/{name}/like", missing),
    Route("GET", "/{kind}/{name}/resolve/{revision}/{path...}", missing),
    Route("GET", "/{name}/resolve/{revision}/{path...}", missing),
]
