"""One pass over an app's endpoints: in the app's order, in one session, as a visitor's page would.

What a call leaves in a component is what the next call sends from it, and the app keeps its
gr.State as long as the session lives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import media
from .client import Failed, Session, connect
from .deadline import Deadline
from .description import OpenApp
from .files import AppFiles, MaySend, NotFetched, files_in
from .interface import Function
from .login import Access
from .mcp_tools import visit_tools
from .payload import callers_values
from .plain import Site, routes_of
from .report import EndpointReport, Sizing
from .runlog import RunLog
from .schema import mapping
from .selection import Request, chosen, skipped, wanted
from .sizing import measure
from .trial import Trial, Tried

SHARE_OF_THE_REST = 0.25
"""What is kept of the time for an MCP server, routes or sizing after the last endpoint."""


@dataclass(frozen=True)
class Supply:
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


class Run:
    """One pass over the endpoints that were asked for."""

    def __init__(
        self, app: OpenApp, access: Access, log: RunLog, supply: Supply, request: Request
    ) -> None:
        self._app = app
        self._access = access
        self._log = log
        self._supply = supply
        self._request = request
        self._session: Session | Failed | None = None
        self._shown: dict[str, Any] = {}
        self._tried: list[tuple[Function, Tried]] = []

    @property
    def _clock(self) -> Deadline:
        return self._supply.clock

    def endpoints(self, may_send: MaySend) -> tuple[EndpointReport, ...]:
        """A report for each endpoint that was called or left out.

        Raises `UploadRefused` before any of them is called.
        """
        candidates = wanted(self._app.functions, self._request)
        to_call = chosen(candidates, self._request)
        given = {
            each.name: callers_values(each.inputs, self._request.inputs, may_send)
            for each in to_call
        }
        self._log.begin(self._clock)
        reports = []
        for function in candidates:
            if function in to_call:
                share = self._share(last=function is to_call[-1])
                reports.append(self._call(function, given[function.name], share))
            else:
                reports.append(skipped(function, self._request.most_endpoints))
        return (*reports, *self._others())

    def sizing(self) -> Sizing | None:
        """Measure the first endpoint that works, where that was asked for."""
        works = [(each, tried) for each, tried in self._tried if tried.report.verdict == "works"]
        if not self._request.sizing or not works or not isinstance(self._session, Session):
            return None
        function, tried = works[0]
        session, outputs = self._session, len(function.results)
        return measure(
            function,
            tried.payload.values if tried.payload else {},
            tried.seconds,
            lambda values, seconds: session.call(function.name, values, outputs, seconds),
            self._clock,
        )

    def close(self) -> None:
        """End the session."""
        if isinstance(self._session, Session):
            self._session.close()

    def _share(self, *, last: bool) -> float:
        # The first endpoint is usually the app's purpose, so it may take half of what is left.
        more = self._app.has_tools or self._app.is_server or self._request.sizing
        if last:
            return self._clock.left * (1 - SHARE_OF_THE_REST if more else 1)
        return self._clock.left / 2

    def _call(
        self, function: Function, inputs: Mapping[str, Any], seconds: float
    ) -> EndpointReport:
        deadline = Deadline(seconds)
        if isinstance(self._session, Failed) or self._session is None:
            self._session = connect(self._app.url, access=self._access, seconds=seconds)
        supply = self._supply
        trial = Trial(
            self._session,
            self._log,
            supply,
            supply.files,
            supply.folder,
            shown=self._shown,
            has_login_button=self._app.has_login_button,
            expects_gpu=self._request.expects_gpu,
        )
        tried = trial.run(function, inputs, deadline)
        report = tried.report
        if tried.refused_invention and self._something_works():
            report = report.model_copy(update={"is_neutral": True})
        self._tried.append((function, tried))
        self._remember(function, tried.values)
        if not tried.usable and isinstance(self._session, Session):
            self._session.close()
            self._session = None
            self._shown.clear()
        return report

    def _something_works(self) -> bool:
        return any(tried.report.verdict == "works" for _, tried in self._tried)

    def _remember(self, function: Function, values: Sequence[Any]) -> None:
        for result, value in zip(function.results, values, strict=False):
            is_update = mapping(value).get("__type__") == "update"
            if result.component_id and (not is_update or "value" in value):
                self._shown[result.component_id] = value["value"] if is_update else value

    def _others(self) -> Sequence[EndpointReport]:
        """The app's MCP server and its own routes, unless only one thing was asked for."""
        if self._request.endpoint or self._request.inputs or self._request.calls_once:
            reports: list[EndpointReport] = []
        else:
            reports = self._own_routes()
        if self._app.has_tools and not self._request.endpoint and self._clock.left > 1:
            reports.append(self._tools())
        return reports

    def _own_routes(self) -> list[EndpointReport]:
        if not self._app.is_server:
            return []
        site = Site(self._app.url, self._access, self._clock, self._log)
        return routes_of(site, self._request.most_endpoints)

    def _tools(self) -> EndpointReport:
        plain = {} if self._request.calls_once else dict(self._plain_payloads())
        return visit_tools(
            self._app.api_root, token=self._access, payloads=plain, deadline=self._clock
        )

    def _plain_payloads(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What the endpoints took that work, without files, which a tool takes in another form."""
        return [
            (function.name, tried.payload.values)
            for function, tried in self._tried
            if tried.payload
            and tried.report.verdict == "works"
            and not any(files_in(tried.payload.values))
        ]
