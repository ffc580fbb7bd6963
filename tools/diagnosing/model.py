"""What a diagnosis consists of."""

from __future__ import annotations

from typing import Any, Literal

from ..model import Model

Verdict = Literal[
    "healthy",
    "config",
    "build",
    "start",
    "health_check",
    "app",
    "client",
    "account",
    "platform",
    "unknown",
]
Confidence = Literal["high", "medium", "low"]
StaleLayer = Literal["build", "run"]


class RootCause(Model):
    """The line that says what went wrong.

    `line` is its number in `log`, None where it is no line of a log; `log` says where it was found:
    `build`, `run`, `given` (text or file of the caller), `message` (of the Hub), or a file's name.
    `where` is the place in the app's own code.
    """

    text: str
    line: int | None
    log: str
    where: str | None = None


class ProposedCall(Model):
    """A tool call that is the cure."""

    tool: str
    arguments: dict[str, Any]


class ProposedFix(Model):
    """One way to cure it. `fix` is what `space_fix` is asked for, `patch` a unified diff of what it
    would change in the files that were looked at."""

    how: str
    kind: Literal["patch", "call", "advice"]
    fix: str | None = None
    patch: str | None = None
    call: ProposedCall | None = None


class Guess(Model):
    """A known error that looks alike; nothing says that it is this one."""

    error_id: str
    cause: str


class Revisions(Model):
    """The repository's head, the revision that was built last, the one that runs.

    None where it is not known; `stale_layer` is the first one that is behind the one before it.
    """

    repo: str | None
    built: str | None
    running: str | None
    stale_layer: StaleLayer | None


class HardwareSeen(Model):
    """The hardware that was asked for, and what the Space has."""

    requested: str | None
    current: str | None


class Diagnosis(Model):
    """The verdict, what it stands on and what cures it. `block` are the quoted lines around the
    root cause, `consequences` counts errors that came after it."""

    verdict: Verdict
    root_cause: RootCause | None = None
    error_id: str | None = None
    cause: str
    confidence: Confidence
    why: str
    fixes: tuple[ProposedFix, ...] = ()
    guesses: tuple[Guess, ...] = ()
    block: tuple[str, ...] = ()
    consequences: int = 0
