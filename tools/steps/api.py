"""`space_api`: what an app offers to callers, endpoint by endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import override

from ..app.deadline import watch
from ..app.description import Endpoint, Parameter, describe_app
from ..app.errors import AppNeedsLogin, AppProblem, AppUnreachable, NotAGradioApp
from ..context import Context
from ..failures import fenced
from ..model import NextCall, Result, shown_arguments
from ..problems import Problem
from ..registry import Effect, tool
from ..targets import App, SpaceOrAddress, app_token
from .waking import awake_app

CONNECT_SECONDS = 30.0
REPORT_SECONDS = 4.0
_CODES: dict[type[AppProblem], str] = {
    AppUnreachable: "app_unreachable",
    AppNeedsLogin: "app_needs_login",
    NotAGradioApp: "not_gradio",
}


class Api(Result):
    """Every public endpoint with its parameters, and a call that tries the first one."""

    outcome = "api"

    space: str
    address: str
    title: str
    gradio_version: str
    mode: str
    endpoints: tuple[Endpoint, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} at {self.address} has {len(self.endpoints)} public endpoints."
        described = (line for endpoint in self.endpoints for line in _endpoint_lines(endpoint))
        yield from fenced((f"{self.title}: Gradio {self.gradio_version}", *described))


@tool(title="Endpoints of an app", effect=Effect.READ, examples=({"space": "me/demo"},))
def space_api(context: Context, space: SpaceOrAddress) -> Api:
    """Use before calling an app: every endpoint with typed parameters, choices, defaults, examples
    and whether it streams.

    Raises:
        Problem: `not_running`, `app_unreachable`, `app_needs_login`, `not_gradio`, and the Hub's.
    """
    return watch(
        lambda: _described(context, space),
        lambda seconds: _tell(context, space, seconds),
        every=REPORT_SECONDS,
    )


def _tell(context: Context, space: str, seconds: float) -> None:
    context.report(f"asking {space} what it offers, {seconds:.0f} s", None)
    context.pause(0)


def _described(context: Context, space: str) -> Api:
    app = awake_app(context, space, seconds=context.remaining(CONNECT_SECONDS))
    seconds = context.remaining(CONNECT_SECONDS)
    try:
        found = describe_app(app.address, token=app_token(context, app), deadline=seconds)
    except AppProblem as problem:
        raise from_app(problem, app) from problem
    return Api(
        space=app.name,
        address=app.address,
        title=found.title,
        gradio_version=found.gradio_version,
        mode=found.mode,
        endpoints=found.endpoints,
        next=_next(app, found.endpoints),
    )


def from_app(problem: AppProblem, app: App) -> Problem:
    """An app that cannot be talked to, as a problem with the call that shows why."""
    following: tuple[NextCall, ...] = ()
    if app.space is not None:
        arguments = {"space": app.name, "kind": "run"}
        following = (NextCall(tool="space_logs", arguments=arguments, why="what the app says"),)
    code = _CODES.get(type(problem), "app_too_slow")
    return Problem(code, problem.reason, object=app.name, next=following)


def _next(app: App, endpoints: tuple[Endpoint, ...]) -> tuple[NextCall, ...]:
    callable_ones = [endpoint for endpoint in endpoints if endpoint.kind == "function"]
    if not callable_ones:
        return ()
    first = callable_ones[0]
    inputs = {
        parameter.name: parameter.example
        for parameter in first.parameters
        if parameter.required and parameter.example is not None
    }
    arguments = {"space": app.name, "endpoint": first.name, "input": shown_arguments(inputs)}
    return (
        NextCall(
            tool="space_smoke_test", arguments=arguments, why="calls it and judges the output"
        ),
    )


def _endpoint_lines(endpoint: Endpoint) -> Iterator[str]:
    streams = ", streams" if endpoint.streaming else ""
    kind = "" if endpoint.kind == "function" else f" ({endpoint.kind} event)"
    about = f" - {' '.join(endpoint.description.split())[:200]}" if endpoint.description else ""
    yield f"{endpoint.name}{kind}{streams}{about}"
    for parameter in endpoint.parameters:
        yield f"  {_parameter_text(parameter)}"
    for returned in endpoint.returns:
        yield f"  returns {returned.label}: {returned.type} ({returned.component})"


def _parameter_text(parameter: Parameter) -> str:
    text = f"{parameter.name}: {parameter.type} ({parameter.component}, {parameter.label!r})"
    if parameter.required:
        example = f", e.g. {parameter.example!r}" if parameter.example is not None else ""
        return f"{text}, required{example}"
    return f"{text}, default {parameter.default!r}"
