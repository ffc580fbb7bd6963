"""The MCP server of a Gradio app, tried as a host would: list its tools and call one.

Gradio serves it below `/gradio_api/mcp/`; its schema names the endpoint behind each tool (6.31.0,
measured 2026-11-23). The tool that is called gets values that its endpoint has just taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from .deadline import Deadline, attempt
from .errors import AppProblem
from .report import EndpointReport, EndpointVerdict, Evidence
from .schema import items, mapping, text
from .values import render
from .web import Credential, get
from .wording import complaint

NAME = "MCP server"
MOST_SECONDS = 15.0
MOST_NAMES = 12

Payloads = Mapping[str, Mapping[str, Any]]
"""Values by parameter name that an endpoint took, by the endpoint's name with its slash."""


@dataclass(frozen=True)
class _Visit:
    """What the server listed, and what the one call gave; `called` is empty without a call."""

    tools: tuple[str, ...]
    called: str = ""
    output: str = ""
    is_error: bool = False


def visit_tools(
    api_root: str, *, token: Credential | None, payloads: Payloads, deadline: Deadline
) -> EndpointReport:
    """List the tools and call the first whose endpoint is in `payloads`; none when it is empty."""
    clock = Deadline(min(MOST_SECONDS, deadline.left))
    headers = dict(token.headers) if token else {}
    try:
        chosen = _choose(_tool_names(api_root, token, clock), payloads)
    except AppProblem as problem:
        return _report("warnings", [Evidence(what=problem.reason, ok=False)], clock)
    future = attempt(partial(_run, f"{api_root}mcp/", headers, chosen, clock.left), clock.left + 1)
    error = future.exception() if future.done() else TimeoutError()
    if error is not None:
        what = f"its MCP server does not answer as one: {_reason(error)}"
        return _report("warnings", [Evidence(what=what, ok=False)], clock)
    return _judge(future.result(), clock)


def _tool_names(api_root: str, token: Credential | None, clock: Deadline) -> Mapping[str, str]:
    """Names of the tools by endpoint, from the server's schema; empty where it has none."""
    answer = get(f"{api_root}mcp/schema", token=token, deadline=clock)
    try:
        listed = items(json.loads(answer.text))
    except (ValueError, RecursionError):
        return {}
    described = [(mapping(mapping(each).get("meta")), mapping(each)) for each in listed]
    return {
        f"/{text(about.get('endpoint_name')).lstrip('/')}": text(each.get("name"))
        for about, each in described
        if text(about.get("endpoint_name")) and about.get("mcp_type", "tool") == "tool"
    }


def _choose(names: Mapping[str, str], payloads: Payloads) -> tuple[str, Mapping[str, Any]] | None:
    """A tool and its arguments."""
    return next(((names[each], payloads[each]) for each in payloads if each in names), None)


def _run(
    url: str,
    headers: dict[str, str],
    chosen: tuple[str, Mapping[str, Any]] | None,
    seconds: float,
) -> _Visit:
    import anyio

    async def bounded() -> _Visit:
        with anyio.fail_after(seconds):
            return await _visit(url, headers, chosen)

    return anyio.run(bounded)


async def _visit(
    url: str, headers: dict[str, str], chosen: tuple[str, Mapping[str, Any]] | None
) -> _Visit:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    transport = streamable_http_client(url, http_client=httpx2.AsyncClient(headers=headers))
    async with Client(transport) as client:
        names = tuple(each.name for each in (await client.list_tools()).tools)
        if chosen is None or chosen[0] not in names:
            return _Visit(names)
        result = await client.call_tool(chosen[0], dict(chosen[1]))
        output = " ".join(getattr(each, "text", f"[{each.type}]") for each in result.content)
        return _Visit(names, chosen[0], output, result.is_error)


def _reason(error: BaseException) -> str:
    """The first real error; task groups wrap it."""
    inner: Sequence[BaseException] = getattr(error, "exceptions", ())
    return _reason(inner[0]) if inner else f"{type(error).__name__}: {error}".rstrip(": ")


def _judge(visit: _Visit, clock: Deadline) -> EndpointReport:
    names = ", ".join(visit.tools[:MOST_NAMES])
    listed = Evidence(what=f"lists {len(visit.tools)} tools: {names}", ok=bool(visit.tools))
    if not visit.called:
        note = "no tool was called: none takes plain values that an endpoint has just taken"
        verdict: EndpointVerdict = "not_verified" if visit.tools else "warnings"
        return _report(verdict, [listed, Evidence(what=note, ok=None)], clock)
    wrong = "it reports an error" if visit.is_error else complaint(visit.output)
    said = f"called {visit.called}: {wrong or 'it answered'}"
    called = Evidence(what=said, ok=not wrong, detail=render(visit.output) if wrong else "")
    report = _report("warnings" if wrong else "works", [listed, called], clock)
    return report.model_copy(update={"outputs": (render(visit.output),)})


def _report(
    verdict: EndpointVerdict, evidence: Sequence[Evidence], clock: Deadline
) -> EndpointReport:
    return EndpointReport(
        name=NAME,
        verdict=verdict,
        evidence=tuple(evidence),
        seconds=round(clock.elapsed, 2),
        is_neutral=verdict == "not_verified",
    )
