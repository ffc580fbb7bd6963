"""File values in Gradio's JSON: telling them, sending a local file, fetching the app's own.

gradio_client uploads every local path that it finds in a value marked as a file, and it takes
default values from the app itself (seen in its source, 2.7.2). An app could so name any file of the
machine that tests it. Therefore values that come from an app pass `localize` first, which fetches
the file from the app and never reads the path here. Downloads are done here as well: the client
would send the token to any address an app puts into a stream's `url`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from . import web
from .deadline import Deadline
from .errors import AppProblem
from .schema import mapping, text

LONGEST_NAME = 80

MaySend = Callable[[str], "Path | None"]
"""The rule for files that a caller names: the file to send, or None when the text names no file.
Raises `UploadRefused` for a file that must not leave the machine."""


def send_nothing(path: str) -> None:
    """The rule that knows no file of this machine."""


@dataclass(frozen=True)
class NotFetched:
    """A file of the app that could not be fetched, and why."""

    name: str
    reason: str


def is_file(value: Any) -> bool:
    """Whether a JSON value stands for a file: an object with `path` or `url` and Gradio's marks."""
    fields = mapping(value)
    named = isinstance(fields.get("path"), str) or isinstance(fields.get("url"), str)
    return named and ("meta" in fields or "orig_name" in fields)


def files_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every file value inside a JSON value, however deep, in order."""
    if isinstance(value, dict):
        if is_file(value):
            yield value
        for inner in value.values():
            yield from files_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from files_in(inner)


def local_file(path: Path) -> dict[str, Any]:
    """The value that makes gradio_client upload `path`; the same as its own `handle_file`."""
    return {
        "path": str(path),
        "orig_name": path.name,
        "meta": {"_type": "gradio.FileData"},
    }


def remote_file(url: str) -> dict[str, Any]:
    """The value that makes the app itself fetch `url`."""
    name = url.rpartition("/")[2]
    return {"path": url, "url": url, "orig_name": name, "meta": {"_type": "gradio.FileData"}}


def localize(value: Any, fetch: Callable[[dict[str, Any]], Path | NotFetched]) -> Any:
    """Replace every file value by a local copy, or by None where `fetch` could not get it."""
    if is_file(value):
        copy = fetch(value)
        return local_file(copy) if isinstance(copy, Path) else None
    if isinstance(value, dict):
        return {key: localize(inner, fetch) for key, inner in value.items()}
    if isinstance(value, list):
        return [localize(inner, fetch) for inner in value]
    return value


def name_of(value: dict[str, Any]) -> str:
    """A safe file name for a file value: no folder, only letters, digits and `._-`."""
    candidates = (text(value.get(key)) for key in ("path", "orig_name", "url"))
    raw = next(filter(None, candidates), "file")
    base = unquote(urlsplit(raw).path if "://" in raw else raw).replace("\\", "/").split("/")[-1]
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", base).strip(".") or "file"
    return safe[-LONGEST_NAME:]


@dataclass(frozen=True)
class AppFiles:
    """Fetches files from one app, below its API root, and saves them in one folder."""

    api_root: str
    token: web.Credential | None

    def fetch(
        self, value: dict[str, Any], folder: Path, prefix: str, deadline: Deadline
    ) -> Path | NotFetched:
        """Save the file as `folder/prefix-name`. Only the app's own host is asked."""
        name = name_of(value)
        content = self._content(value, name, deadline)
        if isinstance(content, NotFetched):
            return content
        path = folder / f"{prefix}-{name}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            return NotFetched(name, f"it could not be saved: {error.strerror}")
        return path

    def _content(self, value: dict[str, Any], name: str, deadline: Deadline) -> bytes | NotFetched:
        url = text(value.get("url"))
        if url.startswith("data:"):
            return _from_data_url(url, name)
        address = self._address(value)
        if not web.same_origin(address, self.api_root):
            return NotFetched(name, f"it is on another host, {urlsplit(address).netloc}")
        try:
            answer = web.get(address, token=self.token, deadline=deadline)
        except AppProblem as error:
            return NotFetched(name, error.reason)
        if answer.status != 200:
            return NotFetched(name, f"the app answers HTTP {answer.status} for it")
        if not answer.complete:
            return NotFetched(name, f"it is larger than {web.MOST_BYTES} bytes or came too slowly")
        return answer.body

    def _address(self, value: dict[str, Any]) -> str:
        path, url = text(value.get("path")), text(value.get("url"))
        if path.startswith(("http://", "https://")):
            return path
        if path and not value.get("is_stream"):
            return f"{self.api_root}file={quote(path)}"
        if url.startswith(("http://", "https://")):
            return url
        return f"{self.api_root}{(url or path).lstrip('/')}"


def _from_data_url(url: str, name: str) -> bytes | NotFetched:
    head, _, body = url.partition(",")
    try:
        return base64.b64decode(body) if head.endswith(";base64") else unquote(body).encode()
    except ValueError:
        return NotFetched(name, "its data URL is not valid base64")
