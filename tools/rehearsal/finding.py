"""The two searches over what the caller may see: a listing's `search` and the ranked one.

The platform ranks with a model that is not public; `search` says how it is done here.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from . import search
from .call import Call
from .machine import stages
from .store.git import GitRepository
from .store.records import Kind

SERVING = (stages.RUNNING, stages.SLEEPING)
"""Stages of what a visitor can use. Whether the platform counts a sleeping Space as running here is
not published; it wakes for whoever visits it."""

Json = dict[str, Any]


async def matching(call: Call, kind: Kind, items: list[Json], wanted: str) -> list[Json]:
    """Return the items that `wanted` names, by relevance."""
    documents = [await _document(call, kind, item) for item in items]
    scores = search.relevance(wanted, documents)
    kept = [
        (wanted.lower() == item["id"].lower(), score, item)
        for item, found, score in zip(items, documents, scores, strict=True)
        if search.mentions(wanted, item["id"], found)
    ]
    kept.sort(key=lambda found: found[:2], reverse=True)
    return [item for _, _, item in kept]


async def ranked(call: Call, items: list[Json], query: str) -> list[Json]:
    """Return the Spaces among `items` that fit a query, the best first, as search results."""
    documents = [await _document(call, "spaces", item) for item in items]
    scores = search.relevance(query, documents)
    found = [(score, item) for score, item in zip(scores, items, strict=True) if score > 0]
    found.sort(key=lambda pair: (pair[0], pair[1]["trendingScore"]), reverse=True)
    return [_result(call, item, score) for score, item in found]


def _result(call: Call, item: Json, score: float) -> Json:
    card, facts = item["cardData"], call.hub.world.of(item["_id"])
    copied = ("id", "author", "sdk", "likes", "private", "tags", "runtime", "trendingScore")
    return {key: item[key] for key in copied} | {
        "title": str(card.get("title") or item["id"]),
        "emoji": card.get("emoji"),
        "createdAt": item["createdAt"],
        "lastModified": item["lastModified"],
        "ai_short_description": card.get("short_description") or facts.description,
        "ai_category": facts.category,
        "semanticRelevancyScore": score,
    }


async def _document(call: Call, kind: Kind, item: Json) -> search.Document:
    record = call.hub.repositories.records.find(kind, *item["id"].split("/"))
    if record is None:
        return search.Document({}, frozenset())

    def read(repository: GitRepository) -> search.Document:
        make = partial(_made, repository, item, call.hub.world.of(item["_id"]).description)
        return call.hub.index.of(item["_id"], item["sha"], make)

    return await call.in_repository(record, read)


def _made(repository: GitRepository, item: Json, description: str | None) -> search.Document:
    named = str(item["cardData"].get("app_file") or "app.py")
    readme, code = (_text(repository, item["sha"], path) for path in ("README.md", named))
    return search.document(item, description, readme, code)


def _text(repository: GitRepository, commit: str, path: str) -> str:
    content = repository.read_path(commit, path) or b""
    return content[: 4 * search.LONGEST_TEXT].decode("utf-8", "replace")


def page(call: Call, items: list[Json], size: int) -> tuple[list[Json], dict[str, str]]:
    """Return the page that `cursor` names, and the `Link` header to the next one, if any."""
    start = call.number("cursor", 0)
    end = start + size
    if end >= len(items) or size == 0:
        return items[start:end], {}
    asked = [(k, v) for k, v in call.request.query_params.multi_items() if k != "cursor"]
    path = call.request.scope["raw_path"].decode()
    following = f"{call.hub.endpoint}{path}?{urlencode([*asked, ('cursor', str(end))])}"
    return items[start:end], {"Link": f'<{following}>; rel="next"'}
