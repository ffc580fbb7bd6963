"""Making a new Space, from nothing or from another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import gates
from .call import Call, Fields
from .errors import HubError, bad_request, conflict
from .settings import Setting, read_settings, read_volumes
from .store.accounts import Owner
from .store.records import VISIBILITIES, Records, RepositoryRecord, Visibility


def named_visibility(fields: Fields, default: Visibility) -> Visibility:
    """Return what `visibility`, or the older `private`, asks for."""
    fields.choice("visibility", VISIBILITIES)
    wanted = fields.optional_text("visibility")
    for visibility in VISIBILITIES:
        if visibility == wanted:
            return visibility
    private = fields.boolean("private")
    if private is None:
        return default
    return "private" if private else "public"


def zero_gpu_spaces(records: Records, owner: Owner, *, but: str | None = None) -> int:
    """Return how many Spaces of `owner` are on ZeroGPU, the one with the id `but` not counted."""
    return sum(
        record.namespace == owner.name and record.hardware == gates.ZERO_GPU and record.id != but
        for record in records.all("spaces")
    )


def space_record(
    call: Call, fields: Fields, record: RepositoryRecord, owner: Owner
) -> RepositoryRecord:
    """Return `record` completed with what `fields` ask for. Raises 400 or 402 (see gates)."""
    hardware = fields.optional_text("hardware") or gates.DEFAULT_HARDWARE
    sdk = gates.checked_sdk(record.sdk)
    count = zero_gpu_spaces(call.hub.repositories.records, owner)
    gates.check_visibility(owner, record.visibility)
    gates.check_creation(gates.Request(sdk, hardware, owner, count))
    return replace(
        record,
        sdk=sdk,
        hardware=hardware,
        sleep_seconds=fields.integer("sleepTimeSeconds"),
        volumes=read_volumes(fields),
    )


async def store(
    call: Call,
    record: RepositoryRecord,
    files: Mapping[str, bytes],
    settings: tuple[Setting, ...] = (),
    title: str = "initial commit",
) -> dict[str, Any]:
    """Store a new repository, take it up if it is a Space, and return the Hub's answer.

    Raises 409, with the address of the repository that has the name already.
    """
    url = call.hub.endpoint + record.web_path

    def work() -> None:
        call.hub.repositories.create(record, files, title)
        for setting in settings:
            call.hub.environment.put(
                record, setting.key, setting.value, setting.description, secret=setting.secret
            )

    try:
        await call.in_thread(work)
    except HubError as error:
        raise (conflict(error.message, url=url) if error.status == 409 else error) from error
    if record.kind == "spaces":
        await call.hub.machine.created(record.full_name)
    return {"url": url, "name": record.full_name, "id": record.id}


def initial_settings(fields: Fields) -> tuple[Setting, ...]:
    """Return the variables and secrets that a new Space gets. Raises 400."""
    settings = (
        *read_settings(fields, "variables", secret=False),
        *read_settings(fields, "secrets", secret=True),
    )
    names = [setting.key for setting in settings]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise bad_request(f"variables and secrets name {', '.join(sorted(twice))} more than once")
    return settings
