"""Visibility of a repository, and whether its files must be asked for."""

from __future__ import annotations

from typing import Literal

from starlette.responses import JSONResponse, Response

from .. import access, creation, gates
from ..call import Call, Fields
from ..errors import bad_request
from ..router import Route
from ..store.records import GATES, Gate


async def update(call: Call) -> Response:
    """Answer `PUT /api/{kind}/{ns}/{name}/settings`."""
    record = access.writable(call)
    fields = await call.json()
    owner = access.require_namespace(call.require_account(), record.namespace)
    visibility = creation.named_visibility(fields, record.visibility)
    gates.check_visibility(owner, visibility)
    records = call.hub.repositories.records
    if (gated := _gated(fields)) is not None:
        records.set_gated(record, gated or None)
    records.set_visibility(record, visibility)
    return JSONResponse({"visibility": visibility, "private": visibility != "public"})


def _gated(fields: Fields) -> Gate | Literal[False] | None:
    """Return what `gated` asks for; False opens the repository, None leaves it as it is."""
    wanted = fields.raw().get("gated")
    if wanted is None or wanted is False:
        return wanted
    for gate in GATES:
        if gate == wanted:
            return gate
    raise bad_request(f"gated must be one of [{', '.join(GATES)}, false], not {wanted!r}")


ROUTES = [Route("PUT", "/api/{kind}/{namespace}/{name}/settings", update)]
