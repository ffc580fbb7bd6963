"""`reference_read`: the judgement behind the tools, for agents that have no skill files."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..model import Model, NextCall, Result
from ..problems import Problem
from ..registry import Effect, Toolset, tool
from ..skill.files import SkillFile, skill_files
from ..skill.markdown import Document, Heading
from ..skill.searching import Hit
from ..skill.searching import search as search_documents

PAGE_BYTES = 5_900
"""Bytes of text in one answer: with its envelope it stays below 8 kB."""
MOST_HITS = 8


class Topic(Model):
    """A text that can be read; `about` says when."""

    topic: str
    title: str
    about: str
    bytes: int


class Topics(Result):
    """What there is to read."""

    outcome = "topics"

    topics: tuple[Topic, ...]

    @override
    def lines(self) -> Iterator[str]:
        for each in self.topics:
            yield f"{each.topic} ({each.bytes / 1000:.0f} kB): {each.about}"


class Page(Result):
    """A part of a text, or all of it. `also` are other sections that the asked name fits."""

    outcome = "text"

    topic: str
    section: str | None
    text: str
    first_line: int
    last_line: int
    lines_in_all: int
    also: tuple[str, ...] = ()

    @override
    def lines(self) -> Iterator[str]:
        yield self.text
        if self.also:
            yield f"Sections that fit `{self.section}` as well: {', '.join(self.also)}."
        if self.next:
            yield f"({self.topic}, lines {self.first_line}-{self.last_line} of {self.lines_in_all})"


class FoundSection(Model):
    """A section that holds the words: its best line with those around, and how many more."""

    topic: str
    section: str
    line: int
    text: str
    more_lines: int


class Hits(Result):
    """Where the words stand, best first."""

    outcome = "found"

    search: str
    sections: tuple[FoundSection, ...]
    first: int
    found: int
    per_topic: dict[str, int]

    @override
    def lines(self) -> Iterator[str]:
        counts = ", ".join(f"{topic} {count}" for topic, count in self.per_topic.items())
        last = self.first + len(self.sections) - 1
        which = f"{self.first} to {last} of {self.found}" if self.found > 1 else "one"
        yield f"Sections that hold {self.search!r}, {which} ({counts}):"
        for each in self.sections:
            more = f", {each.more_lines} more lines" if each.more_lines else ""
            yield f"\n{each.topic}, {each.section or 'top'} (line {each.line}{more})"
            yield from (f"    {line}" for line in each.text.splitlines())


class NothingFound(Result):
    """No section holds all the words."""

    outcome = "nothing_found"
    exit_code = 1

    search: str
    searched: tuple[str, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"No section of {', '.join(self.searched)} holds {self.search!r}; try fewer words."


@tool(
    title="Read the skill's references",
    effect=Effect.READ,
    toolset=Toolset.HELP,
    examples=(
        {"topic": "skill"},
        {"topic": "known-errors", "search": "CUDA out of memory"},
        {"search": "startup_duration_timeout"},
    ),
)
def reference_read(
    context: Context,  # noqa: ARG001 - every tool takes it; these texts need no Hub
    topic: Annotated[str | None, Field(description="none: lists them")] = None,
    section: Annotated[str | None, Field(description="heading")] = None,
    search: Annotated[str | None, Field(max_length=200)] = None,
    start: Annotated[int, Field(ge=1, description="line or hit to go on at")] = 1,
) -> Topics | Page | Hits | NothingFound:
    """Use before deciding on hardware, ZeroGPU code, requirements or storage, and when stuck: the
    judgement behind these tools, by topic and section or searched. Begin with `skill`.

    Raises:
        Problem: `unknown_topic`, `unknown_section`, `bad_argument`, each with what exists.
    """
    files = {file.topic: file for file in skill_files()}
    chosen, anchor = _topic(topic, files) if topic else (None, None)
    if search and search.strip():
        _refuse_both(section)
        return _search(search, [chosen] if chosen else list(files.values()), topic, start)
    if chosen is None:
        _refuse_without_topic(section, files)
        return _topics(files.values())
    return _page(chosen, section or anchor, start)


def whole_text(topic: str, section: str | None) -> str:
    """A topic or a section without pages, for a person's terminal.

    Raises:
        Problem: as `reference_read`.
    """
    chosen, anchor = _topic(topic, {file.topic: file for file in skill_files()})
    document = Document(chosen.text())
    heading = _section(chosen, document, section or anchor)
    lines = document.lines[heading.first - 1 : heading.last] if heading else document.lines
    return "\n".join(lines)


def _topic(wanted: str, files: Mapping[str, SkillFile]) -> tuple[SkillFile, str | None]:
    """The file that is meant, and the anchor behind it; file names and addresses do as well."""
    path, _, anchor = wanted.strip().partition("#")
    asked = path.rsplit("/", maxsplit=1)[-1].lower().removesuffix(".md").replace("_", "-")
    if asked in files:
        return files[asked], anchor or None
    close = difflib.get_close_matches(asked, files, n=1)
    arguments = {"topic": close[0]} if close else {}
    raise Problem(
        "unknown_topic",
        f"there is no reference `{wanted}`; there are: {', '.join(files)}",
        object=wanted,
        next=(_call("the one that is spelt most like it" if close else "lists them", arguments),),
    )


def _section(file: SkillFile, document: Document, wanted: str | None) -> Heading | None:
    if not wanted:
        return None
    found = document.sections(wanted)
    if found:
        return found[0]
    top = [heading.text for heading in document.headings if heading.level == 2]
    raise Problem(
        "unknown_section",
        f"{file.path} has no section `{wanted}`; there are: {', '.join(top) or 'none'}",
        object=wanted,
        next=(_call("finds the words", {"topic": file.topic, "search": wanted[:200]}),),
    )


def _refuse_both(section: str | None) -> None:
    if section:
        raise Problem(
            "bad_argument", "`section` and `search` do not go together", object="section, search"
        )


def _refuse_without_topic(section: str | None, files: Mapping[str, SkillFile]) -> None:
    if section:
        raise Problem(
            "bad_argument",
            f"`section` needs a `topic`; there are: {', '.join(files)}",
            object="topic",
            next=(_call("looks in all of them", {"search": section[:200]}),),
        )


def _topics(files: Iterable[SkillFile]) -> Topics:
    return Topics(
        topics=tuple(map(_row, files)),
        next=(_call("the order of work", {"topic": "skill"}),),
    )


def _row(file: SkillFile) -> Topic:
    data = file.data()
    document = Document(data.decode("utf-8"))
    about = document.about
    return Topic(
        topic=file.topic,
        title=document.title,
        about=about if len(about) <= 300 else f"{about[:299]}…",
        bytes=len(data),
    )


def _page(file: SkillFile, section: str | None, start: int) -> Page:
    document = Document(file.text())
    heading = _section(file, document, section)
    first, last = (heading.first, heading.last) if heading else (1, len(document.lines))
    begin = max(first, start)
    if begin > last:
        raise Problem(
            "bad_argument", f"`start` is {start}; the text ends at line {last}", object="start"
        )
    end = document.page(begin, last, PAGE_BYTES)
    name = document.name_of(heading) if heading else None
    onward = {"topic": file.topic, "section": name, "start": end + 1}
    return Page(
        topic=file.topic,
        section=name,
        text="\n".join(document.lines[begin - 1 : end]),
        first_line=begin,
        last_line=end,
        lines_in_all=last,
        also=_also(document, section),
        next=(_call("goes on", onward),) if end < last else (),
    )


def _also(document: Document, section: str | None) -> tuple[str, ...]:
    if not section:
        return ()
    return tuple(map(document.name_of, document.sections(section)[1:6]))


def _search(
    wanted: str, files: list[SkillFile], topic: str | None, start: int
) -> Hits | NothingFound:
    documents = {file.topic: Document(file.text()) for file in files}
    found = search_documents(documents, wanted)
    if not found:
        return NothingFound(search=wanted, searched=tuple(documents), next=_wider(wanted, topic))
    if start > len(found):
        raise Problem(
            "bad_argument", f"`start` is {start}; there are {len(found)} hits", object="start"
        )
    shown = found[start - 1 :][:MOST_HITS]
    return Hits(
        search=wanted,
        sections=tuple(map(_shown, shown)),
        first=start,
        found=len(found),
        per_topic=dict(Counter(hit.topic for hit in found).most_common()),
        next=_after(wanted, topic, shown[0], start + len(shown), len(found)),
    )


def _shown(hit: Hit) -> FoundSection:
    return FoundSection(
        topic=hit.topic,
        section=hit.heading,
        line=hit.line,
        text="\n".join(hit.lines),
        more_lines=hit.more,
    )


def _wider(wanted: str, topic: str | None) -> tuple[NextCall, ...]:
    if topic:
        return (_call("looks in all of them", {"search": wanted}),)
    return (_call("lists what there is to read", {}),)


def _after(
    wanted: str, topic: str | None, best: Hit, following: int, found: int
) -> tuple[NextCall, ...]:
    read = _call("the first of them", {"topic": best.topic, "section": best.heading or None})
    if following > found:
        return (read,)
    return read, _call("more hits", {"topic": topic, "search": wanted, "start": following})


def _call(why: str, arguments: Mapping[str, Any]) -> NextCall:
    given = {name: value for name, value in arguments.items() if value is not None}
    return NextCall(tool="reference_read", arguments=given, why=why)
