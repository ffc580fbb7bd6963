"""The runtime of Spaces: looking at it and changing it. Every answer is the runtime."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access, creation, gates, presentation
from ..call import Call
from ..errors import bad_request
from ..router import Route
from ..settings import read_volumes
from ..store.records import RepositoryRecord

NEVER_SLEEP = -1


def _answer(call: Call, record: RepositoryRecord) -> Response:
    return JSONResponse(presentation.runtime(call.hub, record))


async def runtime(call: Call) -> Response:
    """Answer `GET .../runtime`."""
    return _answer(call, access.readable(call))


async def hardware(call: Call) -> Response:
    """Answer `POST .../hardware`; the app restarts when the flavor is another one."""
    record = access.writable(call)
    fields = await call.json()
    wanted, current = fields.text("flavor"), record.hardware or gates.DEFAULT_HARDWARE
    seconds = _checked_sleep(fields.integer("sleepTimeSeconds"))
    owner = access.require_namespace(call.require_account(), record.namespace)
    records = call.hub.repositories.records
    async with call.hub.gate:
        count = creation.zero_gpu_spaces(records, owner, but=record.id)
        request = gates.Request(record.sdk or "", wanted, owner, count)
        gates.check_change(request, current)
        records.set_hardware(record, wanted)
    if seconds is not None:
        records.set_sleep_seconds(record, seconds)
    if wanted != current:
        await call.hub.machine.settings_changed(record.full_name)
    elif seconds is not None:
        await call.hub.machine.sleep_time_changed(record.full_name)
    kept = record.sleep_seconds if seconds is None else seconds
    return _answer(call, replace(record, hardware=wanted, sleep_seconds=kept))


async def sleep_time(call: Call) -> Response:
    """Answer `POST .../sleeptime`."""
    record = access.writable(call)
    seconds = _checked_sleep((await call.json()).integer("seconds"))
    if seconds is None:
        raise bad_request("seconds is required")
    call.hub.repositories.records.set_sleep_seconds(record, seconds)
    await call.hub.machine.sleep_time_changed(record.full_name)
    return _answer(call, replace(record, sleep_seconds=seconds))


def _checked_sleep(seconds: int | None) -> int | None:
    if seconds is not None and seconds != NEVER_SLEEP and seconds <= 0:
        raise bad_request(f"seconds must be positive, or {NEVER_SLEEP} for never; not {seconds}")
    return seconds


async def pause(call: Call) -> Response:
    """Answer `POST .../pause`."""
    record = access.writable(call)
    if record.sdk == "static":
        raise bad_request("A static Space can't be paused")
    await call.hub.machine.pause(record.full_name)
    return _answer(call, record)


async def restart(call: Call) -> Response:
    """Answer `POST .../restart[?factory=true]`."""
    record = access.writable(call)
    await call.hub.machine.restart(record.full_name, factory=call.flag("factory"))
    return _answer(call, record)


async def dev_mode(call: Call) -> Response:
    """Answer `POST .../dev-mode`: kept as a flag; there is nothing to connect to."""
    record = access.writable(call)
    enabled = (await call.json()).boolean("enabled")
    if enabled is None:
        raise bad_request("enabled is required")
    call.hub.repositories.records.set_dev_mode(record, enabled=enabled)
    return _answer(call, replace(record, dev_mode=enabled))


async def set_volumes(call: Call) -> Response:
    """Answer `PUT .../volumes`: replaces all volumes; they are kept, not mounted."""
    record = access.writable(call)
    if record.sdk == "static":
        raise bad_request("A static Space can't have volumes")
    volumes = read_volumes(await call.json())
    return _store_volumes(call, record, volumes)


async def delete_volumes(call: Call) -> Response:
    """Answer `DELETE .../volumes`."""
    record = access.writable(call)
    if not record.volumes:
        raise bad_request(f"{record.full_name} has no volumes")
    return _store_volumes(call, record, ())


def _store_volumes(
    call: Call, record: RepositoryRecord, volumes: tuple[dict[str, Any], ...]
) -> Response:
    call.hub.repositories.records.set_volumes(record, list(volumes))
    return _answer(call, replace(record, volumes=volumes))


_SPACE = "/api/spaces/{namespace}/{name}"

ROUTES = [
    Route("GET", f"{_SPACE}/runtime", runtime),
    Route("POST", f"{_SPACE}/hardware", hardware),
    Route("POST", f"{_SPACE}/sleeptime", sleep_time),
    Route("POST", f"{_SPACE}/pause", pause),
    Route("POST", f"{_SPACE}/restart", restart),
    Route("POST", f"{_SPACE}/dev-mode", dev_mode),
    Route("PUT", f"{_SPACE}/volumes", set_volumes),
    Route("DELETE", f"{_SPACE}/volumes", delete_volumes),
]
