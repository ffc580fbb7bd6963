"""What repositories there are and what is known of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access, finding, presentation
from ..call import Call
from ..errors import bad_request
from ..router import Route
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.records import KINDS, Kind, RepositoryRecord

MAXIMUM_LISTED = 1000
SORT_KEYS = ("lastModified", "createdAt", "trendingScore", "likes")


async def information(call: Call) -> Response:
    """Answer `GET /api/{kind}/{ns}/{name}[/revision/{revision}]`."""
    record = access.readable(call)
    revision = call.captured.get("revision", DEFAULT_REVISION)

    def read(repository: GitRepository) -> dict[str, Any]:
        commit = repository.resolve(revision)
        return presentation.information(
            call.hub, record, repository, commit, with_blobs=call.flag("blobs")
        )

    found = await call.in_repository(record, read)
    wanted = call.listed("expand")
    return JSONResponse(presentation.expanded(found, wanted) if wanted else found)


async def listing(call: Call) -> Response:
    """Answer `GET /api/{kind}`: what the caller may see, by author, text and tags."""
    kind = access.named_kind(call.captured["kind"])
    found = await visible(call, kind)
    key = call.query("sort")
    if key is not None and key not in SORT_KEYS:
        raise bad_request(f"sort must be one of [{', '.join(SORT_KEYS)}], not {key!r}")
    wanted = call.query("search")
    if wanted:
        found = await finding.matching(call, kind, found, wanted)
    if key or not wanted:
        found.sort(key=lambda item: item[key or "createdAt"], reverse=True)
    shown, headers = finding.page(call, found, call.number("limit", MAXIMUM_LISTED))
    return JSONResponse([_listed(call, item) for item in shown], headers=headers)


def _listed(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    wanted = call.listed("expand")
    if wanted:
        return presentation.expanded(item, wanted)
    if call.flag("full"):
        return item
    return {key: value for key, value in item.items() if key not in {"siblings", "runtime"}}


async def visible(call: Call, kind: Kind) -> list[dict[str, Any]]:
    """Return the repositories the caller may see, by the query's `author` and `filter`."""
    query = call.request.query_params
    author, tags = query.get("author"), set(query.getlist("filter"))
    used = {name: set(query.getlist(name)) for name in ("models", "datasets")}
    records = [
        record
        for record in call.hub.repositories.records.all(kind)
        if access.may_read(call.account, record) and author in {None, record.namespace}
    ]
    found = [await call.in_repository(record, _reader(call, record)) for record in records]
    found = [item for item in found if tags <= set(item["tags"])]
    return [i for i in found if all(names <= set(i.get(k, ())) for k, names in used.items())]


def _reader(call: Call, record: RepositoryRecord) -> Callable[[GitRepository], dict[str, Any]]:
    def read(repository: GitRepository) -> dict[str, Any]:
        commit = repository.resolve(DEFAULT_REVISION)
        return presentation.information(call.hub, record, repository, commit)

    return read


async def search(call: Call) -> Response:
    """Answer `GET /api/spaces/semantic-search`, the best first."""
    query = call.query("q") or ""
    if not query.strip():
        raise bad_request("q must name at least one word")
    sdks = call.request.query_params.getlist("sdk")
    everything = call.flag("includeNonRunning")
    candidates = [
        item
        for item in await visible(call, "spaces")
        if (not sdks or item["sdk"] in sdks)
        and (everything or item["runtime"]["stage"] in finding.SERVING)
    ]
    return JSONResponse(await finding.ranked(call, candidates, query))


async def auth_check(call: Call) -> Response:
    """Answer `GET .../auth-check`: the caller may download from the repository."""
    access.check_download(call, access.readable(call))
    return JSONResponse({})


async def auth_check_write(call: Call) -> Response:
    """Answer `GET .../auth-check/write`: the caller may change the repository."""
    access.writable(call)
    return JSONResponse({})


async def my_repositories(call: Call) -> Response:
    """Answer `GET /api/settings/repositories` and the organisation's counterpart."""
    account = call.require_account()
    namespace = call.captured.get("organization", account.name)
    if account.namespace(namespace) is None:
        access.require_namespace(account, namespace)
    found = [
        _storage(item, kind)
        for kind in KINDS
        for item in await visible(call, kind)
        if item["author"] == namespace
    ]
    return JSONResponse(found)


def _storage(item: dict[str, Any], kind: Kind) -> dict[str, Any]:
    return {
        "id": item["id"],
        "type": kind[:-1],
        "updatedAt": item["lastModified"],
        "visibility": item["visibility"],
        "storage": item["usedStorage"],
        "storagePercent": 0,
    }


ROUTES = [
    Route("GET", "/api/spaces/semantic-search", search),
    Route("GET", "/api/settings/repositories", my_repositories),
    Route("GET", "/api/organizations/{organization}/settings/repositories", my_repositories),
    Route("GET", "/api/{kind}", listing),
    Route("GET", "/api/{kind}/{namespace}/{name}", information),
    Route("GET", "/api/{kind}/{namespace}/{name}/revision/{revision}", information),
    Route("GET", "/api/{kind}/{namespace}/{name}/auth-check", auth_check),
    Route("GET", "/api/{kind}/{namespace}/{name}/auth-check/write", auth_check_write),
]
