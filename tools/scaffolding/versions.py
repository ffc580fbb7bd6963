"""The newest Gradio, read from the package index now, or remembered with its age."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from ..knowledge import gradio_releases

MAJOR = 6
"""The major version that the templates are written for."""

PYPI = "https://pypi.org/simple"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
SECONDS = 4.0
LARGEST_ANSWER = 20_000_000
_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, text/html;q=0.1"


@dataclass(frozen=True)
class GradioVersion:
    """A version, and where it was found."""

    version: str
    source: str
    """A sentence for people: the index and the moment, or the fallback and its age."""
    is_live: bool


class _LookUpError(Exception):
    """The index gave no usable answer; the message says why."""


def find_gradio(environment: Mapping[str, str], seconds: float = SECONDS) -> GradioVersion:
    """The newest stable Gradio of major version `MAJOR`.

    Asks the index that pip and uv are set up for in `environment`, else PyPI. When there is no
    answer in time, the version on record is given, and `source` says so.
    """
    index = _index(environment)
    try:
        newest = _newest(_versions(index, seconds))
    except _LookUpError as error:
        known = gradio_releases()
        version = known.latest_by_major.get(MAJOR, known.latest)
        why = f"{_host(index)} could not be asked: {error}"
        return GradioVersion(version, f"on record since {known.as_of} ({why})", is_live=False)
    return GradioVersion(str(newest), f"newest {MAJOR}.x on {_host(index)} now", is_live=True)


def _index(environment: Mapping[str, str]) -> str:
    named = (environment.get(name, "").strip() for name in INDEX_VARIABLES)
    return next(filter(None, named), PYPI).rstrip("/")


def _host(index: str) -> str:
    """The index without the credentials that its address may hold."""
    return urlsplit(index).hostname or "the package index"


def _newest(versions: Iterable[Version]) -> Version:
    stable = [found for found in versions if found.major == MAJOR and not found.is_prerelease]
    if not stable:
        raise _LookUpError(f"it lists no Gradio {MAJOR}")
    return max(stable)


def _versions(index: str, seconds: float) -> Iterator[Version]:
    kind, body = _answer(f"{index}/gradio/", seconds)
    files = _files_of_json(body) if kind == _JSON else _files_of_html(body)
    for name in files:
        try:
            yield parse_wheel_filename(name)[1]
        except InvalidWheelFilename:  # a source distribution or a signature
            continue


def _answer(address: str, seconds: float) -> tuple[str, bytes]:
    """Content type and body of the page at `address`, all of it within `seconds`."""
    import http.client
    import urllib.error
    import urllib.request

    address, credentials = _without_credentials(address)
    request = urllib.request.Request(address, headers={"Accept": _ACCEPT})  # noqa: S310 - checked
    if credentials:
        encoded = base64.b64encode(credentials.encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {encoded}")
    deadline = time.monotonic() + seconds
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310 - as above
            body = b""
            while piece := answer.read1(1 << 16):
                body += piece
                if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
                    raise _LookUpError(f"no whole answer within {seconds:g} seconds")
            return answer.headers.get_content_type(), body
    except urllib.error.HTTPError as error:
        raise _LookUpError(f"it answered {error.code}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _LookUpError("no answer") from error


def _without_credentials(address: str) -> tuple[str, str]:
    """The address without `user:password@`, which urllib takes for a part of the host; and that."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _LookUpError("its address is no http(s) address")
    credentials, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=host).geturl(), unquote(credentials)


def _files_of_json(body: bytes) -> list[str]:
    """Names of the files that were not withdrawn, from the JSON form (PEP 691)."""
    try:
        files: list[dict[str, Any]] = json.loads(body)["files"]
        return [str(file["filename"]) for file in files if not file.get("yanked")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _LookUpError("its answer is not in the form of PEP 691") from error


def _files_of_html(body: bytes) -> list[str]:
    """The same from the HTML form (PEP 503), which some mirrors know alone."""
    links = _Links()
    links.feed(body.decode("utf-8", "replace"))
    return links.files


class _Links(HTMLParser):
    """Collects what an index's page links to, withdrawn files left out."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the file name of a link."""
        found = dict(attrs)
        if tag == "a" and "data-yanked" not in found:
            path = urlsplit(found.get("href") or "").path
            self.files.append(unquote(path.rpartition("/")[2]))
