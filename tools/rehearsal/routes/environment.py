"""Variables, which everybody may read, and secrets, whose values nobody gets back."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access
from ..call import Call
from ..router import Handler, Route
from ..settings import read_setting
from ..store.records import RepositoryRecord


def _variables(call: Call, record: RepositoryRecord) -> Response:
    found = call.hub.environment.all(record, secret=False)
    return JSONResponse(
        {
            setting.key: _described(setting.description)
            | {"value": setting.value, "updatedAt": setting.updated_at}
            for setting in found
        }
    )


def _described(description: str | None) -> dict[str, Any]:
    return {} if description is None else {"description": description}


async def list_variables(call: Call) -> Response:
    """Answer `GET .../variables` with the whole map."""
    return _variables(call, access.readable(call))


async def list_secrets(call: Call) -> Response:
    """Answer `GET .../secrets`: names, descriptions and dates only."""
    found = call.hub.environment.all(access.writable(call), secret=True)
    return JSONResponse(
        {
            setting.key: _described(setting.description) | {"updatedAt": setting.updated_at}
            for setting in found
        }
    )


def _put(*, secret: bool) -> Handler:
    async def put(call: Call) -> Response:
        record = access.writable(call)
        setting = read_setting(await call.json(), secret=secret)
        call.hub.environment.put(
            record, setting.key, setting.value, setting.description, secret=secret
        )
        return await _changed(call, record, secret=secret)

    return put


def _delete(*, secret: bool) -> Handler:
    async def delete(call: Call) -> Response:
        record = access.writable(call)
        key = (await call.json()).text("key")
        call.hub.environment.delete(record, key, secret=secret)
        return await _changed(call, record, secret=secret)

    return delete


async def _changed(call: Call, record: RepositoryRecord, *, secret: bool) -> Response:
    await call.hub.machine.settings_changed(record.full_name)
    return JSONResponse({}) if secret else _variables(call, record)


_SPACE = "/api/spaces/{namespace}/{name}"

ROUTES = [
    Route("GET", f"{_SPACE}/variables", list_variables),
    Route("POST", f"{_SPACE}/variables", _put(secret=False)),
    Route("DELETE", f"{_SPACE}/variables", _delete(secret=False)),
    Route("GET", f"{_SPACE}/secrets", list_secrets),
    Route("POST", f"{_SPACE}/secrets", _put(secret=True)),
    Route("DELETE", f"{_SPACE}/secrets", _delete(secret=True)),
]
