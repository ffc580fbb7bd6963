"""Discussions and pull requests: how grants are asked for and changes are proposed."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.responses import JSONResponse, Response

from .. import access, conversation
from ..call import Call, Fields
from ..errors import HubError, bad_request
from ..router import Route
from ..store.discussions import PULL_REQUESTS, Discussion
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.records import RepositoryRecord
from ..upload import next_number

STATUSES = ("open", "closed")


async def create(call: Call) -> Response:
    """Answer `POST .../discussions`; a pull request gets its reference, at the head of `main`."""
    record = access.readable(call)
    author = writer(call)
    fields = await call.json()
    title, is_pull_request = named_title(fields), bool(fields.boolean("pullRequest"))
    description = fields.optional_text("description") or ""

    def work(repository: GitRepository) -> int:
        with call.hub.repositories.lock(record):
            number = next_number(repository, call.hub.discussions, record)
            if is_pull_request:
                repository.point(f"{PULL_REQUESTS}{number}", repository.resolve(DEFAULT_REVISION))
            status = "draft" if is_pull_request else "open"
            discussion = Discussion(number, title, author, status, is_pull_request=is_pull_request)
            call.hub.discussions.open(record, discussion, description)
        return number

    number = await call.in_repository(record, work)
    found = _found(call, record, number)
    return JSONResponse(await _detailed(call, record, found), status_code=201)


def writer(call: Call) -> str:
    """Return the caller's name: anybody with a write token may discuss what they can see."""
    account = call.require_account()
    access.require_namespace(account, account.name)
    return account.name


def named_title(fields: Fields) -> str:
    """Return the title that was sent. Raises 400 for one of fewer than 3 characters."""
    title = fields.text("title").strip()
    if len(title) < 3:
        raise bad_request("title must have at least 3 characters")
    return title


async def listing(call: Call) -> Response:
    """Answer `GET .../discussions?type=&status=&author=`, everything on one page."""
    record = access.readable(call)
    found = [item for item in call.hub.discussions.all(record) if _is_wanted(call, item)]
    shown = found if call.number("p", 0) == 0 else []
    return JSONResponse(
        {
            "discussions": [conversation.summary(record, item) for item in shown],
            "count": len(found),
            "start": 0 if shown else len(found),
        }
    )


def _is_wanted(call: Call, discussion: Discussion) -> bool:
    kind = "pull_request" if discussion.is_pull_request else "discussion"
    status = "closed" if discussion.status in {"closed", "merged"} else "open"
    return (
        call.query("type") in {None, "all", kind}
        and call.query("status") in {None, "all", status}
        and call.query("author") in {None, discussion.author}
    )


async def details(call: Call) -> Response:
    """Answer `GET .../discussions/{number}`."""
    record = access.readable(call)
    return JSONResponse(await _detailed(call, record, find_discussion(call, record)))


async def comment(call: Call) -> Response:
    """Answer `POST .../discussions/{number}/comment`."""
    record = access.readable(call)
    author = writer(call)
    discussion = find_discussion(call, record)
    text = (await call.json()).text("comment")
    event = call.hub.discussions.comment(record, discussion.number, author, text)
    return JSONResponse({"newMessage": conversation.event(event)}, status_code=201)


async def change_status(call: Call) -> Response:
    """Answer `POST .../discussions/{number}/status`, for the author and those who may write."""
    record = access.readable(call)
    author = writer(call)
    discussion = find_discussion(call, record)
    if author != discussion.author:
        record = access.writable(call)
    fields = await call.json()
    status = fields.choice("status", STATUSES)
    if status is None:
        raise bad_request("status is required")
    if text := fields.optional_text("comment"):
        call.hub.discussions.comment(record, discussion.number, author, text)
    event = call.hub.discussions.set_status(record, discussion.number, author, status)
    return JSONResponse({"newStatus": conversation.event(event)})


def find_discussion(call: Call, record: RepositoryRecord) -> Discussion:
    """Return the discussion whose number is in the path. Raises 404, or 400 for no number."""
    number = call.captured["number"]
    if not number.isascii() or not number.isdecimal():
        raise bad_request(f"the number of a discussion must be a whole number, not {number!r}")
    return _found(call, record, int(number[:9]))


def _found(call: Call, record: RepositoryRecord, number: int) -> Discussion:
    found = call.hub.discussions.find(record, number)
    if found is None:
        raise HubError(404, f"{record.full_name} has no discussion {number}")
    return found


async def _detailed(call: Call, record: RepositoryRecord, discussion: Discussion) -> dict[str, Any]:
    events = call.hub.discussions.events(record, discussion.number)
    answer = conversation.details(record, discussion, events)
    if not discussion.is_pull_request:
        return answer
    changes = partial(conversation.changes, discussion=discussion, with_diff=call.flag("diff"))
    return answer | await call.in_repository(record, changes)


_DISCUSSIONS = "/api/{kind}/{namespace}/{name}/discussions"

ROUTES = [
    Route("GET", _DISCUSSIONS, listing),
    Route("POST", _DISCUSSIONS, create),
    Route("GET", f"{_DISCUSSIONS}/{{number}}", details),
    Route("POST", f"{_DISCUSSIONS}/{{number}}/comment", comment),
    Route("POST", f"{_DISCUSSIONS}/{{number}}/status", change_status),
]
