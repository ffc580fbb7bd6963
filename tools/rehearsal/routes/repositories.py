"""Creating, renaming, duplicating and deleting repositories."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

from ...knowledge import space_templates
from .. import access, creation, front_matter, initial
from ..access import named_kind
from ..call import Call, Fields
from ..errors import bad_request
from ..paths import checked_name
from ..router import Route
from ..settings import Setting
from ..store.git import GitRepository
from ..store.records import RepositoryRecord


async def create(call: Call) -> Response:
    """Answer `POST /api/repos/create`."""
    fields = await call.json()
    account = call.require_account()
    kind = named_kind((fields.optional_text("type") or "model") + "s")
    owner = access.require_namespace(account, fields.optional_text("organization") or account.name)
    record = RepositoryRecord(
        kind=kind,
        namespace=owner.name,
        name=checked_name(fields.text("name")),
        visibility=creation.named_visibility(fields, "public"),
        creator=account.name,
    )
    async with call.hub.gate:
        if kind != "spaces":
            return JSONResponse(await creation.store(call, record, initial.other_files()))
        return JSONResponse(await _create_space(call, fields, record))


async def _create_space(call: Call, fields: Fields, record: RepositoryRecord) -> dict[str, object]:
    owner = access.require_namespace(call.require_account(), record.namespace)
    template = _known_template(fields.optional_text("template"))
    wanted = RepositoryRecord(
        kind="spaces",
        namespace=record.namespace,
        name=record.name,
        visibility=record.visibility,
        creator=record.creator,
        sdk=fields.optional_text("sdk"),
    )
    complete = creation.space_record(call, fields, wanted, owner)
    files = initial.space_files(complete.name, complete.sdk or "", template)
    return await creation.store(call, complete, files, creation.initial_settings(fields))


def _known_template(repository: str | None) -> str | None:
    known = [template.repo_id for template in space_templates()]
    if repository is not None and repository not in known:
        raise bad_request(f"template must be one of [{', '.join(known)}], not {repository!r}")
    return repository


async def duplicate(call: Call) -> Response:
    """Answer `POST /api/spaces/{ns}/{name}/duplicate`: files and variables, but no secrets."""
    source = access.readable(call)
    fields = await call.json()
    account = call.require_account()
    namespace, name = _full_name(fields.text("repository"), account.name)
    owner = access.require_namespace(account, namespace)
    wanted = RepositoryRecord(
        kind=source.kind,
        namespace=owner.name,
        name=checked_name(name),
        visibility=creation.named_visibility(fields, source.visibility),
        creator=account.name,
        sdk=source.sdk,
    )
    async with call.hub.gate:
        if source.kind == "spaces":
            wanted = creation.space_record(call, fields, wanted, owner)
        files = await call.in_repository(source, lambda r: _files(r, source))
        settings = (*_copied_variables(call, source), *creation.initial_settings(fields))
        title = f"Duplicate from {source.full_name}"
        return JSONResponse(await creation.store(call, wanted, files, settings, title))


def _full_name(text: str, default_namespace: str) -> tuple[str, str]:
    namespace, _, name = text.rpartition("/")
    return namespace or default_namespace, name


def _files(repository: GitRepository, source: RepositoryRecord) -> dict[str, bytes]:
    files = repository.contents(repository.resolve("main"))
    if "README.md" in files:
        readme = files["README.md"].decode("utf-8", "surrogateescape")
        marked = front_matter.add_line(readme, f"duplicated_from: {source.full_name}")
        files["README.md"] = marked.encode("utf-8", "surrogateescape")
    return files


def _copied_variables(call: Call, source: RepositoryRecord) -> list[Setting]:
    found = call.hub.environment.all(source, secret=False)
    return [Setting(item.key, item.value, item.description, secret=False) for item in found]


async def delete(call: Call) -> Response:
    """Answer `DELETE /api/repos/delete`."""
    fields = await call.json()
    kind = named_kind((fields.optional_text("type") or "model") + "s")
    account = call.require_account()
    full_name = _full_name(fields.text("name"), account.name)
    namespace = fields.optional_text("organization") or full_name[0]
    record = access.find_readable(call, kind, namespace, full_name[1])
    access.require_namespace(account, record.namespace)
    if record.kind == "spaces":
        await call.hub.machine.forget(record.full_name)
    await call.in_thread(lambda: call.hub.repositories.delete(record))
    return PlainTextResponse("OK")


async def move(call: Call) -> Response:
    """Answer `POST /api/repos/move`. The app gets a new address."""
    fields = await call.json()
    account = call.require_account()
    kind = named_kind((fields.optional_text("type") or "model") + "s")
    record = access.find_readable(call, kind, *_full_name(fields.text("fromRepo"), account.name))
    access.require_namespace(account, record.namespace)
    namespace, name = _full_name(fields.text("toRepo"), account.name)
    owner = access.require_namespace(account, namespace)
    checked_name(name)
    await call.in_thread(lambda: call.hub.repositories.move(record, owner.name, name))
    if record.kind == "spaces":
        await call.hub.machine.forget(record.full_name)
        await call.hub.machine.created(f"{owner.name}/{name}")
    return JSONResponse({"url": f"{call.hub.endpoint}/{record.kind}/{owner.name}/{name}"})


ROUTES = [
    Route("POST", "/api/repos/create", create),
    Route("DELETE", "/api/repos/delete", delete),
    Route("POST", "/api/repos/move", move),
    Route("POST", "/api/{kind}/{namespace}/{name}/duplicate", duplicate),
]
