"""Which endpoints a smoke test calls, and why it leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .interface import Function
from .made_up import wants_file
from .report import EndpointReport, Evidence
from .weighing import MEDIA

DESTRUCTIVE = re.compile(
    r"(^|_)(delete|clear|reset|shutdown|restart|stop|kill|drop|purge|wipe|flag|logout|uninstall"
    r"|revoke|overwrite|truncate|cancel|unsubscribe"
    r"|push|publish|deploy|email|tweet|notify|subscribe|signup|invite|vote"
    r"|pay|buy|purchase|checkout|donate|refund"
    r"|train|retrain|finetune|fine_tune)(_|\d|$)"
    r"|(^|_)(upload|save|write|commit|post|export)(_\w+)?_(to|into)(_|$)"
    r"|(^|_)(upload|save|commit)_(hub|repo|repository|dataset|model|space)(_|$)"
)
"""Verbs that delete, publish, send, pay or start long work; a call of them may not be undone."""
DESTRUCTIVE_UNLESS_A_FILTER = re.compile(r"(^|_)(remove|erase)(_|\d|$)")
"""Words that also name what is done to a picture or a sound, as in `remove_background`."""
SENDS = re.compile(r"(^|_)send(_|\d|$)")
"""A chat's own button is called like this, too."""
SAVES = re.compile(r"(^|_)(save|submit_feedback)(_|\d|$)")
"""Words that change something elsewhere unless what they save comes back as a file."""
BACKGROUND = frozenset(
    {"blur", "change", "focus", "hover", "input", "key_up"}
    | {"like", "load", "scroll", "select", "tick", "unload"}
)
"""Events that refresh a page; what an app is for hangs on a button, a submit or what follows."""


MOST_ENDPOINTS = 8


@dataclass(frozen=True)
class Request:
    """What the caller asked for; the flags are those of `smoke.Manner`."""

    endpoint: str | None
    inputs: Mapping[str, Any]
    most_endpoints: int = MOST_ENDPOINTS
    expects_gpu: bool = False
    calls_once: bool = False
    sizing: bool = False


def wanted(functions: Sequence[Function], request: Request) -> list[Function]:
    """The endpoints the request is about: the named one, or those that take its inputs."""
    if request.endpoint:
        return [each for each in functions if each.name == request.endpoint]
    names = set(request.inputs)
    return [each for each in functions if names <= {given.name for given in each.inputs}]


def chosen(functions: Sequence[Function], request: Request) -> list[Function]:
    """The endpoints to call, in the app's order: when there are too many, what matters most.

    Functions without a name are page plumbing wherever the app has named ones.
    """
    if request.endpoint:
        return list(functions)
    safe = [each for each in functions if not reason_to_skip(each)]
    named = [each for each in safe if each.kind == "function"] or safe
    most = max(1, request.most_endpoints)
    best = sorted(named, key=_importance, reverse=True)[:most]
    return [each for each in named if each in best]


def _importance(function: Function) -> tuple[bool, bool, bool]:
    """Larger for what a visitor sets off, then for what produces media or streams."""
    produces = {each.component.lower() for each in function.results}
    return (
        not function.events or not function.events <= BACKGROUND,
        bool(produces & MEDIA) or function.streaming,
        any(not each.is_input for each in function.results),
    )


def reason_to_skip(function: Function) -> str:
    """Why the endpoint is not called unless it is named; empty when it is called."""
    if function.kind != "function" and not function.inputs:
        return f"a {function.kind} event without parameters, not a feature of the app"
    if not (function.inputs or function.results or function.changes_state):
        return "it takes nothing and returns nothing, so it is called for a side effect"
    name = function.name.lstrip("/").lower()
    filters = any(map(wants_file, function.inputs))
    returned = {each.component.lower() for each in function.results}
    if (
        DESTRUCTIVE.search(name)
        or (DESTRUCTIVE_UNLESS_A_FILTER.search(name) and not filters)
        or (SENDS.search(name) and "chatbot" not in returned)
        or (SAVES.search(name) and not returned & MEDIA)
    ):
        return "its name says that it changes or deletes something; name it to have it called"
    return ""


def skipped(function: Function, most_endpoints: int) -> EndpointReport:
    """The report on an endpoint that was left out, with the reason."""
    unnamed = f"a {function.kind} event beside named functions; name it to have it called"
    too_many = f"only {most_endpoints} endpoints are called; name it to have it called"
    other = too_many if function.kind == "function" else unnamed
    what = f"not called: {reason_to_skip(function) or other}"
    return EndpointReport(
        name=function.name, verdict="skipped", evidence=(Evidence(what=what, ok=None),)
    )
