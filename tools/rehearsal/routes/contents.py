"""Files of a revision: listing and downloading them."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response

from .. import access, presentation
from ..call import Call
from ..errors import HubError, bad_request, entry_not_found
from ..router import Route
from ..store.git import GitRepository
from ..store.revisions import Entry, File

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SHOWN_AS_TEXT = ("text/", "application/json", "application/javascript", "application/x-yaml")


async def tree(call: Call) -> Response:
    """Answer `GET .../tree/{revision}[/{folder}]?recursive=&expand=`."""
    record = access.readable(call)
    folder = call.captured.get("folder", "").strip("/")

    def read(repository: GitRepository) -> list[dict[str, Any]]:
        commit = repository.resolve(call.captured["revision"])
        found = repository.entries(commit, folder, recursive=call.flag("recursive"))
        return _listed(repository, commit, found, expand=call.flag("expand"))

    return JSONResponse(await call.in_repository(record, read))


def _listed(
    repository: GitRepository, commit: str, found: list[Entry], *, expand: bool
) -> list[dict[str, Any]]:
    paths = [item.path for item in found] if expand else []
    commits = repository.last_changes(commit, paths) if paths else {}
    return [presentation.entry(item, commits.get(item.path)) for item in found]


async def paths_info(call: Call) -> Response:
    """Answer `POST .../paths-info/{revision}`, a form; unknown paths are left out."""
    record = access.readable(call)
    form = parse_qs((await call.body()).decode("utf-8", "replace"))
    paths = form.get("paths", [])
    expand = form.get("expand") in (["true"], ["True"], ["1"])

    def read(repository: GitRepository) -> list[dict[str, Any]]:
        commit = repository.resolve(call.captured["revision"])
        entries = (repository.entry(commit, path) for path in paths)
        found = [entry for entry in entries if entry is not None]
        return _listed(repository, commit, found, expand=expand)

    return JSONResponse(await call.in_repository(record, read))


@dataclass(frozen=True)
class _Content:
    commit: str
    file: File
    data: bytes


async def resolve(call: Call) -> Response:
    """Answer `HEAD` and `GET /{kind}/{ns}/{name}/resolve/{revision}/{path}`."""
    record = access.readable(call)
    access.check_download(call, record)

    def read(repository: GitRepository) -> _Content:
        commit = repository.resolve(call.captured["revision"])
        path = call.captured["path"]
        found = repository.entry(commit, path)
        if not isinstance(found, File):
            raise entry_not_found(path, commit)
        is_head = call.request.method == "HEAD"
        return _Content(commit, found, b"" if is_head else repository.read(found))

    content = await call.in_repository(record, read)
    headers = _headers(content)
    if call.request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(content.file.size)})
    return _ranged(content.data, headers, call.request.headers.get("range"))


async def resolve_model(call: Call) -> Response:
    """Answer `/{ns}/{name}/resolve/...`: models have no prefix."""
    return await resolve(replace(call, captured={**call.captured, "kind": "models"}))


def _headers(content: _Content) -> dict[str, str]:
    guessed = mimetypes.guess_type(content.file.path)[0] or ""
    # A file of a Space is somebody's work, not a page of this Hub: no browser may run it here.
    media_type = "text/plain; charset=utf-8" if guessed.startswith(_SHOWN_AS_TEXT) else guessed
    return {
        "X-Repo-Commit": content.commit,
        "ETag": f'"{_etag(content.file)}"',
        **_linked(content.file),
        "Accept-Ranges": "bytes",
        "Content-Type": media_type or "application/octet-stream",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _etag(file: File) -> str:
    return file.pointer.checksum if file.pointer else file.blob_id


def _linked(file: File) -> dict[str, str]:
    if file.pointer is None:
        return {}
    return {"X-Linked-Etag": f'"{file.pointer.checksum}"', "X-Linked-Size": str(file.size)}


def _ranged(data: bytes, headers: dict[str, str], wanted: str | None) -> Response:
    if wanted is None:
        return Response(data, headers=headers)
    start, end = read_range(wanted, len(data))
    part = data[start : end + 1]
    headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    return Response(part, status_code=206, headers=headers)


def read_range(wanted: str, size: int) -> tuple[int, int]:
    """Return the first and the last byte that a `Range` header names. Raises 400 or 416."""
    match = _RANGE.fullmatch(wanted.replace(" ", ""))
    if match is None or match.groups() == ("", ""):
        raise bad_request(f"Range must be one range of bytes, not {wanted!r}")
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise HubError(
            416,
            f"Range {wanted} is outside of {size} bytes",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return start, end


_REPOSITORY = "/api/{kind}/{namespace}/{name}"

ROUTES = [
    Route("GET", f"{_REPOSITORY}/tree/{{revision}}", tree),
    Route("GET", f"{_REPOSITORY}/tree/{{revision}}/{{folder...}}", tree),
    Route("POST", f"{_REPOSITORY}/paths-info/{{revision}}", paths_info),
    Route("GET", "/{kind}/{namespace}/{name}/resolve/{revision}/{path...}", resolve),
    Route("GET", "/{kind}/{namespace}/{name}/raw/{revision}/{path...}", resolve),
    Route("GET", "/{namespace}/{name}/resolve/{revision}/{path...}", resolve_model),
]
