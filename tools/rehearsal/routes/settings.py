"""Visibility of a repository."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from .. import access, creation, gates
from ..call import Call
from ..router import Route


async def update(call: Call) -> Response:
    """Answer `PUT /api/{kind}/{ns}/{name}/settings`."""
    record = access.writable(call)
    fields = await call.json()
    owner = access.require_namespace(call.require_account(), record.namespace)
    visibility = creation.named_visibility(fields, record.visibility)
    gates.check_visibility(owner, visibility)
    call.hub.repositories.records.set_visibility(record, visibility)
    return JSONResponse({"visibility": visibility, "private": visibility != "public"})


ROUTES = [Route("PUT", "/api/{kind}/{namespace}/{name}/settings", update)]
