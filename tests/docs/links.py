"""Links that lead somewhere, and references as a reader expects them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from .documents import GENERATED, ROOT, Trouble
from .markdown import Document, Link, read_document

LONG = 100
"""A file with more lines than this has a list of contents."""
MOST_BYTES = 20 * 1024
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//")


def check_links(document: Document) -> Iterator[Trouble]:
    """Every relative link names a file of the repository, and a heading of it."""
    for link in document.links:
        if _ADDRESS.match(link.target):
            continue
        if said := _broken(document, link):
            yield Trouble(document.path, link.line, f"[{link.text}]({link.target}): {said}")


def _broken(document: Document, link: Link) -> str:
    name, _, heading = unquote(link.target).partition("#")
    path = normpath(join(dirname(document.path), name)) if name else document.path
    if path.startswith(".."):
        return "leads out of the repository"
    if not (ROOT / path).exists() and path != document.path:
        return "there is no such file"
    if not heading:
        return ""
    if path == document.path:
        anchors = document.anchors
    else:
        anchors = read_document(path, (ROOT / path).read_text(encoding="utf-8")).anchors
    return "" if heading in anchors else "there is no such heading"


def target(document: Document, link: Link) -> str:
    """The file of the repository that a link leads to; the address of one that leads elsewhere."""
    if _ADDRESS.match(link.target):
        return link.target
    name = unquote(link.target).partition("#")[0]
    return normpath(join(dirname(document.path), name)) if name else document.path


def check_linked(skill: Document, reference: Document) -> Iterator[Trouble]:
    """A reference that SKILL.md does not name is never read."""
    if reference.path not in {target(skill, link) for link in skill.links}:
        yield Trouble(skill.path, 1, f"does not link {reference.path}")


def check_depth(reference: Document) -> Iterator[Trouble]:
    """A reference leads to other references, SKILL.md or a README: not further down."""
    for link in reference.links:
        if _ADDRESS.match(link.target):
            continue
        to = target(reference, link)
        beside = dirname(to) == "references" or to == "SKILL.md" or to.endswith("README.md")
        if not beside:
            said = f"[{link.text}]({link.target}) leads away from the references"
            yield Trouble(reference.path, link.line, said)


def check_opening(reference: Document) -> Iterator[Trouble]:
    """One `# Title`, then a paragraph that says when to read the file."""
    titles = [heading for heading in reference.headings if heading.level == 1]
    if len(titles) != 1:
        said = f"has {len(titles)} titles (`# ...`) instead of one"
        yield Trouble(reference.path, 1, said)
    first = next((one for one in reference.prose if one.text not in {t.text for t in titles}), None)
    if first is None or not first.text.startswith("Read this"):
        line = first.line if first else 1
        yield Trouble(reference.path, line, "its first paragraph does not begin with `Read this`")


def check_contents(document: Document) -> Iterator[Trouble]:
    """A long file lists its `##` headings before the first of them, all and in order."""
    if document.lines <= LONG:
        return
    sections = [heading for heading in document.headings if heading.level == 2]
    before = [
        link
        for link in document.links
        if link.target.startswith("#") and (not sections or link.line < sections[0].line)
    ]
    listed = [(link.target[1:], link.text) for link in before]
    wanted = [(heading.anchor, heading.text) for heading in sections]
    if listed != wanted:
        line = before[0].line if before else 1
        said = f"its contents list is not its sections: {_difference(listed, wanted)}"
        yield Trouble(document.path, line, said)


def _difference(listed: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> str:
    missing = [f"`{text}` is not listed" for anchor, text in wanted if (anchor, text) not in listed]
    wrong = [f"`{text}` is no section" for anchor, text in listed if (anchor, text) not in wanted]
    return "; ".join([*missing, *wrong]) or "the order is another"


def check_size(reference: Document) -> Iterator[Trouble]:
    """A reader pays for every byte. What a program writes is as long as its data."""
    size = len(reference.text.encode())
    if reference.path not in GENERATED and size > MOST_BYTES:
        yield Trouble(reference.path, 1, f"{size:,} bytes; {MOST_BYTES:,} are allowed")
