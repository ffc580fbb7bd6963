"""Errors that are known: how each announces itself, what causes it and what cures it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

from .files import FOLDER, Fact, load

Stage = Literal["config", "build", "start", "health_check", "call", "client", "hub"]
"""Where it shows: reading the card, building, starting, waiting for the port, calling the app,
using a client, asking the Hub.
"""
Verdict = Literal[
    "config", "build", "start", "health_check", "app", "client", "account", "platform"
]
"""Whose trouble it is. `account` and `platform` are cured without touching the code."""
Confidence = Literal["measured", "read_in_code", "documented", "reported"]


class FactSource(Fact):
    """Where a fact was seen, and when."""

    what: str
    as_of: date


class Edit(Fact):
    """A change of one file that a machine can make.

    `find` is a regular expression (multi-line) whose every match is replaced by `replace`, where
    `\\1` is its first group; without `find`, `replace` is added as a line at the end of the file,
    which is made if need be. `{name}` stands for what the error's signature found under that name,
    taken literally in `find` and in `replace`. `{distribution}` is what installs `{module}`, and
    `{app_file}`, or `app.py`, the file that starts the Space.
    """

    file: str
    find: str | None = None
    replace: str = ""


class Call(Fact):
    """A tool call that cures it; `{space}` in an argument stands for the Space's name."""

    tool: str
    arguments: dict[str, Any]


class Change(Fact):
    """One way to cure an error, best first: words for a person, and what a machine can do of it.

    `rules` are lint rules whose fix makes the change.
    """

    how: str
    rules: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    call: Call | None = None


class KnownError(Fact):
    """One known error.

    `signature` is a regular expression that both RE2 and Python understand; its named groups may
    be used as `{name}` in `cause` and `changes` (a group `name_2` is another place of `name`).
    Where `unless` matches in the same block of the log, a more precise error is at hand, and this
    one does not apply. A `generic` one only wraps the real error: it is never a diagnosis, only a
    hint. `not_rehearsable` says why the rehearsal Hub cannot show it.
    """

    id: str
    stage: Stage
    verdict: Verdict
    severity: Literal["error", "warning", "info"] = "error"
    signature: str
    unless: str = ""
    generic: bool = False
    examples: tuple[str, ...]
    healthy: tuple[str, ...] = ()
    cause: str
    changes: tuple[Change, ...]
    verify: str
    sources: tuple[FactSource, ...]
    confidence: Confidence
    rehearsable: bool = False
    not_rehearsable: str = ""


@lru_cache(maxsize=1)
def known_errors() -> tuple[KnownError, ...]:
    """Every known error, in the order of the files and within them.

    A file is named after the stage of its errors, with a word more where a stage fills several.
    """
    found: list[KnownError] = []
    for path in sorted((FOLDER / "errors").glob("*.yaml")):
        stage = path.stem.partition("-")[0]
        records = load(f"errors/{path.name}")["errors"]
        found += (KnownError(**{"stage": stage, **record}) for record in records)
    return tuple(found)


def known_error(identity: str) -> KnownError | None:
    """The known error with that id, or None."""
    return next((error for error in known_errors() if error.id == identity), None)
