"""Searching the skill's text: the sections that hold all the words, best first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .markdown import Document

MOST_LINES = 3
"""Lines shown of a section: the one that was found and its neighbours."""
LONGEST_LINE = 200
_IN_HEADING, _PHRASE, _WORDS, _SCATTERED = range(4)
_LISTS = frozenset({"skill", "known-errors", "lint-rules"})
"""Texts that touch everything; among equals, the one that treats the subject comes first."""


@dataclass(frozen=True)
class Hit:
    """A section that holds what was searched for, shown by its best line.

    `line` is counted from 1 and `lines` are those around it; `more` counts further lines of the
    section that would have done.
    """

    topic: str
    heading: str
    line: int
    lines: tuple[str, ...]
    more: int
    rank: int


def search(documents: Mapping[str, Document], wanted: str) -> tuple[Hit, ...]:
    """Sections with a line that holds all words of `wanted`; else sections that hold all of them.

    Capitals do not matter. First come headings that hold the words, then the words as they were
    written, then the words in any order.
    """
    words = tuple(wanted.casefold().split())
    if not words:
        return ()
    by_line = [hit for topic, text in documents.items() for hit in _by_line(topic, text, words)]
    hits = by_line or [
        hit for topic, text in documents.items() for hit in _scattered(topic, text, words)
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.rank, hit.topic in _LISTS, -hit.more)))


def _by_line(topic: str, document: Document, words: tuple[str, ...]) -> Iterator[Hit]:
    headings = {heading.first for heading in document.headings}
    phrase = " ".join(words)
    for first, last in _own_lines(document):
        ranked = []
        for number in range(first, last + 1):
            line = " ".join(document.lines[number - 1].casefold().split())
            if all(word in line for word in words):
                in_order = _PHRASE if phrase in line else _WORDS
                ranked.append((_IN_HEADING if number in headings else in_order, number))
        if ranked:
            yield _hit(topic, document, min(ranked), (first, last), words, len(ranked) - 1)


def _scattered(topic: str, document: Document, words: tuple[str, ...]) -> Iterator[Hit]:
    for first, last in _own_lines(document):
        lines = [document.lines[number - 1].casefold() for number in range(first, last + 1)]
        counts = [sum(word in line for word in words) for line in lines]
        if all(any(word in line for line in lines) for word in words):
            best = (_SCATTERED, first + counts.index(max(counts)))
            yield _hit(topic, document, best, (first, last), words, 0)


def _own_lines(document: Document) -> Iterator[tuple[int, int]]:
    """The lines of each heading without those of the headings below it; first what has none."""
    starts = [1, *(heading.first for heading in document.headings)]
    for start, following in zip(starts, [*starts[1:], len(document.lines) + 1], strict=True):
        if start < following:
            yield start, following - 1


def _hit(
    topic: str,
    document: Document,
    best: tuple[int, int],
    within: tuple[int, int],
    words: tuple[str, ...],
    more: int,
) -> Hit:
    rank, line = best
    heading = document.heading_of(line)
    above = 0 if rank == _IN_HEADING else 1
    around = document.lines[max(within[0], line - above) - 1 : within[1]]
    filled = (text for text in around if text.strip())
    shown = tuple(_cut(text, words) for text in itertools.islice(filled, MOST_LINES))
    return Hit(topic, document.name_of(heading) if heading else "", line, shown, more, rank)


def _cut(line: str, words: tuple[str, ...]) -> str:
    """A long line's part around the first word that was searched for."""
    if len(line) <= LONGEST_LINE:
        return line
    places = [place for place in map(line.casefold().find, words) if place >= 0]
    start = max(0, min(places, default=0) - LONGEST_LINE // 3)
    part = line[start : start + LONGEST_LINE]
    return f"{'…' if start else ''}{part}{'…' if start + LONGEST_LINE < len(line) else ''}"
