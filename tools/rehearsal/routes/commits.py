"""Uploading: what is to be sent, checking the card, and the commit itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import pathspec
from starlette.responses import JSONResponse, PlainTextResponse, Response

from .. import access, front_matter
from ..call import Call
from ..errors import bad_request
from ..paths import checked_path
from ..router import Route
from ..store.git import GitRepository
from ..store.revisions import File
from ..upload import MadeCommit, Upload


async def validate_yaml(call: Call) -> Response:
    """Answer `POST /api/validate-yaml`; no token is needed."""
    fields = await call.json()
    text = fields.text("content")
    found = front_matter.errors(text, fields.optional_text("repoType") or "model")
    warned = front_matter.warnings(text)
    status = 400 if found else 200
    # RepoCard.validate shows the body as it is; commits read it as JSON (huggingface_hub 2.4.0).
    if "text/plain" in call.request.headers.get("accept", ""):
        lines = [*(f"- Error: {e}" for e in found), *(f"- Warning: {w}" for w in warned)]
        return PlainTextResponse("\n".join(lines), status_code=status)
    answer = {
        "errors": [{"message": message} for message in found],
        "warnings": [{"message": message} for message in warned],
    }
    return JSONResponse(answer, status_code=status)


async def preupload(call: Call) -> Response:
    """Answer `POST .../preupload/{revision}`.

    Every file is to be sent within the commit (`regular`): the client would take `lfs` for a
    demand to use Xet.
    """
    record = access.contributable(call, call.captured["revision"])
    fields = await call.json()
    paths = [checked_path(item.text("path")) for item in fields.objects("files")]
    given = fields.optional_text("gitIgnore")

    def read(repository: GitRepository) -> dict[str, Any]:
        commit = repository.resolve(call.captured["revision"])
        ignored = _ignore_rules(repository, commit, given)
        files = [_preupload_answer(repository, commit, path, ignored) for path in paths]
        return {"files": files, "commitOid": commit}

    return JSONResponse(await call.in_repository(record, read))


def _ignore_rules(
    repository: GitRepository, commit: str, given: str | None
) -> pathspec.GitIgnoreSpec:
    if given is None:
        given = (repository.read_path(commit, ".gitignore") or b"").decode("utf-8", "replace")
    try:
        return pathspec.GitIgnoreSpec.from_lines(given.splitlines())
    except ValueError as error:
        raise bad_request(f"gitIgnore: {error}") from error


def _preupload_answer(
    repository: GitRepository, commit: str, path: str, ignored: pathspec.GitIgnoreSpec
) -> dict[str, Any]:
    answer = {
        "path": path,
        "uploadMode": "regular",
        "shouldIgnore": path != ".gitignore" and ignored.match_file(path),
    }
    existing = repository.entry(commit, path)
    return answer | ({"oid": existing.blob_id} if isinstance(existing, File) else {})


async def commit(call: Call) -> Response:
    """Answer `POST .../commit/{revision}`; a Space is building when the answer is sent."""
    record = access.contributable(call, call.captured["revision"])
    if call.flag("hot_reload"):
        raise bad_request("hot_reload is not rehearsed: send the commit without it")
    author = call.require_account().name
    with call.hub.repositories.open(record) as repository:
        upload = await Upload.receive(call, record, repository)
        if call.flag("create_pr"):
            request = partial(upload.commit_to_new_pull_request, call.hub.discussions, author)
        else:
            request = partial(upload.commit, author)
        made = await call.in_thread(partial(request, call.captured["revision"]))
    if made.changed_main and record.kind == "spaces":
        await call.hub.machine.pushed(record.full_name, made.id)
    return JSONResponse(_commit_answer(call.hub.endpoint + record.web_path, made))


def _commit_answer(page: str, made: MadeCommit) -> dict[str, Any]:
    answer = {
        "success": True,
        "commitOid": made.id,
        "commitUrl": f"{page}/commit/{made.id}",
        "hookOutput": "",
    }
    if made.pull_request is None:
        return answer
    return answer | {"pullRequestUrl": f"{page}/discussions/{made.pull_request}"}


ROUTES = [
    Route("POST", "/api/validate-yaml", validate_yaml),
    Route("POST", "/api/{kind}/{namespace}/{name}/preupload/{revision}", preupload),
    Route("POST", "/api/{kind}/{namespace}/{name}/commit/{revision}", commit),
]
