"""`space_smoke_test`: whether the app works, told by calling it and looking at what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from ..app.deadline import Deadline, watch
from ..app.errors import UploadRefused
from ..app.login import Login
from ..app.report import Evidence, SmokeReport
from ..context import Context
from ..failures import find_failure
from ..folder.secret_files import refusal_by_name, refusals_by_content
from ..hub.facts import LogText
from ..model import Media, NextCall, Stage, short_revision
from ..problems import Problem
from ..registry import Effect, tool
from ..revisions import serving_revision
from ..settings import state_folder
from ..targets import App, SpaceOrAddress, app_token
from .smoke_results import (
    VARIANTS,
    Broken,
    NotVerified,
    Outcome,
    Rehearsed,
    RehearsedWithWarnings,
    Tested,
    Works,
    WorksWithWarnings,
)
from .smoke_settings import app_login, baseline_path, expects_gpu
from .waking import awake_app

__all__ = ["Rehearsed", "RehearsedWithWarnings", "WorksWithWarnings", "space_smoke_test"]

DEADLINE_SECONDS = 40.0
REPORT_SECONDS = 4.0
SHARE_FOR_WAKING = 0.75
ZERO_GPU_LEAST_SECONDS = 60.0
"""A call without a `duration` reserves 60 GPU-seconds at least (spaces 0.51.3)."""


@tool(
    title="Smoke-test an app",
    effect=Effect.READ,
    examples=({"space": "me/demo", "endpoint": "/generate", "input": {"prompt": "a fox"}},),
)
def space_smoke_test(
    context: Context,
    space: SpaceOrAddress,
    endpoint: str | None = None,
    input: Annotated[  # noqa: A002 - the name callers type
        dict[str, Any] | None, Field(description="values; files by path")
    ] = None,
    seconds: Annotated[float, Field(ge=5, le=600)] = DEADLINE_SECONDS,
    auth: Annotated[str | None, Field(description="variable with USER:PASSWORD")] = None,
    sizing: Annotated[bool, Field(description="of `duration`")] = False,
    save_baseline: bool = False,
) -> Outcome:
    """Use after space_wait: calls the app, with a payload of its own if need be, and judges page,
    log and output.

    On ZeroGPU the remaining quota is looked at first and one call is made. A payload of our own
    making that the app refuses is `not_verified`, never `broken`: give `input` then. `sizing` makes
    a few more calls of one endpoint. `save_baseline` keeps schema, kinds, sizes and times of the
    outputs; every later test says what changed since.

    Raises:
        Problem: `upload_refused` for a file of `input` that must not leave this machine (nothing
            is called then), `bad_argument` and `not_in_environment` for `auth`, `cancelled`,
            `not_found` and the Hub's usual ones. What the app does is in the result.
    """
    login = app_login(auth, context.settings.environment) if auth else None
    options = _Options(endpoint, input, seconds, login, sizing, save_baseline)
    call = _Call(context, space, options)
    return watch(call.outcome, call.tell, every=REPORT_SECONDS)


@dataclass(frozen=True)
class _Options:
    """What the caller asked for, besides the app."""

    endpoint: str | None
    inputs: dict[str, Any] | None
    seconds: float
    login: Login | None
    sizing: bool
    save_baseline: bool


@dataclass(frozen=True)
class _Call:
    """One smoke test. The work runs in a thread of its own; progress is told from the caller's."""

    context: Context
    target: str
    options: _Options

    def tell(self, so_far: float) -> None:
        """Report progress; raises the Problem `cancelled` when nobody wants the answer any more."""
        self.context.report(f"testing {self.target}, {so_far:.0f} s", None)
        self.context.pause(0)

    def outcome(self) -> Outcome:
        """Wake the app if it sleeps, look at the quota, test it."""
        deadline = Deadline(self.context.remaining(self.options.seconds))
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
        report = self._report(app, deadline, calls_once=app.is_zero_gpu)
        path = baseline_path(self.context, app)
        report, saved = self._against_baseline(app, report, path)
        judged = _judged(self.context, app, report, stale, before)
        return judged.model_copy(update={"baseline": saved})

    def _against_baseline(
        self, app: App, report: SmokeReport, path: Path
    ) -> tuple[SmokeReport, str | None]:
        """The report with what changed since the baseline, and the path of a new one."""
        from ..app.baseline import changes, load, record, save

        if report.verdict in ("unreachable", "not_verified"):
            return report, None
        revision = app.runtime.sha if app.runtime else None
        now = record(report, saved=time.strftime("%Y-%m-%d"), revision=revision)
        before = load(path)
        if before is not None and not self.options.save_baseline:
            report = report.with_changes(changes(before, now))
        if not self.options.save_baseline or report.verdict == "broken":
            return report, None
        save(now, path)
        return report, str(path)

    def _report(self, app: App, deadline: Deadline, *, calls_once: bool) -> SmokeReport:
        from ..app.smoke import Manner, smoke_test

        options = self.options
        try:
            return smoke_test(
                app.address,
                token=app_token(self.context, app),
                deadline=deadline.left,
                folder=_output_folder(app),
                endpoint=options.endpoint,
                inputs=options.inputs,
                may_send=lambda path: _sendable(self.context, path),
                read_log=_log_reader(self.context, app),
                manner=Manner(
                    login=options.login,
                    expects_gpu=expects_gpu(self.context, app),
                    is_static=app.space is not None and app.space.sdk == "static",
                    calls_once=calls_once,
                    sizing=options.sizing,
                ),
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
    real, rehearsed = VARIANTS[verdict]
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
        sizing=report.sizing,
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
    return (
        NextCall(tool="space_diagnose", arguments=here, why="the cause, and what cures it"),
        NextCall(tool="space_logs", arguments=logs, why="the app's own account of it"),
    )
