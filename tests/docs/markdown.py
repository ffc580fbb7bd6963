"""What a Markdown document holds: code, headings with their anchors, links, paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_FRONT_MATTER = re.compile(r"\A---\n(?P<block>.*?)^---\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Fenced code. `line` is the line of its first line of text, counted from 1."""

    info: str
    text: str
    line: int

    @property
    def language(self) -> str:
        """The first word behind the fence."""
        return self.info.partition(" ")[0]


@dataclass(frozen=True)
class Span:
    """Code within a line of prose or a cell."""

    text: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading; `anchor` is what GitHub calls it in an address."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Link:
    """A link or an image."""

    target: str
    text: str
    line: int


@dataclass(frozen=True)
class Prose:
    """A paragraph, list item, heading or cell as it is read, without Markdown's marks."""

    text: str
    line: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Document:
    """A Markdown file; `path` is the one in the repository."""

    path: str
    text: str
    front_matter: str
    blocks: tuple[Block, ...]
    prose: tuple[Prose, ...]
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Code within prose, in order."""
        return tuple(span for part in self.prose for span in part.spans)

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    @property
    def anchors(self) -> frozenset[str]:
        """What a link may name behind `#`."""
        return frozenset(heading.anchor for heading in self.headings)


def read_document(path: str, text: str) -> Document:
    """Parse a file; the YAML block at its top is kept apart."""
    begin = _FRONT_MATTER.match(text)
    # Blank lines in its place: Markdown reads `---` as a heading, and lines keep their numbers.
    body = "\n" * begin[0].count("\n") + text[begin.end() :] if begin else text
    tokens = _MARKDOWN.parse(body)
    prose = tuple(_prose(tokens, body.splitlines()))
    return Document(
        path=path,
        text=text,
        front_matter=begin["block"] if begin else "",
        blocks=tuple(_blocks(tokens)),
        prose=tuple(part for part, _, _ in prose),
        headings=tuple(_headings([(part, tag) for part, _, tag in prose])),
        links=tuple(link for _, links, _ in prose for link in links),
    )


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    for token in tokens:
        if token.type == "fence" and token.map:
            yield Block(token.info.strip(), token.content, token.map[0] + 2)


def _prose(tokens: list[Token], lines: list[str]) -> Iterator[tuple[Prose, list[Link], str]]:
    """Each run of text with its links and the tag around it."""
    place, tag = (0, 0), ""
    for token in tokens:
        if token.map:
            place = (token.map[0], token.map[1])
        if token.nesting == 1:
            tag = token.tag
        if token.type == "inline" and token.children is not None:
            yield *_inline(token.children, place, lines), tag


def _inline(
    children: list[Token], place: tuple[int, int], lines: list[str]
) -> tuple[Prose, list[Link]]:
    said: list[str] = []
    spans: list[Span] = []
    links: list[Link] = []
    opened: list[tuple[str, int]] = []
    line = place[0]
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            line = min(line + 1, max(place[1] - 1, place[0]))
            said.append("\n")
        elif child.type == "code_inline":
            line = _found(child.content, line, place[1], lines)
            spans.append(Span(child.content, line + 1))
            said.append(child.content)
        elif child.type == "link_open":
            opened.append((str(child.attrs["href"]), len(said)))
        elif child.type == "link_close" and opened:
            target, since = opened.pop()
            links.append(Link(target, "".join(said[since:]), line + 1))
        elif child.type == "image":
            links.append(Link(str(child.attrs["src"]), child.content, line + 1))
        else:
            said.append(child.content)
    return Prose("".join(said), place[0] + 1, tuple(spans)), links


def _found(code: str, line: int, end: int, lines: list[str]) -> int:
    """The line of a span: not counted where a span was broken over two lines before it."""
    return next((each for each in range(line, end) if code in lines[each]), line)


def _headings(prose: list[tuple[Prose, str]]) -> Iterator[Heading]:
    seen: Counter[str] = Counter()
    for part, tag in prose:
        if re.fullmatch("h[1-6]", tag):
            name = anchor(part.text)
            again = f"-{seen[name]}" if seen[name] else ""
            seen[name] += 1
            yield Heading(int(tag[1]), part.text, name + again, part.line)


def anchor(heading: str) -> str:
    """A heading as GitHub writes it behind `#`: lower case, hyphens for spaces, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
