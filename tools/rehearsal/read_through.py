"""Reading models and datasets through to another Hub, up to a size.

Off unless asked for. Nobody's token is sent: what the public may read is what can be read through.
Files that fit are kept in the cache folder, by commit; the start of a larger file (a safetensors
header, say) is passed on and not kept; more of it is refused with the size.
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

from .errors import HubError
from .options import size_text

SECONDS = 30.0
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of JSON (a tree, a repository's description) that are passed on."""

PASSED_ON = ("x-repo-commit", "etag", "content-type", "x-error-code", "x-error-message")
WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf", ".onnx", ".ckpt", ".h5", ".msgpack")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Passed:
    """An answer of the other Hub."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""


@dataclass(frozen=True)
class Part:
    """The bytes of a file that somebody wants; `end` is the last one."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return self.end - self.start + 1


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within the same Hub (a renamed repository) and no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            return None
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.method = req.get_method()  # before Python 3.13 a HEAD becomes a GET
        return following


class ReadThrough:
    """The other Hub as this one uses it. Blocking: call it in a thread."""

    def __init__(self, upstream: str, limit: int, cache_folder: Path) -> None:
        self.upstream = upstream
        """The other Hub's address."""
        self._limit = limit
        self._folder = cache_folder / "read-through"
        self._stay = urllib.request.build_opener(_Stay)
        self._follow = urllib.request.build_opener()

    def ask(self, method: str, path: str, body: bytes | None = None) -> Passed:
        """Return the other Hub's answer to an API request, whatever its status.

        `path` is as sent, query included. Raises 504 when there is no answer.
        """
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        return self._send(self._follow, method, path, form, body)

    def describe(self, path: str) -> Passed:
        """Return what the other Hub says of a file, `content-length` included."""
        found = self._send(self._stay, "HEAD", path, {"Accept-Encoding": "identity"})
        if found.status >= 400:
            return found
        size = found.headers.get("x-linked-size") or found.headers.get("content-length", "0")
        etag = found.headers.get("x-linked-etag") or found.headers.get("etag", "")
        kept = {name: text for name, text in found.headers.items() if name in PASSED_ON}
        return Passed(200, kept | {"content-length": size, "etag": etag})

    def content(self, path: str, description: Passed) -> bytes:
        """Return a whole file. Raises 403 when it is larger than the limit."""
        size = int(description.headers["content-length"])
        if size > self._limit:
            raise self._too_large(path, size)
        kept = self._file(path, description)
        if kept is not None and kept.is_file():
            return kept.read_bytes()
        content = self._send(self._follow, "GET", path, {"Accept-Encoding": "identity"}).body
        if len(content) != size:
            raise HubError(502, f"{self.upstream} sent {len(content)} of {size} bytes of {path}")
        if kept is not None:
            _keep(kept, content)
        return content

    def part(self, path: str, description: Passed, part: Part) -> bytes:
        """Return some bytes of a file. Raises 403 when they are more than the limit."""
        size = int(description.headers["content-length"])
        if size <= self._limit:
            return self.content(path, description)[part.start : part.end + 1]
        if part.size > self._limit:
            raise self._too_large(path, size)
        wanted = {"Range": f"bytes={part.start}-{part.end}", "Accept-Encoding": "identity"}
        return self._send(self._follow, "GET", path, wanted).body

    def _too_large(self, path: str, size: int) -> HubError:
        name = urllib.parse.unquote(path.partition("?")[0].rpartition("/")[2])
        what = "weights" if name.endswith(WEIGHTS) else "file"
        limit = size_text(self._limit)
        return HubError(
            403, f"not rehearsed: {what} {size_text(size)} ({name}; read-through ends at {limit})"
        )

    def _file(self, path: str, description: Passed) -> Path | None:
        commit = description.headers.get("x-repo-commit", "")
        if not _COMMIT.fullmatch(commit):
            return None
        key = json.dumps([self.upstream, path.partition("?")[0], description.headers["etag"]])
        return self._folder / commit / hashlib.sha256(key.encode()).hexdigest()

    def _send(
        self,
        opener: urllib.request.OpenerDirector,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Passed:
        request = urllib.request.Request(  # noqa: S310 - http or https, see options.checked_upstream
            self.upstream + path, data=body, headers=dict(headers), method=method
        )
        largest = max(LARGEST_ANSWER, self._limit)
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return Passed(answer.status, _lowered(answer.headers), answer.read(largest))
        except urllib.error.HTTPError as error:
            # A refused redirect ends here, too.
            with error:
                return Passed(error.code, _lowered(error.headers), error.read(largest))
        except (OSError, ValueError) as error:
            raise HubError(504, f"{self.upstream} does not answer: {error}") from error


def _lowered(headers: Message[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in headers.items()}


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    temporary.write_bytes(content)
    temporary.replace(file)
