"""What only a rehearsal Hub has: its identity and tickets for the browser."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ... import __version__
from ..call import Call
from ..router import Route
from ..state import KIND


async def identity(call: Call) -> Response:
    """Answer `GET /api/rehearsal/identity`: compare the nonce with the one in `hub.json`."""
    known = call.hub.identity
    return JSONResponse(
        {
            "kind": KIND,
            "nonce": known.nonce,
            "pid": known.pid,
            "version": __version__,
            "confinement": known.confinement,
        }
    )


async def ticket(call: Call) -> Response:
    """Answer `POST /api/rehearsal/ticket` with a one-time ticket for the browser.

    `/open?ticket=TICKET&next=/spaces/ns/name` then shows the page as the token's account sees it.
    """
    account = call.require_account()
    minted = call.hub.tickets.mint(account)
    return JSONResponse(
        {"ticket": minted, "url": f"{call.hub.endpoint}/open?ticket={minted}"}, status_code=201
    )


ROUTES = [
    Route("GET", "/api/rehearsal/identity", identity),
    Route("POST", "/api/rehearsal/ticket", ticket),
]
