"""What an HTML page shows without JavaScript, what it loads, and signs that it is no real page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urljoin, urlsplit

from typing_extensions import override

from .web import same_origin

SILENT = {"script", "style", "noscript", "template", "head", "title"}
PICTURES = {"img", "svg", "canvas", "video", "audio", "iframe", "object", "embed", "picture"}
CONTROLS = {"button", "input", "select", "textarea"}
_NO_PAGE = re.compile(
    r"Traceback \(most recent call last\)|\bInternal Server Error\b|\bApplication error\b"
    r"|^\s*(?:Index of /|Directory listing for /)|\bWerkzeug Debugger\b"
    r"|\b(?:502 Bad Gateway|503 Service (?:Temporarily )?Unavailable)\b"
)

AssetKind = Literal["script", "style", "other"]


@dataclass(frozen=True)
class Asset:
    """Something that a page loads from its own host; `url` is absolute."""

    url: str
    kind: AssetKind


@dataclass(frozen=True)
class Page:
    """An HTML page. `things` counts pictures and controls that show without any text."""

    text: str
    things: int
    scripts: int
    assets: tuple[Asset, ...]

    @property
    def shows_something(self) -> bool:
        """Whether a visitor sees anything at all."""
        return bool(self.text) or self.things > 0

    @property
    def complaint(self) -> str:
        """The words that say that this is an error page or a listing; empty without them."""
        found = _NO_PAGE.search(self.text)
        return found[0].strip() if found and len(self.text) < 20_000 else ""


def read_page(html: str, url: str) -> Page:
    """Read the page that `url` answered with; broken HTML is read as far as it goes."""
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    words = " ".join(" ".join(reader.words).split())
    return Page(words, reader.things, reader.scripts, tuple(dict.fromkeys(reader.assets)))


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = url
        self._url = url
        self._inside: list[str] = []
        self.words: list[str] = []
        self.assets: list[Asset] = []
        self.things = 0
        self.scripts = 0

    @override
    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "body":  # the end tag of the head may be left out
            self._inside.clear()
        if tag in SILENT:
            self._inside.append(tag)
        hidden = given.get("type") == "hidden" or "hidden" in given
        is_thing = tag in PICTURES | CONTROLS and not hidden
        self.things += is_thing and not self._silent
        self.scripts += tag == "script" and _is_program(given)
        if tag == "base" and given.get("href"):
            self._base = urljoin(self._url, given["href"])
        self._load(tag, given)

    @override
    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SILENT:
            self.handle_endtag(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            del self._inside[len(self._inside) - 1 - self._inside[::-1].index(tag) :]
        if tag == "head":
            self._inside.clear()

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def _silent(self) -> bool:
        return bool(self._inside)

    def _load(self, tag: str, given: dict[str, str]) -> None:
        if "noscript" in self._inside or "template" in self._inside:
            return
        kind, address = _loaded(tag, given)
        full = urljoin(self._base, address.strip()).partition("#")[0] if address else ""
        if full and urlsplit(full).scheme in {"http", "https"} and same_origin(full, self._url):
            self.assets.append(Asset(full, kind))


def _is_program(given: dict[str, str]) -> bool:
    kind = given.get("type", "").lower()
    return kind in {"", "module", "importmap"} or "javascript" in kind or kind == "text/babel"


def _loaded(tag: str, given: dict[str, str]) -> tuple[AssetKind, str]:
    """What a tag makes a browser fetch right away, and how much hangs on it."""
    if tag == "script":
        return "script", given.get("src", "") if _is_program(given) else ""
    if tag == "link":
        relation = set(given.get("rel", "").lower().split())
        if "stylesheet" in relation:
            return "style", given.get("href", "")
        wanted = relation & {"modulepreload", "manifest"}
        return "other", given.get("href", "") if wanted else ""
    if tag in {"img", "source", "video", "audio", "iframe", "embed"}:
        return "other", given.get("src", "")
    return "other", ""
