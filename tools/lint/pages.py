"""HTML pages and browser code, read with regular expressions: enough to find what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname

from .project import Project

_TAG = re.compile(
    r"<(?P<name>script|link|img|source|video|audio)\b(?P<attributes>[^>]{0,2000})>", re.I
)
_ATTRIBUTE = re.compile(
    r"\b(?P<name>src|href|type)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.I
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)  # one that is not closed goes on to the end
_BROWSER_CODE = (".html", ".htm", ".js", ".mjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte")
LARGEST_PAGE = 500_000
"""Characters. Longer ones are bundles that a machine made."""


@dataclass(frozen=True)
class Asset:
    """What a tag loads: the address as written, the tag's `type`, and the line."""

    tag: str
    address: str
    type: str
    line: int


def served_page(project: Project) -> str | None:
    """The HTML file that visitors get, when it is in the folder."""
    path = project.app_path
    return path if path is not None and path.endswith((".html", ".htm")) else None


def assets(text: str) -> Iterator[Asset]:
    """What a page loads, comments left out."""
    if len(text) > LARGEST_PAGE:
        return
    bare = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for tag in _TAG.finditer(bare):
        found = {
            one["name"].lower(): one["value"] for one in _ATTRIBUTE.finditer(tag["attributes"])
        }
        address = found.get("src") or found.get("href")
        if address:
            line = bare.count("\n", 0, tag.start()) + 1
            yield Asset(tag["name"].lower(), address.strip(), found.get("type", ""), line)


def browser_files(project: Project) -> Iterator[tuple[str, str]]:
    """Path and text of the pages and scripts that people write; bundles are left out."""
    for path in project.files_ending(*_BROWSER_CODE):
        if project.sizes.get(path, 0) <= LARGEST_PAGE and not path.endswith(".min.js"):
            text = project.text(path)
            if text is not None:
                yield path, text


def beside(page: str, address: str) -> str:
    """The file that an address beginning with `/` would mean if it counted from the page."""
    return f"{dirname(page)}{address}".split("?")[0].split("#")[0]
