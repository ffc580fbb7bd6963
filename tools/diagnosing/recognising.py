"""From the errors of a log to the one that is the root, and the known error that it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..logreading import ErrorBlock, LogReading, read_log
from .matching import Match, matches
from .model import Confidence, RootCause, Verdict

LogName = Literal["build", "run", "given", "message"]
MOST_SHORT_LINES = 40
"""A text of no more lines is compared as a whole: somebody pasted what a client or a page said."""
# The builder repeats the steps it had to run under "cache miss"; they are no cause.
_CACHE_NOISE = re.compile(r"(?:Reason: )?cache miss: \[[^\n]*|^\{\"total\":\d+[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Recognised:
    """An error of a log, and the known errors it shows, best first; generic ones are only hints."""

    block: ErrorBlock
    log: LogName
    matches: tuple[Match, ...]
    survived: bool = False
    """The app went on after it."""

    @property
    def match(self) -> Match | None:
        """The specific known error that it is."""
        return next((match for match in self.matches if not match.error.generic), None)

    @property
    def hints(self) -> tuple[Match, ...]:
        """The wrappers around some other error that were recognised."""
        return tuple(match for match in self.matches if match.error.generic)

    @property
    def root(self) -> RootCause:
        """The line that says what went wrong, and its place."""
        return RootCause(
            text=self.block.text,
            line=self.block.line if self.log != "message" else None,
            log=self.log,
            where=self.block.where,
        )

    @property
    def verdict(self) -> Verdict:
        """Whose trouble it is: the known error's, seen where it happened."""
        known = self.match.error.verdict if self.match else None
        if known not in (None, "build", "start"):
            return known
        if self.log == "build" or (known == "build" and self.log != "run"):
            return "build"
        if self.block.while_serving:
            return "app"
        return "start" if known else "unknown"

    def confidence(self) -> tuple[Confidence, str]:
        """How sure it is that this known error is the cause, and why."""
        match = self.match
        if match is None:
            return "low", "no known error has this form"
        if self.survived:
            return "low", f"{match.error.id} was recognised, but the app went on after it"
        if not re.search(match.error.signature, self.block.text, re.MULTILINE):
            return "medium", f"{match.error.id} was recognised beside the line that names the error"
        return "high", f"the error's own line has the form of {match.error.id}"


def recognise(reading: LogReading, log: LogName) -> Recognised | None:
    """The root error of a log; None when the log shows no error.

    The first error that no sign of health followed counts, because the app went on after the ones
    before. Of a log without its Space nobody knows whether it failed in the end: there the very
    first error counts where it is known and the other is not.
    """
    likely = reading.likely_error or reading.first_error
    if likely is None:
        return None
    is_last_hope = likely == reading.first_error
    found = _recognised(likely, log, survived=is_last_hope and reading.first_error_survived)
    if found.match or is_last_hope or log != "given" or reading.first_error is None:
        return found
    first = _recognised(reading.first_error, log, survived=True)
    return first if first.match else found


def recognise_serving(reading: LogReading, log: LogName) -> Recognised | None:
    """The first error that happened while the app served; a known one comes first."""
    blocks = [block for block in (reading.first_error, *reading.consequences) if block is not None]
    found = [_recognised(block, log) for block in blocks if block.while_serving]
    return next((one for one in found if one.match), found[0] if found else None)


def recognise_message(message: str) -> Recognised | None:
    """What the Hub's own message says, without the list of steps that it was not asked for."""
    text = _CACHE_NOISE.sub("", message).strip()
    if not text:
        return None
    lines = text.splitlines()
    found = recognise(read_log(lines), "message")
    if found is not None and found.match is not None:
        return found
    return recognise_text(lines, "message") or found


def recognise_text(lines: Sequence[str], log: LogName) -> Recognised | None:
    """A known error anywhere in a short text that does not look like an error of a log."""
    kept = [line for line in lines if line.strip()]
    if not kept or len(kept) > MOST_SHORT_LINES:
        return None
    known = matches(kept)
    specific = next((match for match in known if not match.error.generic), None)
    if specific is None:
        return None
    number = next((n for n, line in enumerate(lines, 1) if specific.line in line), 1)
    block = ErrorBlock(
        text=specific.line, line=number, kind="platform", block=tuple(kept), where=None
    )
    return Recognised(block, log, known)


def _recognised(block: ErrorBlock, log: LogName, *, survived: bool = False) -> Recognised:
    return Recognised(block, log, matches(block.block, block.text), survived)
