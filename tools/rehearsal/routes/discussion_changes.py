"""Changing a discussion: its title, its comments, and merging a pull request."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from .. import access, conversation
from ..call import Call
from ..errors import HubError, bad_request
from ..router import Handler, Route
from ..store.discussions import PULL_REQUESTS, Discussion, Event
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.merging import merge as merge_changes
from ..store.records import RepositoryRecord
from ..store.revisions import NewCommit
from ..upload import MAIN_REFERENCE
from .discussions import find_discussion, named_title, writer


async def rename(call: Call) -> Response:
    """Answer `POST .../discussions/{number}/title`, for the author and those who may write."""
    record, discussion = _changeable(call)
    title = named_title(await call.json())
    event = call.hub.discussions.rename(record, discussion, writer(call), title)
    return JSONResponse({"newTitle": conversation.event(event)})


def _changeable(call: Call) -> tuple[RepositoryRecord, Discussion]:
    record = access.readable(call)
    discussion = find_discussion(call, record)
    if writer(call) != discussion.author:
        access.writable(call)
    return record, discussion


def _edit(*, hide: bool) -> Handler:
    async def edit(call: Call) -> Response:
        record = access.readable(call)
        discussion = find_discussion(call, record)
        comment = _own_comment(call, record, discussion)
        text = "" if hide else (await call.json()).text("content")
        changed = call.hub.discussions.edit(record, discussion.number, comment, text, hidden=hide)
        return JSONResponse({"updatedComment": conversation.event(changed)})

    return edit


def _own_comment(call: Call, record: RepositoryRecord, discussion: Discussion) -> Event:
    wanted = call.captured["comment"]
    for event in call.hub.discussions.events(record, discussion.number):
        if event.id == wanted and event.kind == "comment":
            if event.author != writer(call):
                access.writable(call)
            return event
    raise HubError(404, f"discussion {discussion.number} has no comment {wanted}")


async def merge(call: Call) -> Response:
    """Answer `POST .../discussions/{number}/merge`: one commit on `main`; a Space then builds."""
    record = access.writable(call)
    discussion = find_discussion(call, record)
    if not discussion.is_pull_request or discussion.status not in {"open", "draft"}:
        raise bad_request(f"discussion {discussion.number} is no open pull request")
    author = writer(call)
    details = NewCommit(f"{discussion.title} (#{discussion.number})", "", author)

    def work(repository: GitRepository) -> tuple[str, str]:
        with call.hub.repositories.lock(record):
            old = repository.resolve(DEFAULT_REVISION)
            source = repository.resolve(f"{PULL_REQUESTS}{discussion.number}")
            new = merge_changes(repository, source, MAIN_REFERENCE, details)
            call.hub.discussions.merged(record, discussion.number, author, new)
        return old, new

    old, new = await call.in_repository(record, work)
    if new != old and record.kind == "spaces":
        await call.hub.machine.pushed(record.full_name, new)
    return JSONResponse({"mergeCommitId": new})


_DISCUSSION = "/api/{kind}/{namespace}/{name}/discussions/{number}"

ROUTES = [
    Route("POST", f"{_DISCUSSION}/title", rename),
    Route("POST", f"{_DISCUSSION}/comment/{{comment}}/edit", _edit(hide=False)),
    Route("POST", f"{_DISCUSSION}/comment/{{comment}}/hide", _edit(hide=True)),
    Route("POST", f"{_DISCUSSION}/merge", merge),
]
