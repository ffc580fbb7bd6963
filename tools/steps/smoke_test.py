"""`space_smoke_test`: whether the app works, told by calling it and looking at what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from ..app.deadline import Deadline, watch
from ..app.errors import UploadRefused
from ..app.report import EndpointReport, Evidence, SmokeReport
from ..context import Context
from ..failures import fenced, find_failure
from ..folder.secret_files import refusal_by_name, refusals_by_content
from ..hub.facts import LogText
from ..model import Media, NextCall, Result, Stage, short_revision
from ..problems import Problem
from ..registry import Effect, tool
from ..revisions import serving_revision
from ..settings import state_folder
from ..targets import App, SpaceOrAddress, app_token
from .waking import awake_app

DEADLINE_SECONDS = 40.0
REPORT_SECONDS = 4.0
SHARE_FOR_WAKING = 0.75
ZERO_GPU_LEAST_SECONDS = 60.0
"""A call without a `duration` reserves 60 GPU-seconds at least (spaces 0.51.3)."""


class Tested(Result):
    """A smoke test's evidence; the variants say what it comes to."""

    space: str
    verdict: str
    address: str
    evidence: tuple[Evidence, ...]
    endpoints: tuple[EndpointReport, ...]
    seconds: float
    zero_gpu_seconds: float | None = None

    headline: ClassVar[str] = ""

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space}: {self.headline} ({self.seconds:.1f} s)."
        if self.zero_gpu_seconds is not None:
            yield f"ZeroGPU seconds spent: {self.zero_gpu_seconds:.0f}."
        yield from (_evidence_line(found) for found in self.evidence if found.is_ours)
        said = tuple(self._lines_with_words_of_the_app())
        yield from fenced(said) if said else ()

    def _lines_with_words_of_the_app(self) -> Iterator[str]:
        yield from (_evidence_line(found) for found in self.evidence if not found.is_ours)
        for endpoint in self.endpoints:
            yield f"{endpoint.name}: {endpoint.verdict} in {endpoint.seconds:.1f} s"
            for found in endpoint.evidence:
                yield f"  {_evidence_line(found)}"
            for output in endpoint.outputs:
                yield f"  output: {output}"
            for file in endpoint.files:
                yield f"  file: {file.path} ({file.kind}, {file.size_bytes:,} bytes)"


class Works(Tested):
    """At least one endpoint gave a plausible output, and nothing is broken."""

    outcome = "works"
    headline = "works"


class Rehearsed(Tested):
    """The same on the rehearsal Hub: the app works on this machine's CPU, and nothing is online."""

    outcome = "rehearsed"
    headline = "rehearsed; it works on this machine, which proves nothing about GPU, speed or gates"


class WorksWithWarnings(Tested):
    """It answers, but something deserves a look."""

    outcome = "works_with_warnings"
    headline = "works, with warnings"


class RehearsedWithWarnings(Tested):
    """The same on the rehearsal Hub."""

    outcome = "rehearsed_with_warnings"
    headline = "rehearsed, with warnings"


class Broken(Tested):
    """A call failed, or the Space does not run."""

    outcome = "broken"
    exit_code = 1
    headline = "BROKEN"


class Unreachable(Tested):
    """Nothing answers at the app's address."""

    outcome = "unreachable"
    exit_code = 1
    headline = "unreachable"


class NotVerified(Tested):
    """Whether it works could not be told, and why."""

    outcome = "not_verified"
    exit_code = 2
    headline = "not verified"


Outcome = (
    Works
    | Rehearsed
    | WorksWithWarnings
    | RehearsedWithWarnings
    | Broken
    | Unreachable
    | NotVerified
)

_VARIANTS: dict[str, tuple[type[Outcome], type[Outcome]]] = {
    "works": (Works, Rehearsed),
    "works_with_warnings": (WorksWithWarnings, RehearsedWithWarnings),
    "broken": (Broken, Broken),
    "unreachable": (Unreachable, Unreachable),
    "not_verified": (NotVerified, NotVerified),
}


@tool(
    title="Smoke-test an app",
    effect=Effect.READ,
    examples=({"space": "me/demo", "endpoint": "/generate", "input": {"prompt": "a fox"}},),
)
def space_smoke_test(
    context: Context,
    space: SpaceOrAddress,
    endpoint: Annotated[str | None, Field(description="only this one, e.g. /generate")] = None,
    input: Annotated[  # noqa: A002 - the name callers type
        dict[str, Any] | None, Field(description="parameter values; files as local paths")
    ] = None,
    seconds: Annotated[float, Field(ge=5, le=600, description="deadline")] = DEADLINE_SECONDS,
) -> Outcome:
    """Use after space_wait: calls the app and judges page, log and output by content. Makes a
    minimal payload when none is given. Verdict with evidence; produced files by path.

    On ZeroGPU the remaining quota is looked at first and one call is made. A payload of our own
    making that the app refuses is `not_verified`, never `broken`: give `input` then.

    Raises:
        Problem: `upload_refused` for a file of `input` that must not leave this machine (nothing
            is called then), `cancelled`, `not_found` and the Hub's usual ones. What the app does
            is in the result.
    """
    call = _Call(context, space, endpoint, input, seconds)
    return watch(call.outcome, call.tell, every=REPORT_SECONDS)


@dataclass(frozen=True)
class _Call:
    """One smoke test. The work runs in a thread of its own; progress is told from the caller's."""

    context: Context
    target: str
    endpoint: str | None
    inputs: dict[str, Any] | None
    seconds: float

    def tell(self, so_far: float) -> None:
        """Report progress; raises the Problem `cancelled` when nobody wants the answer any more."""
        self.context.report(f"testing {self.target}, {so_far:.0f} s", None)
        self.context.pause(0)

    def outcome(self) -> Outcome:
        """Wake the app if it sleeps, look at the quota, test it."""
        deadline = Deadline(self.context.remaining(self.seconds))
        try:
            app = awake_app(self.context, self.target, seconds=deadline.left * SHARE_FOR_WAKING)
        except Problem as problem:
            if problem.code != "not_running":
                raise
            return _not_running(self.context, self.target, problem)
        before = _quota_left(self.context, app)
        if before is not None and before < ZERO_GPU_LEAST_SECONDS:
            return _quota_spent(app, before)
        stale = _staleness(self.context, app)
        report = self._report(app, deadline, most_endpoints=1 if before is not None else 4)
        return _judged(self.context, app, report, stale, before)

    def _report(self, app: App, deadline: Deadline, *, most_endpoints: int) -> SmokeReport:
        from ..app.smoke import smoke_test

        try:
            return smoke_test(
                app.address,
                token=app_token(self.context, app),
                deadline=deadline.left,
                folder=_output_folder(app),
                endpoint=self.endpoint,
                inputs=self.inputs,
                may_send=lambda path: _sendable(self.context, path),
                read_log=_log_reader(self.context, app),
                most_endpoints=most_endpoints,
            )
        except UploadRefused as refused:
            raise Problem(
                "upload_refused",
                f"{refused.path} was not sent to {app.name}, nor anything else: {refused.reason}",
                object=refused.path,
                advice="give another file",
            ) from refused


def _sendable(context: Context, path: str) -> Path | None:
    """The file that a text names, or None when it names none.

    Raises:
        UploadRefused: outside the folders this server may use, or it holds a secret.
    """
    try:
        file = context.folder(path, field="input")
        if not file.is_file():
            return None
        refusal = refusal_by_name(path, file.name)
        refusals = [refusal] if refusal else refusals_by_content(path, file.name, file)
    except Problem as problem:
        raise UploadRefused(path, problem.message) from problem
    except (OSError, ValueError, RuntimeError):
        return None  # no path at all: too long, with a NUL, or the home of nobody
    if refusals:
        raise UploadRefused(path, refusals[0].reason)
    return file


def _staleness(context: Context, app: App) -> Evidence | None:
    """Evidence against the app when an older revision than the head is known to serve."""
    if app.space is None or app.space.sha is None or app.runtime is None:
        return None
    head = app.space.sha
    serving = serving_revision(context.hub, app.space, app.runtime, head)
    if serving.revision is None or serving.is_revision(head):
        return None
    old, new = short_revision(serving.revision), short_revision(head)
    what = f"serves {old}, not the head {new} ({serving.evidence})"
    return Evidence(what=what, ok=False, is_ours=True)


def _judged(
    context: Context, app: App, report: SmokeReport, stale: Evidence | None, before: float | None
) -> Outcome:
    # What works in an old revision may not work in the new one.
    verdict = "works_with_warnings" if stale and report.verdict == "works" else report.verdict
    real, rehearsed = _VARIANTS[verdict]
    is_rehearsal = app.space is not None and context.address.kind == "rehearsal"
    variant = rehearsed if is_rehearsal else real
    after = _quota_left(context, app) if before is not None else None
    spent = before - after if before is not None and after is not None else None
    return variant(
        space=app.name,
        verdict=variant.outcome,
        address=app.address,
        evidence=(stale, *report.evidence) if stale else report.evidence,
        endpoints=report.endpoints,
        seconds=report.seconds,
        zero_gpu_seconds=spent,
        media=_media(report),
        next=_next(app, variant, is_stale=stale is not None),
    )


def _not_running(context: Context, space: str, problem: Problem) -> Outcome:
    """A Space without an app to call: broken when it failed, otherwise not verified."""
    runtime = context.hub.runtime(space)
    evidence = [Evidence(what=problem.message, ok=False, is_ours=True)]
    failed = runtime.stage in Stage.FAILED
    if failed:
        failure = find_failure(context.hub, space, runtime)
        evidence.append(Evidence(what="first error", ok=False, detail=failure.sentence))
    variant = Broken if failed else NotVerified
    return variant(
        space=space,
        verdict=variant.outcome,
        address=context.hub.page(space),
        evidence=tuple(evidence),
        endpoints=(),
        seconds=0.0,
        next=problem.next,
    )


def _quota_spent(app: App, left: float) -> Outcome:
    what = f"{left:.0f} ZeroGPU seconds are left today; a call reserves at least"
    return NotVerified(
        space=app.name,
        verdict=NotVerified.outcome,
        address=app.address,
        evidence=(
            Evidence(
                what=f"{what} {ZERO_GPU_LEAST_SECONDS:.0f}, so none was made",
                ok=None,
                is_ours=True,
            ),
        ),
        endpoints=(),
        seconds=0.0,
    )


def _quota_left(context: Context, app: App) -> float | None:
    """ZeroGPU seconds left when the app spends any; None when it does not, or nobody says."""
    if not app.is_zero_gpu or context.address.token is None:
        return None
    try:
        quota = context.hub.quota()
    except Problem:
        return None
    return quota.remaining_seconds if quota else None


def _log_reader(context: Context, app: App) -> Callable[[], LogText] | None:
    """Reads the run log; an app outside the Hub has none."""
    space = app.space
    return (lambda: context.hub.log(space.name, "run", seconds=4.0)) if space else None


def _output_folder(app: App) -> Path:
    """A new folder for the files this test produces."""
    name = "".join(character if character.isalnum() else "-" for character in app.name)
    folder = state_folder() / "outputs" / name / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _media(report: SmokeReport) -> tuple[Media, ...]:
    return tuple(
        Media(path=file.path, mime_type=file.kind)
        for endpoint in report.endpoints
        for file in endpoint.files
    )


def _next(app: App, variant: type[Tested], *, is_stale: bool) -> tuple[NextCall, ...]:
    if app.space is None or variant in (Works, Rehearsed):
        return ()
    here = {"space": app.name}
    if is_stale:
        return (NextCall(tool="space_wait", arguments=here, why="until the head serves"),)
    if variant is NotVerified and app.space.sdk == "static":
        # It has no endpoint to ask for; what can be told of it is what it serves.
        why = "compares the files it serves with the commit"
        return (NextCall(tool="space_wait", arguments=here, why=why),)
    if variant is NotVerified:
        return (NextCall(tool="space_api", arguments=here, why="which input an endpoint takes"),)
    logs = {**here, "kind": "run"}
    return (NextCall(tool="space_logs", arguments=logs, why="the app's own account of it"),)


def _evidence_line(found: Evidence) -> str:
    mark = {True: "ok", False: "NOT OK", None: "note"}[found.ok]
    detail = f": {found.detail}" if found.detail else ""
    return f"{mark}: {found.what}{detail}"
