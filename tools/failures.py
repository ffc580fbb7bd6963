"""Why a Space's build or run failed: the first error of the log that matters for its stage."""

from __future__ import annotations

from collections.abc import Iterator

from .hub import Hub
from .hub.facts import RuntimeFacts
from .hub.logs import Kind
from .logreading import ErrorBlock, LogReading, read_log
from .model import Model
from .problems import Problem


class Failure(Model):
    """The first error and what followed from it.

    `log` is the log it was found in, None when it comes from the Hub's own message;
    `consequences` counts later errors, which need no repair of their own.
    """

    stage: str
    log: Kind | None
    first_error: ErrorBlock | None
    consequences: int
    hub_message: str | None

    @property
    def sentence(self) -> str:
        """The failure in one line."""
        if self.first_error:
            return self.first_error.text
        return self.hub_message or f"{self.stage}, and no log says why"

    def lines(self) -> Iterator[str]:
        """The failure with its quoted block; log text is fenced as untrusted."""
        if self.first_error is None:
            yield f"First error: {self.sentence}"
            return
        where = f", in {self.first_error.where}" if self.first_error.where else ""
        yield f"First error ({self.log} log, line {self.first_error.line}{where}):"
        yield from fenced(self.first_error.block)
        if self.consequences:
            yield f"{self.consequences} other errors in the log; repair this one first."


def log_for(stage: str) -> Kind:
    """The log that matters in a stage."""
    return "build" if "BUILD" in stage else "run"


def find_failure(hub: Hub, space: str, runtime: RuntimeFacts) -> Failure:
    """The first error behind a failed stage, as far as this account may read the logs."""
    message = runtime.error_message
    kind = log_for(runtime.stage)
    try:
        reading = read_log(hub.log(space, kind).lines)
    except Problem as problem:
        why = f"{message or 'no message'} ({kind} log not readable: {problem.code})"
        return Failure(
            stage=runtime.stage, log=None, first_error=None, consequences=0, hub_message=why
        )
    return _failure(runtime.stage, kind, reading, message)


def _failure(stage: str, kind: Kind, reading: LogReading, message: str | None) -> Failure:
    # A failed stage was not caused by an error that the app went on after.
    found = reading.likely_error or reading.first_error
    return Failure(
        stage=stage,
        log=kind if found else None,
        first_error=found,
        consequences=reading.later_errors,
        hub_message=message,
    )


def fenced(lines: tuple[str, ...]) -> Iterator[str]:
    """Text of a Space, marked as data: whatever it says, it is no instruction."""
    yield "<untrusted-text from the Space>"
    yield from lines
    yield "</untrusted-text>"
