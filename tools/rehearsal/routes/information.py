"""What repositories there are and what is known of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access, presentation
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
    wanted = _expand(call)
    return JSONResponse(presentation.expanded(found, wanted) if wanted else found)


def _expand(call: Call) -> list[str]:
    query = call.request.query_params
    return query.getlist("expand") + query.getlist("expand[]")


async def listing(call: Call) -> Response:
    """Answer `GET /api/{kind}`: what the caller may see, by author, text and tags."""
    found = await visible(call, access.named_kind(call.captured["kind"]))
    search = (call.query("search") or "").lower()
    found = [item for item in found if search in item["id"].lower()]
    key = call.query("sort") or "createdAt"
    if key not in SORT_KEYS:
        raise bad_request(f"sort must be one of [{', '.join(SORT_KEYS)}], not {key!r}")
    found.sort(key=lambda item: item[key], reverse=True)
    limit = call.number("limit", MAXIMUM_LISTED)
    return JSONResponse([_listed(call, item) for item in found[:limit]])


def _listed(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    wanted = _expand(call)
    if wanted:
        return presentation.expanded(item, wanted)
    if call.flag("full"):
        return item
    return {key: value for key, value in item.items() if key not in {"siblings", "runtime"}}


async def visible(call: Call, kind: Kind) -> list[dict[str, Any]]:
    """Return the repositories the caller may see, by the query's `author` and `filter`."""
    query = call.request.query_params
    author, tags = query.get("author"), set(query.getlist("filter"))
    records = [
        record
        for record in call.hub.repositories.records.all(kind)
        if access.may_read(call.account, record) and author in {None, record.namespace}
    ]
    found = [await call.in_repository(record, _reader(call, record)) for record in records]
    return [item for item in found if tags <= set(item["tags"])]


def _reader(call: Call, record: RepositoryRecord) -> Callable[[GitRepository], dict[str, Any]]:
    def read(repository: GitRepository) -> dict[str, Any]:
        commit = repository.resolve(DEFAULT_REVISION)
        return presentation.information(call.hub, record, repository, commit)

    return read


async def search(call: Call) -> Response:
    """Answer `GET /api/spaces/semantic-search`: by the share of words found, not by meaning."""
    words = set((call.query("q") or "").lower().split())
    if not words:
        raise bad_request("q must name at least one word")
    sdks = call.request.query_params.getlist("sdk")
    everything = call.flag("includeNonRunning")
    found = [
        _search_result(item, words)
        for item in await visible(call, "spaces")
        if (not sdks or item["sdk"] in sdks)
        and (everything or item["runtime"]["stage"] == "RUNNING")
    ]
    relevant = [item for item in found if item["semanticRelevancyScore"] > 0]
    relevant.sort(key=lambda item: item["semanticRelevancyScore"], reverse=True)
    return JSONResponse(relevant)


def _search_result(item: dict[str, Any], words: set[str]) -> dict[str, Any]:
    card = item["cardData"]
    parts = [item["id"], card.get("title"), card.get("short_description"), *item["tags"]]
    text = " ".join(str(part) for part in parts if part).lower()
    return {
        "id": item["id"],
        "author": item["author"],
        "title": str(card.get("title") or item["id"]),
        "emoji": card.get("emoji"),
        "sdk": item["sdk"],
        "likes": item["likes"],
        "private": item["private"],
        "tags": item["tags"],
        "runtime": item["runtime"],
        "ai_short_description": card.get("short_description"),
        "ai_category": None,
        "semanticRelevancyScore": sum(word in text for word in words) / len(words),
        "trendingScore": item["trendingScore"],
    }


async def auth_check(call: Call) -> Response:
    """Answer `GET .../auth-check`: the caller may see the repository."""
    access.readable(call)
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
