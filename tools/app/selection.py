"""Which endpoints a smoke test calls, and why it leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .interface import Function
from .made_up import wants_file
from .report import EndpointReport, Evidence

DESTRUCTIVE = re.compile(
    r"(^|_)(delete|clear|reset|shutdown|restart|stop|kill|drop|purge|wipe|flag|logout)(_|\d|$)"
)
DESTRUCTIVE_UNLESS_A_FILTER = re.compile(r"(^|_)(remove|erase)(_|\d|$)")
"""Words that also name what is done to a picture or a sound, as in `remove_background`."""


@dataclass(frozen=True)
class Request:
    """What the caller asked for."""

    endpoint: str | None
    inputs: Mapping[str, Any]
    most_endpoints: int


def wanted(functions: Sequence[Function], request: Request) -> list[Function]:
    """The endpoints the request is about: the named one, or those that take its inputs."""
    if request.endpoint:
        return [each for each in functions if each.name == request.endpoint]
    names = set(request.inputs)
    return [each for each in functions if names <= {given.name for given in each.inputs}]


def reason_to_skip(function: Function) -> str:
    """Why the endpoint is not called unless it is named; empty when it is called."""
    if function.kind != "function" and not function.inputs:
        return f"a {function.kind} event without parameters, not a feature of the app"
    name = function.name.lstrip("/").lower()
    filters = any(map(wants_file, function.inputs))
    if DESTRUCTIVE.search(name) or (DESTRUCTIVE_UNLESS_A_FILTER.search(name) and not filters):
        return "its name says that it changes or deletes something; name it to have it called"
    return ""


def skipped(function: Function, most_endpoints: int) -> EndpointReport:
    """The report on an endpoint that was left out, with the reason."""
    too_many = f"only the first {most_endpoints} endpoints are called; name it to have it called"
    what = f"not called: {reason_to_skip(function) or too_many}"
    return EndpointReport(
        name=function.name, verdict="skipped", evidence=(Evidence(what=what, ok=None),)
    )
