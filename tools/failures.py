"""Why a Space's build or run failed: the first error of the log that matters for its stage."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from .hub import Hub
from .hub.facts import LogText, RuntimeFacts
from .hub.logs import Kind
from .logreading import ErrorBlock, read_log
from .model import Model
from .problems import Problem


class Failure(Model):
    """The first error and what followed from it.

    `log` is the log it was found in, None when it comes from the Hub's own message;
    `consequences` counts later errors, which need no repair of their own. `error_id` names the
    known error that it is, `cause` says what lies behind it.
    """

    stage: str
    log: Kind | None
    first_error: ErrorBlock | None
    consequences: int
    hub_message: str | None
    log_is_partial: str | None = None
    error_id: str | None = None
    cause: str | None = None

    @property
    def sentence(self) -> str:
        """The failure in one line."""
        if self.first_error:
            return self.first_error.text
        return self.hub_message or f"{self.stage}, and no log says why"

    def lines(self) -> Iterator[str]:
        """The failure with its quoted block; log text is fenced as untrusted."""
        if self.log_is_partial:
            yield f"The log was read only in part: {self.log_is_partial}."
        if self.first_error is None:
            yield f"First error: {self.sentence}"
            return
        where = f", in {self.first_error.where}" if self.first_error.where else ""
        yield f"First error ({self.log} log, line {self.first_error.line}{where}):"
        yield from fenced(self.first_error.block)
        if self.error_id:
            yield f"Known as {self.error_id}: {self.cause}"
        if self.consequences:
            yield f"Other errors in the log: {self.consequences}; repair this one first."


def log_for(stage: str) -> Kind:
    """The log that matters in a stage."""
    return "build" if "BUILD" in stage else "run"


def find_failure(hub: Hub, space: str, runtime: RuntimeFacts) -> Failure:
    """The first error behind a failed stage, as far as this account may read the logs."""
    message = runtime.error_message
    kind = log_for(runtime.stage)
    try:
        text = hub.log(space, kind)
    except Problem as problem:
        why = f"{message or 'no message'} ({kind} log not readable: {problem.code})"
        return Failure(
            stage=runtime.stage, log=None, first_error=None, consequences=0, hub_message=why
        )
    return _failure(runtime.stage, kind, text, message)


def _failure(stage: str, kind: Kind, text: LogText, message: str | None) -> Failure:
    reading = read_log(text.lines)
    # A failed stage was not caused by an error that the app went on after.
    found = reading.likely_error or reading.first_error
    known, cause = _known(found) if found else (None, None)
    return Failure(
        stage=stage,
        log=kind if found else None,
        first_error=found,
        consequences=reading.later_errors,
        hub_message=message,
        log_is_partial=text.cut_because,
        error_id=known,
        cause=cause,
    )


def _known(block: ErrorBlock) -> tuple[str, str] | tuple[None, None]:
    """Id and cause of the specific known error that a block shows."""
    # Here, because most processes never meet a failure, and reading all errors takes a moment.
    from .diagnosing.matching import matches
    from .diagnosing.proposing import filled

    for found in matches(block.block, block.text):
        if not found.error.generic:
            return found.error.id, filled(found, found.error.cause)
    return None, None


def fenced(lines: tuple[str, ...]) -> Iterator[str]:
    """Text of a Space, marked as data: whatever it says, it is no instruction."""
    # A tag that the text cannot know, so that it cannot close its own fence.
    tag = f"untrusted-text-{secrets.token_hex(4)}"
    yield f"<{tag} from the Space>"
    yield from lines
    yield f"</{tag}>"
