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

from . import media
from .client import Failed, Session, connect
from .deadline import Deadline
from .description import OpenApp, open_app
from .errors import AppProblem, AppUnreachable, DeadlinePassed
from .files import AppFiles, MaySend, NotFetched, send_nothing
from .interface import Function
from .payload import callers_values
from .report import EndpointReport, Evidence, ProducedFile, SmokeReport, Verdict, overall
from .runlog import ReadLog, RunLog
from .selection import Request, reason_to_skip, skipped, wanted
from .trial import Trial
from .web import AppToken

__all__ = ["EndpointReport", "Evidence", "ProducedFile", "SmokeReport", "smoke_test"]


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
    most_endpoints: int = 4,
) -> SmokeReport:
    """Test the app at `url` within `deadline` seconds; every failure is a value in the report.

    Files the app makes are saved in `folder`. `endpoint` limits the test to one, which is then
    called whatever its name; `inputs` gives values by parameter name. Where a parameter takes
    files, a text may name one of this machine: `may_send` says which file that is. `read_log`
    returns the app's run log so far; errors since the app's start and during a call are evidence.
    Raises `UploadRefused` before the first call when `may_send` refuses a file.
    """
    clock = Deadline(deadline)
    request = Request(_with_slash(endpoint), inputs or {}, most_endpoints)
    try:
        app = open_app(url, token=token, deadline=clock)
    except AppProblem as problem:
        return _not_opened(problem, clock)
    log = RunLog(read_log)
    with tempfile.TemporaryDirectory(prefix="smoke-") as samples:
        supply = _Supply(AppFiles(app.api_root, token), Path(samples), folder, clock)
        endpoints = _Run(app, token, clock, log, supply).endpoints(request, may_send)
    evidence = (
        *_page_evidence(app),
        *_selection_evidence(app, request, endpoints),
        *log.evidence(),
    )
    return _report(overall(evidence, endpoints), evidence, endpoints, clock)


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
    evidence = Evidence(what=str(problem.reason), ok=False if dead else None, detail=problem.url)
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
    ]


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
    if all(each.verdict == "skipped" for each in endpoints):
        return [Evidence(what=f"nothing to call among the endpoints: {names}", ok=None)]
    return []


@dataclass(frozen=True)
class _Supply:
    """The files of the payloads: made here, or fetched from the app's own examples."""

    files: AppFiles
    samples: Path
    folder: Path
    clock: Deadline

    def make(self, extension: str) -> Path:
        """A tiny file with this extension. Raises KeyError when none can be made."""
        return media.make(self.samples, extension)

    def fetch(self, value: dict[str, Any]) -> Path | NotFetched:
        """A local copy of a file that the app itself names."""
        return self.files.fetch(value, self.samples, "example", self.clock)


class _Run:
    """One pass over the endpoints that were asked for, with one session."""

    def __init__(
        self, app: OpenApp, token: AppToken | None, clock: Deadline, log: RunLog, supply: _Supply
    ) -> None:
        self._app = app
        self._token = token
        self._clock = clock
        self._log = log
        self._supply = supply
        self._session: Session | Failed | None = None

    def endpoints(self, request: Request, may_send: MaySend) -> tuple[EndpointReport, ...]:
        """A report for each endpoint that was called or left out.

        Raises `UploadRefused` before any of them is called.
        """
        candidates = wanted(self._app.functions, request)
        to_call = [each for each in candidates if request.endpoint or not reason_to_skip(each)]
        to_call = to_call[: max(1, request.most_endpoints)]
        given = [callers_values(each.inputs, request.inputs, may_send) for each in to_call]
        values = dict(zip((each.name for each in to_call), given, strict=True))
        self._log.begin(self._clock)
        reports = []
        for function in candidates:
            if function in to_call:
                last = function is to_call[-1]
                reports.append(self._call(function, values[function.name], last=last))
            else:
                reports.append(skipped(function, request.most_endpoints))
        if isinstance(self._session, Session):
            self._session.close()
        return tuple(reports)

    def _call(self, function: Function, inputs: Mapping[str, Any], *, last: bool) -> EndpointReport:
        # The first endpoint is usually the app's purpose, so it may take half of what is left.
        seconds = self._clock.left if last else self._clock.left / 2
        deadline = Deadline(seconds)
        if isinstance(self._session, Failed) or self._session is None:
            self._session = connect(self._app.url, token=self._token, seconds=seconds)
        supply = self._supply
        trial = Trial(self._session, self._log, supply, supply.files, supply.folder)
        report, usable = trial.run(function, inputs, deadline)
        if not usable and isinstance(self._session, Session):
            self._session.close()
            self._session = None
        return report
