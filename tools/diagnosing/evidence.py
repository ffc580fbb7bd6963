"""What a diagnosis is made from: stage, logs, revisions, files and what the linter says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import chain

from ..hub import Hub
from ..hub.facts import RuntimeFacts, SpaceFacts
from ..hub.logs import Kind
from ..lint import Project, Report, lint
from ..lint.texts import Texts
from ..logreading import LogReading, read_log
from ..problems import Problem
from .model import Revisions

LOG_SECONDS = 10.0
_BEGAN = re.compile(r"(?:Build Queued|Application Startup) at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


@dataclass(frozen=True)
class LogSeen:
    """A log as far as it could be read. `began` is when its build or start began, in UTC."""

    kind: Kind
    reading: LogReading | None = None
    revision: str | None = None
    began: datetime | None = None
    cut_because: str | None = None
    unreadable: str | None = None

    def described(self) -> str:
        """What was looked at, in a few words."""
        if self.unreadable:
            return f"{self.kind} log: not readable ({self.unreadable})"
        if self.reading is None:
            return f"{self.kind} log: there is none yet"
        part = f", in part only: {self.cut_because}" if self.cut_because else ""
        return f"{self.kind} log: {self.reading.lines} lines{part}"


@dataclass(frozen=True)
class Files:
    """The files that belong to what failed, and what linting them says."""

    texts: Texts
    report: Report
    described: str


@dataclass(frozen=True)
class Evidence:
    """All that was seen of a Space."""

    facts: SpaceFacts
    runtime: RuntimeFacts
    revisions: Revisions
    logs: dict[Kind, LogSeen] = field(default_factory=dict)
    files: Files | None = None
    changed: tuple[str, ...] = ()
    """The paths that the newest commit changed."""
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def space(self) -> str:
        """The Space's name."""
        return self.facts.name

    @property
    def hardware(self) -> str | None:
        """The flavor that was asked for, else the one it has."""
        return self.runtime.requested_hardware or self.runtime.hardware

    @property
    def since(self) -> str:
        """When the newest build or start began, in UTC, as its log says; else empty."""
        times = [seen.began for seen in self.logs.values() if seen.began is not None]
        return f"{max(times):%Y-%m-%d %H:%M:%S}" if times else ""

    def reading(self, kind: Kind) -> LogReading | None:
        """What a log says, or None when it was not read."""
        seen = self.logs.get(kind)
        return seen.reading if seen else None

    def minutes_since(self, kind: Kind) -> float | None:
        """How long ago a build or start began, None where no log says it."""
        seen = self.logs.get(kind)
        if seen is None or seen.began is None:
            return None
        return (self.now - seen.began).total_seconds() / 60

    def looked_at(self) -> Iterator[str]:
        """Everything that was looked at, and what could not be."""
        yield f"stage {self.runtime.stage}"
        if self.runtime.error_message:
            yield "the Hub's message"
        yield from (seen.described() for seen in self.logs.values())
        if self.files:
            yield self.files.described
        if self.changed:
            more = f" and {len(self.changed) - 6} more" if len(self.changed) > 6 else ""
            yield f"the newest commit, which changed {', '.join(self.changed[:6])}{more}"
        yield from (f"difference to the platform: {one}" for one in self.runtime.differences)


def see_log(hub: Hub, space: str, kind: Kind) -> LogSeen:
    """Read a log; one that may not be read, or cannot, is no failure of the diagnosis."""
    try:
        text = hub.log(space, kind, seconds=LOG_SECONDS)
    except Problem as problem:
        return LogSeen(kind, unreadable=problem.code)
    if not text.exists:
        return LogSeen(kind)
    return LogSeen(
        kind,
        reading=read_log(text.lines),
        revision=text.revision,
        began=began(text.lines),
        cut_because=text.cut_because,
    )


def began(lines: Iterable[str]) -> datetime | None:
    """When the last build or start of a log began, in UTC."""
    found = None
    for line in lines:
        found = _BEGAN.search(line) or found if "=====" in line else found
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def see_files(texts: Texts, described: str, *, hardware: str | None) -> Files:
    """Lint files as they are for the hardware that they run on."""
    report = lint(Project(texts, hardware=hardware, hardware_from="the Space"))
    errors = sum(one.severity.value == "error" for one in report.findings)
    said = f"{described}: {errors} lint errors" if errors else f"{described}: no lint errors"
    return Files(texts, report, said)


def with_first_lines(lines: Iterable[str], most: int) -> tuple[tuple[str, ...], Iterator[str]]:
    """The first lines of a stream, and the whole stream again."""
    iterator = iter(lines)
    first = tuple(line for _, line in zip(range(most), iterator, strict=False))
    return first, chain(first, iterator)
