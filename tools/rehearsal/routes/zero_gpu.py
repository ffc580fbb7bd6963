"""The device API of ZeroGPU, as the `spaces` package calls it, and the rehearsal's own numbers.

Every POST of the package has its fields in the query (spaces 0.51.3, measured 2026-11-22). The
secret of a device is in its path, so these routes ask for no token.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from anyio import CancelScope
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...knowledge import unpublished_numbers, zero_gpu_facts
from .. import access
from ..call import Call, Fields
from ..errors import HubError, bad_request, unauthorized
from ..router import Route
from ..zero_gpu.approval import SIZES, Refusal, Size, Wish
from ..zero_gpu.device import Device, Grant, NoGpu, Queued
from ..zero_gpu.service import PATH
from ..zero_gpu.visitors import InvalidVisitorTokenError, Visitor

AUTHENTICATED = "X-Authenticated"
QUEUING_REASON = "X-Queuing-Reason"
APPROVE_RESULT = "X-Approve-Result"
LONGEST_DURATION = 7 * 86400


def _device(call: Call) -> Device:
    device = call.hub.zero_gpu.device(call.captured["device"])
    if device is None:
        raise HubError(404, "No running Space has this ZeroGPU device")
    return device


async def startup_report(call: Call) -> Response:
    """Answer `POST .../startup-report`."""
    _device(call).report()
    return Response()


async def queue_size(call: Call) -> Response:
    """Answer `GET .../queue-size`."""
    return JSONResponse(_device(call).desk.node.waiting)


async def schedule(call: Call) -> Response:
    """Answer `POST .../schedule`: a GPU, a stream that waits for one, or a refusal."""
    device = _device(call)
    wish = _wish(call, device)
    headers: dict[str, str] = {AUTHENTICATED: wish.visitor.level} if wish.visitor else {}
    outcome = device.schedule(wish)
    if isinstance(outcome, Grant):
        return JSONResponse(_told(outcome), headers={**headers, APPROVE_RESULT: "approved"})
    if isinstance(outcome, Refusal):
        body = {"left": outcome.left, "wait": outcome.wait}
        return JSONResponse(body, 429, headers={**headers, APPROVE_RESULT: outcome.verdict})
    if isinstance(outcome, NoGpu):
        return Response(status_code=503, headers=headers)
    headers |= {QUEUING_REASON: outcome.reason, APPROVE_RESULT: "approved"}
    events = _events(call, device, outcome)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _wish(call: Call, device: Device) -> Wish:
    seconds = call.number("durationSeconds", zero_gpu_facts().default_duration_seconds)
    if seconds > LONGEST_DURATION:
        raise bad_request(f"durationSeconds must be at most {LONGEST_DURATION}")
    may_queue = call.query("enableQueue") is None or call.flag("enableQueue")
    task = call.query("taskId") or ""
    return Wish(device.space, task, seconds, _size(call), _visitor(call), may_queue)


def _size(call: Call) -> Size | None:
    said = call.query("gpuSize")
    if said is None:
        return None
    for size in SIZES:
        if said == size:
            return size
    raise bad_request(f"gpuSize must be one of [{', '.join(SIZES)}], not {said!r}")


def _visitor(call: Call) -> Visitor | None:
    token = call.query("token")
    if token is None:
        return None
    try:
        return call.hub.zero_gpu.tokens.read(token)
    except InvalidVisitorTokenError as error:
        raise unauthorized(f"The visitor token is {error}") from error


def _told(grant: Grant) -> dict[str, Any]:
    return {
        "idle": grant.idle,
        "nvidiaIndex": grant.index,
        "nvidiaUUID": f"GPU-rehearsal-{grant.index}",
        "allowToken": grant.token,
    }


async def _events(call: Call, device: Device, queued: Queued) -> AsyncIterator[bytes]:
    """Yield what happens to a call that waits.

    The package reads every chunk of the answer as one event, so each is yielded alone.
    """
    grant, delivered = None, False
    try:
        while grant is None:
            grant = await device.wait(queued)
            if grant is None and (queued.is_late or device.closed or call.hub.stopping.is_set()):
                yield b"event: failed\n\n"
                return
            if grant is None:
                yield b"event: ping\n\n"
        yield f"event: succeeded\ndata: {json.dumps(_told(grant))}\n\n".encode()
        delivered = True
    finally:
        # Also when the app's connection is gone, which ends this very task.
        with CancelScope(shield=True):
            device.leave(queued)
            if grant is not None and not delivered:
                device.withdraw(grant)


async def allow(call: Call) -> Response:
    """Answer `POST .../allow` of a worker. A process that is not of this Space gets 403."""
    device = _device(call)
    token, pid = call.query("allowToken") or "", call.number("pid", 0)
    process = await call.in_thread(lambda: device.find(pid))
    if process is None:
        raise HubError(403, f"Process {pid} is not of {device.space}")
    return Response(status_code=200 if device.allow(token, process) else 404)


async def release(call: Call) -> Response:
    """Answer `POST .../release`: 204 says that the GPU was not used."""
    outcome = _device(call).release(call.query("allowToken") or "", failed=call.flag("fail"))
    return Response(status_code={"released": 200, "unused": 204, "unknown": 404}[outcome])


async def numbers(call: Call) -> Response:
    """Answer `GET /api/rehearsal/zero-gpu`: the limits in force, and which of them are invented."""
    chosen = [number.model_dump(mode="json") for number in unpublished_numbers().values()]
    return JSONResponse({"limits": call.hub.zero_gpu.desk.limits.told(), "unpublished": chosen})


async def change_numbers(call: Call) -> Response:
    """Answer `PATCH /api/rehearsal/zero-gpu`: other limits until the Hub stops, or a used quota.

    `{"limits": {"queueSeconds": 3}, "usedSeconds": 2390}`: the seconds are those of the caller.
    """
    account = call.require_account()
    access.require_namespace(account, account.name)
    fields = await call.json()
    desk = call.hub.zero_gpu.desk
    limits = desk.limits.changed(_object(fields, "limits"))
    used = fields.integer("usedSeconds")
    if used is not None and used < 0:
        raise bad_request("usedSeconds must not be negative")
    desk.limits = limits
    if used is not None:
        desk.ledger.set(f"account:{account.name}", used)
    return await numbers(call)


def _object(fields: Fields, name: str) -> dict[str, Any]:
    value = fields.raw().get(name, {})
    if not isinstance(value, dict):
        raise bad_request(f"{name} must be an object")
    return value


_DEVICE = PATH + "/{device}"

ROUTES = [
    Route("GET", PATH, numbers),
    Route("PATCH", PATH, change_numbers),
    Route("POST", f"{_DEVICE}/startup-report", startup_report),
    Route("POST", f"{_DEVICE}/schedule", schedule),
    Route("POST", f"{_DEVICE}/allow", allow),
    Route("POST", f"{_DEVICE}/release", release),
    Route("GET", f"{_DEVICE}/queue-size", queue_size),
]
