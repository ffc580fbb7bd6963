"""Call a running app as a user would and judge what comes back.

HTTP 200 and a listening port prove nothing: an app that asks for a password answers 200, an
endpoint that returns None succeeds. The verdict `works` needs a plausible output.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .deadline import Deadline
from .description import OpenApp, describe_open_app, open_app, open_page
from .errors import AppNeedsLogin, AppProblem, AppUnreachable, DeadlinePassed, NotAGradioApp
from .files import AppFiles, MaySend, send_nothing
from .login import Access, Login, log_in
from .plain import Site, visit_site
from .report import EndpointReport, Evidence, ProducedFile, SmokeReport, Verdict, overall
from .runlog import ReadLog, RunLog
from .running import Run, Supply
from .selection import MOST_ENDPOINTS, Request
from .web import AppToken

__all__ = ["EndpointReport", "Evidence", "Manner", "ProducedFile", "SmokeReport", "smoke_test"]

WAY_IN = "; an app with a user name and password is tested with `auth`"


@dataclass(frozen=True)
class Manner:
    """How to test, beyond what to call.

    `login` is for an app with a user name and password. `expects_gpu` says that the app has a GPU,
    `is_static` that it is a site of files only. `calls_once` makes one call at most, as each may
    spend a quota; `sizing` then still makes the few that were asked for.
    """

    login: Login | None = None
    expects_gpu: bool = False
    is_static: bool = False
    calls_once: bool = False
    sizing: bool = False
    most_endpoints: int = MOST_ENDPOINTS


def smoke_test(
    url: str,
    *,
    token: AppToken | None,
    deadline: float,
    folder: Path,
    endpoint: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    may_send: MaySend = send_nothing,
    read_log: ReadLog | None = None,
    manner: Manner = Manner(),
) -> SmokeReport:
    """Test the app at `url` within `deadline` seconds; every failure is a value in the report.

    Files the app makes are saved in `folder`. `endpoint` limits the test to one, which is then
    called whatever its name; `inputs` gives values by parameter name. Where a parameter takes
    files, a text may name one of this machine: `may_send` says which file that is. `read_log`
    returns the app's run log so far; errors since the app's start and during a call are evidence.
    Raises `UploadRefused` before the first call when `may_send` refuses a file.
    """
    clock = Deadline(deadline)
    log = RunLog(read_log, expects_gpu=manner.expects_gpu)
    try:
        access = _access(url, token, manner.login, clock)
        app = open_app(url, token=access, deadline=clock)
    except NotAGradioApp:
        site = Site(url, Access(token), clock, log, is_static=manner.is_static)
        return _plain(site, endpoint, manner)
    except AppProblem as problem:
        return _not_opened(problem, clock)
    request = _request(endpoint, inputs or {}, manner)
    with tempfile.TemporaryDirectory(prefix="smoke-") as samples:
        supply = Supply(AppFiles(app.api_root, access), Path(samples), folder, clock)
        run = Run(app, access, log, supply, request)
        endpoints = run.endpoints(may_send)
        sizing = run.sizing()
        run.close()
    evidence = (
        *_page_evidence(app),
        *_selection_evidence(app, request, endpoints),
        *log.evidence(),
    )
    verdict = "broken" if app.page.status >= 500 else overall(evidence, endpoints)
    report = _report(verdict, evidence, endpoints, clock)
    return report.model_copy(update={"sizing": sizing, "app": describe_open_app(app)})


def _access(url: str, token: AppToken | None, login: Login | None, clock: Deadline) -> Access:
    return log_in(url, login, token=token, deadline=clock) if login else Access(token)


def _request(endpoint: str | None, inputs: Mapping[str, Any], manner: Manner) -> Request:
    return Request(
        endpoint=_with_slash(endpoint),
        inputs=inputs,
        most_endpoints=1 if manner.calls_once else manner.most_endpoints,
        expects_gpu=manner.expects_gpu,
        calls_once=manner.calls_once,
        sizing=manner.sizing,
    )


def _plain(site: Site, endpoint: str | None, manner: Manner) -> SmokeReport:
    most = 0 if manner.calls_once else manner.most_endpoints
    path = _with_slash(endpoint.removeprefix("GET ") if endpoint else None)
    try:
        page = open_page(site.url, token=site.access, deadline=site.clock)
        return visit_site(site, page, path=path, most_routes=most)
    except AppProblem as problem:
        return _not_opened(problem, site.clock)


def _with_slash(endpoint: str | None) -> str | None:
    return endpoint if endpoint is None or endpoint.startswith("/") else f"/{endpoint}"


def _report(
    verdict: Verdict,
    evidence: Sequence[Evidence],
    endpoints: Sequence[EndpointReport],
    clock: Deadline,
) -> SmokeReport:
    return SmokeReport(
        verdict=verdict,
        evidence=tuple(evidence),
        endpoints=tuple(endpoints),
        seconds=round(clock.elapsed, 2),
    )


def _not_opened(problem: AppProblem, clock: Deadline) -> SmokeReport:
    dead = isinstance(problem, (AppUnreachable, DeadlinePassed))
    way = "" if dead or not isinstance(problem, AppNeedsLogin) else WAY_IN
    detail = f"{problem.url}{way}"
    evidence = Evidence(what=str(problem.reason), ok=False if dead else None, detail=detail)
    return _report("unreachable" if dead else "not_verified", [evidence], [], clock)


def _page_evidence(app: OpenApp) -> list[Evidence]:
    page = app.page
    fine = page.status < 400 and page.looks_like_html
    shown = "an HTML page" if page.looks_like_html else page.content_type or "no content type"
    version, mode = app.config.get("version"), app.config.get("mode")
    return [
        Evidence(what=f"GET / answers HTTP {page.status} with {shown}", ok=fine),
        Evidence(
            what=f"Gradio {version}, {mode}, {len(app.functions)} named endpoints",
            ok=None,
        ),
        *_login_evidence(app),
    ]


def _login_evidence(app: OpenApp) -> list[Evidence]:
    if not app.has_login_button:
        return []
    what = "it has a login button; the calls are made without a login"
    return [Evidence(what=what, ok=None, is_ours=True)]


def _selection_evidence(
    app: OpenApp, request: Request, endpoints: Sequence[EndpointReport]
) -> list[Evidence]:
    names = ", ".join(function.name for function in app.functions) or "none"
    if request.endpoint and request.endpoint not in {each.name for each in app.functions}:
        what = f"there is no endpoint {request.endpoint}; the app has: {names}"
        return [Evidence(what=what, ok=None)]
    if request.inputs and not endpoints:
        names = ", ".join(sorted(request.inputs))
        parameters = "; ".join(
            f"{each.name}({', '.join(given.name for given in each.inputs)})"
            for each in app.functions
        )
        what = f"no endpoint has the parameters {names}"
        return [Evidence(what=what, ok=None, detail=parameters)]
    called = [each for each in endpoints if each.verdict != "skipped"]
    if not called:
        return [Evidence(what=f"nothing to call among the endpoints: {names}", ok=None)]
    return []
