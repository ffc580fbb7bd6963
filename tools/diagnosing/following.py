"""The calls that make sense after a diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import FOLDER, NextCall, Stage
from ..problems import account_status_call
from .model import Diagnosis

IN_THE_FILES = frozenset({"config", "build", "start", "health_check", "app"})
"""Verdicts that a change of the Space's files can cure."""


def following(
    made: Diagnosis, space: str | None, stage: str | None, folder: str | None
) -> Iterator[NextCall]:
    """The repair, then the calls that cure it, then what tells more.

    `stage` is None where the Hub refused to say it; `folder` is where the caller has the files.
    """
    fix = next((one.fix for one in made.fixes if one.fix is not None), None)
    if fix is not None:
        yield from _repair(fix, space, folder)
    for one in made.fixes:
        if one.call is not None:
            yield NextCall(tool=one.call.tool, arguments=one.call.arguments, why=one.how)
    if space is not None:
        if fix is None and made.verdict in IN_THE_FILES:
            yield from _checkout(space, folder)
        yield from _further(made, space, stage)


def _further(made: Diagnosis, space: str, stage: str | None) -> Iterator[NextCall]:
    """What to ask next, by verdict."""
    here = {"space": space}
    if made.verdict == "account" and stage is None:
        yield account_status_call("shows the account and what it may do")
    elif made.verdict == "healthy":
        yield NextCall(tool="space_smoke_test", arguments=here, why="whether the app works")
    elif made.verdict == "app":
        yield NextCall(tool="space_smoke_test", arguments=here, why="which call fails, and how")
    elif made.verdict == "unknown" and stage in Stage.MOVING:
        yield NextCall(tool="space_wait", arguments=here, why="until it runs or fails")
    elif made.verdict == "unknown":
        yield NextCall(tool="space_logs", arguments=here, why="the log around the error")


def _repair(fix: str, space: str | None, folder: str | None) -> Iterator[NextCall]:
    """The repair in the caller's folder; where there is none, the files have to be had first."""
    if space is not None:
        yield from _checkout(space, folder)
    place = folder or (_folder_for(space) if space else FOLDER)
    arguments = {"folder": place, "fixes": [fix]}
    yield NextCall(tool="space_fix", arguments=arguments, why="makes the change and shows it")


def _checkout(space: str, folder: str | None) -> Iterator[NextCall]:
    if folder is None:
        arguments = {"source": space, "folder": _folder_for(space)}
        yield NextCall(tool="space_checkout", arguments=arguments, why="the files to repair")


def _folder_for(space: str) -> str:
    return space.partition("/")[2]
