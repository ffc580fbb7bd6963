"""References and commits."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access, presentation
from ..call import Call
from ..errors import bad_request, conflict, forbidden
from ..paths import checked_path
from ..router import Route
from ..store.discussions import PULL_REQUESTS
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.revisions import NewCommit

COMMITS_PER_PAGE = 50
_BRANCHES, _TAGS = "refs/heads/", "refs/tags/"
_NOT_IN_REFERENCES = re.compile(r"[ ~^:?*\[\\]|\.lock(/|$)|@\{")


async def references(call: Call) -> Response:
    """Answer `GET .../refs[?include_prs=1]`."""
    record = access.readable(call)
    found = await call.in_repository(record, GitRepository.references)
    answer = {
        "branches": _named(found, _BRANCHES),
        "converts": [],
        "tags": _named(found, _TAGS),
    }
    if call.flag("include_prs"):
        answer["pullRequests"] = _named(found, PULL_REQUESTS)
    return JSONResponse(answer)


def _named(references: dict[str, str], prefix: str) -> list[dict[str, str]]:
    return [
        {"name": name.removeprefix(prefix), "ref": name, "targetCommit": commit}
        for name, commit in sorted(references.items())
        if name.startswith(prefix)
    ]


async def commits(call: Call) -> Response:
    """Answer `GET .../commits/{revision}?p=&limit=`, newest first."""
    record = access.readable(call)
    limit = call.number("limit", COMMITS_PER_PAGE) or COMMITS_PER_PAGE
    page = call.number("p", 0)
    formatted = "formatted" in call.listed("expand")

    def read(repository: GitRepository) -> list[dict[str, Any]]:
        history = repository.history(repository.resolve(call.captured["revision"]))
        # One more than asked for, to know whether there is a next page.
        wanted = islice(history, page * limit, (page + 1) * limit + 1)
        return [presentation.commit(item, formatted=formatted) for item in wanted]

    found = await call.in_repository(record, read)
    headers = {}
    if len(found) > limit:
        following = call.request.url.include_query_params(p=page + 1, limit=limit)
        headers["Link"] = f'<{following}>; rel="next"'
    return JSONResponse(found[:limit], headers=headers)


async def create_branch(call: Call) -> Response:
    """Answer `POST .../branch/{name}`."""
    fields = await call.json()
    start = fields.optional_text("startingPoint") or DEFAULT_REVISION
    return await _create(call, _BRANCHES + call.captured["reference"], start)


async def create_tag(call: Call) -> Response:
    """Answer `POST .../tag/{revision}`; the message is not kept."""
    fields = await call.json()
    return await _create(call, _TAGS + fields.text("tag"), call.captured["reference"])


async def _create(call: Call, reference: str, revision: str) -> Response:
    record = access.writable(call)

    def work(repository: GitRepository) -> None:
        with call.hub.repositories.lock(record):
            commit = repository.resolve(revision)
            _check_reference(reference)
            if reference in repository.references():
                raise conflict(f"Reference {reference} already exists")
            repository.point(reference, commit)

    await call.in_repository(record, work)
    return Response()


def _check_reference(name: str) -> None:
    checked_path(name)
    if _NOT_IN_REFERENCES.search(name) or name.endswith("."):
        raise bad_request(f"{name!r} is not a valid git reference")


async def delete_branch(call: Call) -> Response:
    """Answer `DELETE .../branch/{name}`."""
    if call.captured["reference"] == DEFAULT_REVISION:
        raise forbidden(f"Cannot delete {_BRANCHES}{DEFAULT_REVISION}: it is the default branch")
    return await _delete(call, _BRANCHES + call.captured["reference"])


async def delete_tag(call: Call) -> Response:
    """Answer `DELETE .../tag/{name}`."""
    return await _delete(call, _TAGS + call.captured["reference"])


async def _delete(call: Call, reference: str) -> Response:
    record = access.writable(call)

    def work(repository: GitRepository) -> None:
        with call.hub.repositories.lock(record):
            repository.resolve(reference)
            repository.unpoint(reference)

    await call.in_repository(record, work)
    return Response()


async def super_squash(call: Call) -> Response:
    """Answer `POST .../super-squash/{revision}`: one commit takes the place of the history."""
    record = access.writable(call)
    title = (await call.json()).text("message")
    author = call.require_account().name

    def work(repository: GitRepository) -> tuple[str, str]:
        with call.hub.repositories.lock(record):
            reference = repository.writable_reference(call.captured["revision"])
            return reference, repository.squash(reference, NewCommit(title, "", author))

    reference, made = await call.in_repository(record, work)
    if reference == _BRANCHES + DEFAULT_REVISION and record.kind == "spaces":
        await call.hub.machine.pushed(record.full_name, made)
    return Response()


_REPOSITORY = "/api/{kind}/{namespace}/{name}"

ROUTES = [
    Route("GET", f"{_REPOSITORY}/refs", references),
    Route("GET", f"{_REPOSITORY}/commits/{{revision}}", commits),
    Route("POST", f"{_REPOSITORY}/super-squash/{{revision}}", super_squash),
    Route("POST", f"{_REPOSITORY}/branch/{{reference}}", create_branch),
    Route("DELETE", f"{_REPOSITORY}/branch/{{reference}}", delete_branch),
    Route("POST", f"{_REPOSITORY}/tag/{{reference}}", create_tag),
    Route("DELETE", f"{_REPOSITORY}/tag/{{reference}}", delete_tag),
]
