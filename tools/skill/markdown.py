"""The structure of a Markdown file as far as reading it in parts needs it: headings and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Heading:
    """A heading and the lines of its section, counted from 1, both ends included."""

    level: int
    text: str
    anchor: str
    first: int
    last: int


class Document:
    """A Markdown text by lines, with its headings."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    @cached_property
    def title(self) -> str:
        """The first heading of the first level, else the first heading, else nothing."""
        first = next((found for found in self.headings if found.level == 1), None)
        chosen = first or next(iter(self.headings), None)
        return chosen.text if chosen else ""

    @cached_property
    def about(self) -> str:
        """The first paragraph on one line, links as words; of a reference, when to read it."""
        taken: list[str] = []
        for line, is_prose in zip(self.lines, self._prose, strict=True):
            if is_prose and line.strip() and not _HEADING.match(line):
                taken.append(line.strip())
            elif taken:
                break
        return _LINK.sub(r"\1", " ".join(taken))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """All headings in order; a section ends where the next of its level or above begins."""
        found = list(self._heading_lines())
        seen: Counter[str] = Counter()
        headings = []
        for index, (line, level, text) in enumerate(found):
            following = (other for other, its_level, _ in found[index + 1 :] if its_level <= level)
            last = next(following, len(self.lines) + 1) - 1
            headings.append(Heading(level, text, _numbered(_anchor(text), seen), line, last))
        return tuple(headings)

    def heading_of(self, line: int) -> Heading | None:
        """The nearest heading at or above a line."""
        above = [heading for heading in self.headings if heading.first <= line]
        return above[-1] if above else None

    def sections(self, wanted: str) -> tuple[Heading, ...]:
        """Headings that somebody may mean, best first: by words, anchor, beginning, or a part."""
        asked = _plain(wanted.strip().lstrip("#"))
        if not asked:
            return ()
        for fits in (
            lambda heading: asked in (_plain(heading.text), heading.anchor),
            lambda heading: _plain(heading.text).startswith(asked),
            lambda heading: asked in _plain(heading.text) or asked in heading.anchor,
        ):
            found = tuple(filter(fits, self.headings))
            if found:
                return found
        return ()

    def name_of(self, heading: Heading) -> str:
        """What finds exactly this heading again: its text, or its anchor where two are alike."""
        return heading.text if self.sections(heading.text)[:1] == (heading,) else heading.anchor

    def page(self, first: int, last: int, most_bytes: int) -> int:
        """The last line of the page that begins at `first`, which has at least one line.

        It holds at most `most_bytes`, and ends before a heading or after an empty line where its
        second half has one.
        """
        size, end = 0, first - 1
        while end < last:
            size += len(self.lines[end].encode()) + 1
            if size > most_bytes and end >= first:
                break
            end += 1
        if end >= last:
            return last
        starts = {heading.first for heading in self.headings}
        half = first + (end - first) // 2
        for good in (lambda line: line + 1 in starts, self._is_gap):
            for line in range(end, half, -1):
                if good(line):
                    return line
        return end

    def _is_gap(self, line: int) -> bool:
        return self._prose[line - 1] and not self.lines[line - 1].strip()

    def _heading_lines(self) -> Iterator[tuple[int, int, str]]:
        for number, (line, is_prose) in enumerate(
            zip(self.lines, self._prose, strict=True), start=1
        ):
            found = _HEADING.match(line) if is_prose else None
            if found:
                yield number, len(found[1]), _LINK.sub(r"\1", found[2])

    @cached_property
    def _prose(self) -> tuple[bool, ...]:
        """Per line whether it is outside of front matter and of fenced code."""
        told: list[bool] = []
        closing = "---" if self.lines[:1] == ["---"] else ""
        for number, line in enumerate(self.lines):
            fence = _FENCE.match(line)
            if closing == "---":
                told.append(False)
                closing = "" if number and line.rstrip() == "---" else closing
            elif closing:
                told.append(False)
                if fence and fence[1].startswith(closing) and not fence[2].strip():
                    closing = ""
            else:
                told.append(fence is None)
                closing = fence[1] if fence else ""
        return tuple(told)


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split()).casefold()


def _anchor(text: str) -> str:
    """The heading's anchor, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return kept.replace(" ", "-")


def _numbered(anchor: str, seen: Counter[str]) -> str:
    """`anchor`, with a number when it is not the first of its name."""
    seen[anchor] += 1
    return anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor] - 1}"
