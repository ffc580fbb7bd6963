"""Faults by name: `POST`, `GET` and `DELETE /api/rehearsal/faults`."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from .. import access
from ..call import Call
from ..errors import bad_request, forbidden
from ..faults import CATALOGUE, Fault, FaultOrder
from ..router import Route
from ..store.accounts import Account


async def add(call: Call) -> Response:
    """Answer `POST`: make a fault active, for a Space of the caller's or for everything."""
    account = _writer(call)
    fields = await call.json()
    try:
        order = FaultOrder(
            name=fields.text("name"),
            space=fields.optional_text("space"),
            count=fields.integer("count"),
            seconds=fields.integer("seconds"),
            seed=fields.integer("seed") or 0,
        )
    except ValueError as error:
        raise bad_request(str(error)) from error
    if order.space is not None:
        _check_space(call, account, order.space)
    fault = call.hub.faults.add(order)
    if order.name == "paused-flagged" and order.space is not None:
        await call.hub.machine.pause(order.space)
    return JSONResponse(fault.describe(), status_code=201)


async def list_all(call: Call) -> Response:
    """Answer `GET` with what is active and with every name there is."""
    call.require_account()
    return JSONResponse(
        {
            "faults": [fault.describe() for fault in call.hub.faults.all()],
            "names": {kind.name: kind.effect for kind in CATALOGUE.values()},
        }
    )


async def clear(call: Call) -> Response:
    """Answer `DELETE[?name=NAME][&space=NS/NAME]`: end those faults, or all of the caller's."""
    account = _writer(call)
    name, space = call.query("name"), call.query("space")
    if name is not None and name not in CATALOGUE:
        raise bad_request(f"name must be one of [{', '.join(CATALOGUE)}], not {name!r}")
    chosen = [
        fault
        for fault in call.hub.faults.all()
        if name in (None, fault.order.name)
        and space in (None, fault.order.space)
        and _may_clear(account, fault)
    ]
    for fault in chosen:
        call.hub.faults.clear(fault)
    return JSONResponse({"cleared": len(chosen)})


def _writer(call: Call) -> Account:
    account = call.require_account()
    access.require_namespace(account, account.name)
    return account


def _check_space(call: Call, account: Account, space: str) -> None:
    namespace, _, name = space.partition("/")
    record = access.find_readable(call, "spaces", namespace, name)
    if account.namespace(record.namespace) is None:
        raise forbidden(f"{account.name} has no write access to the namespace {namespace}")


def _may_clear(account: Account, fault: Fault) -> bool:
    space = fault.order.space
    return space is None or account.namespace(space.partition("/")[0]) is not None


_FAULTS = "/api/rehearsal/faults"

ROUTES = [
    Route("POST", _FAULTS, add),
    Route("GET", _FAULTS, list_all),
    Route("DELETE", _FAULTS, clear),
]
