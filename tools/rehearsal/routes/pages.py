"""The Hub's web pages: public at their own address, private ones below `/view/{key}`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response

from .. import access, event_stream, pages, presentation
from ..call import Call
from ..errors import HubError, entry_not_found
from ..router import Handler, Route
from ..store.git import DEFAULT_REVISION, GitRepository
from ..store.revisions import CommitRecord, File
from .contents import resolve
from .discussions import find_discussion
from .information import visible
from .logs import find_log

SHOWN_COMMITS = 10
SHOWN_FILES = 500


async def open_view(call: Call) -> Response:
    """Answer `GET /open?ticket=&next=`: use up a ticket and go where private pages are shown."""
    key = call.hub.tickets.redeem(call.query("ticket") or "")
    if key is None:
        raise HubError(403, "This ticket was used or has expired; ask for another one")
    # Put behind the view's own path, so it can't lead anywhere else.
    path = (call.query("next") or "").lstrip("/")
    return RedirectResponse(f"/view/{key}/{quote(path)}", status_code=303)


def _viewed(handler: Handler) -> Handler:
    """Return the handler for the same page below `/view/{key}`, seen as the key's account."""

    async def viewed(call: Call) -> Response:
        account = call.hub.tickets.account(call.captured["key"])
        if account is None:
            raise HubError(403, "This view has ended; open it again")
        return await handler(replace(call, account=account))

    return viewed


def _prefix(call: Call) -> str:
    key = call.captured.get("key")
    return f"/view/{key}" if key else ""


async def home(call: Call) -> Response:
    """Answer `GET /` with the Spaces that the viewer may see."""
    return pages.space_list(await visible(call, "spaces"), _prefix(call))


@dataclass(frozen=True)
class _Contents:
    information: dict[str, Any]
    files: list[File]
    commits: list[CommitRecord]


async def space(call: Call) -> Response:
    """Answer `GET /spaces/{ns}/{name}`."""
    record = access.readable(call)

    def read(repository: GitRepository) -> _Contents:
        commit = repository.resolve(DEFAULT_REVISION)
        entries = repository.entries(commit, recursive=True)
        files = [entry for entry in entries if isinstance(entry, File)]
        return _Contents(
            presentation.information(call.hub, record, repository, commit),
            files[:SHOWN_FILES],
            list(islice(repository.history(commit), SHOWN_COMMITS)),
        )

    found = await call.in_repository(record, read)
    shows_logs = access.may_write(call.account, record)
    return pages.space(
        pages.SpacePage(
            record, found.information, found.files, found.commits, _prefix(call), shows_logs
        )
    )


async def state(call: Call) -> Response:
    """Answer `GET /spaces/{ns}/{name}/state`, which the page asks for again and again."""
    record = access.readable(call)
    runtime = call.hub.machine.runtime(record.full_name)
    return JSONResponse(
        {
            "stage": runtime.stage,
            "revision": runtime.revision or "",
            "host": runtime.host,
            "error": runtime.error_message,
        }
    )


async def logs(call: Call) -> Response:
    """Answer `GET /view/{key}/spaces/{ns}/{name}/logs/build|run`."""
    log = find_log(call, access.writable(call), call.captured["log"])
    return event_stream.answer(log, call.hub.stopping)


async def blob(call: Call) -> Response:
    """Answer `GET /spaces/{ns}/{name}/blob/{revision}/{path}`."""
    record = access.readable(call)
    revision, path = call.captured["revision"], call.captured["path"]

    def read(repository: GitRepository) -> bytes:
        data = repository.read_path(repository.resolve(revision), path)
        if data is None:
            raise entry_not_found(path)
        return data

    data = await call.in_repository(record, read)
    return pages.blob(record, revision, path, data, _prefix(call))


async def commit(call: Call) -> Response:
    """Answer `GET /spaces/{ns}/{name}/commit/{revision}`, the address that uploads return."""
    record = access.readable(call)

    def read(repository: GitRepository) -> CommitRecord:
        return next(repository.history(repository.resolve(call.captured["revision"])))

    made = await call.in_repository(record, read)
    return pages.commit(record, made, _prefix(call))


async def discussion(call: Call) -> Response:
    """Answer `GET /spaces/{ns}/{name}/discussions/{number}`."""
    record = access.readable(call)
    found = find_discussion(call, record)
    events = call.hub.discussions.events(record, found.number)
    texts = [event.content for event in events if event.kind == "comment"]
    return pages.discussion(record, found.title, found.status, texts, _prefix(call))


_SPACE = "/spaces/{namespace}/{name}"

_PAGES = [
    Route("GET", "/", home),
    Route("GET", _SPACE, space),
    Route("GET", f"{_SPACE}/state", state),
    Route("GET", f"{_SPACE}/blob/{{revision}}/{{path...}}", blob),
    Route("GET", f"{_SPACE}/commit/{{revision}}", commit),
    Route("GET", f"{_SPACE}/discussions/{{number}}", discussion),
]

_PRIVATE_ONLY = [
    Route("GET", f"{_SPACE}/logs/{{log}}", logs),
    Route("GET", f"{_SPACE}/resolve/{{revision}}/{{path...}}", resolve),
]

ROUTES = [
    Route("GET", "/open", open_view),
    *_PAGES,
    *(
        Route("GET", ("/view/{key}" + page.pattern), _viewed(page.handler))
        for page in [*_PAGES, *_PRIVATE_ONLY]
    ),
]
