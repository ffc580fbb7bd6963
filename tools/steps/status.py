"""`space_status`: one look at a Space, with the revisions compared."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import override

from ..context import Context
from ..failures import Failure, find_failure
from ..hub.facts import RuntimeFacts, SpaceFacts
from ..model import FOLDER, NextCall, Result, SpaceName, Stage, short_revision
from ..registry import Effect, tool
from ..revisions import Serving, serving_revision

MEANING = {
    "NO_APP_FILE": "the repository lacks the app file, the Dockerfile or index.html",
    "CONFIG_ERROR": "the README's block is missing or wrong",
    "BUILDING": "first build; nothing serves yet",
    "BUILD_ERROR": "the build failed; nothing new serves",
    "APP_STARTING": "the container is up, the app does not answer yet",
    "RUNNING": "the container is healthy; that is no proof that the app works",
    "RUNNING_BUILDING": "the old revision serves while the new one builds",
    "RUNNING_APP_STARTING": "the old revision serves while the new one starts",
    "RUNTIME_ERROR": "the app ended, or never answered in time",
    "SLEEPING": "idle; the next visit starts it",
    "STOPPED": "stopped",
    "PAUSED": "paused; only its owner can start it again",
    "DELETING": "being deleted",
    "NOT_REHEARSED": "this machine cannot rehearse it",
}
"""What each stage means; huggingface_hub 2.4.0 names all but SLEEPING and NOT_REHEARSED."""


class Status(Result):
    """Stage, hardware and address, and whether what serves is the repository's head."""

    outcome = "status"

    space: str
    stage: str
    meaning: str
    sdk: str | None
    private: bool
    page: str
    app: str | None
    head: str | None
    serving: Serving | None
    is_stale: bool | None
    hardware: str | None
    requested_hardware: str | None
    failure: Failure | None
    not_rehearsed: str | None
    differences: tuple[str, ...]
    zero_gpu_proved: tuple[str, ...]
    zero_gpu_not_proved: tuple[str, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space}: {self.stage} - {self.meaning}."
        yield f"Head {short_revision(self.head)}; {self._serving_text()}"
        if self.sdk != "static" and (self.hardware or self.requested_hardware):
            asked = self.requested_hardware
            change = f" (asked for: {asked})" if asked and asked != self.hardware else ""
            yield f"Hardware: {self.hardware or 'none yet'}{change}."
        yield from (f"Warning: {difference}" for difference in self.differences)
        if self.zero_gpu_proved or self.zero_gpu_not_proved:
            yield f"ZeroGPU, proved here: {'; '.join(self.zero_gpu_proved) or 'nothing'}."
            yield f"ZeroGPU, not proved: {'; '.join(self.zero_gpu_not_proved)}."
        if self.not_rehearsed:
            yield f"Not rehearsed: {self.not_rehearsed}"
        if self.failure:
            yield from self.failure.lines()
        yield f"Page: {self.page}"
        if self.app and (self.serving or self.stage == Stage.SLEEPING):
            yield f"App: {self.app}"

    def _serving_text(self) -> str:
        if self.serving is None:
            return "nothing serves."
        text = f"serving {short_revision(self.serving.revision)} ({self.serving.evidence})"
        return f"{text}: STALE, not the head." if self.is_stale else f"{text}."


class StatusNotFine(Status):
    """The same, of a Space that failed or serves an older revision than its head."""

    outcome = "not_fine"
    exit_code = 1


@tool(title="Space status", effect=Effect.READ, examples=({"space": "me/demo"},))
def space_status(context: Context, space: SpaceName) -> Status | StatusNotFine:
    """One look at a Space: stage and what it means, hardware asked and got, head revision against
    the serving one, address, and for a failure its first error.

    Raises:
        Problem: `not_found` and the Hub's usual ones.
    """
    hub = context.hub
    facts = hub.space(space)
    runtime = hub.runtime(space)
    serves = runtime.stage.startswith("RUNNING")
    serving = serving_revision(hub, facts, runtime, facts.sha) if serves and facts.sha else None
    stale = None
    if serving is not None and serving.revision is not None and facts.sha is not None:
        stale = not serving.is_revision(facts.sha)
    failed = runtime.stage in Stage.FAILED
    variant = StatusNotFine if failed or stale else Status
    return variant(
        space=facts.name,
        stage=runtime.stage,
        meaning=_meaning(facts, runtime),
        sdk=facts.sdk,
        private=facts.private,
        page=facts.page,
        app=facts.host,
        head=facts.sha,
        serving=serving,
        is_stale=stale,
        hardware=runtime.hardware,
        requested_hardware=runtime.requested_hardware,
        failure=find_failure(hub, space, runtime) if failed else None,
        not_rehearsed=runtime.not_rehearsed,
        differences=runtime.differences,
        zero_gpu_proved=runtime.zero_gpu_proved,
        zero_gpu_not_proved=runtime.zero_gpu_not_proved,
        next=_next(facts, runtime),
    )


def _meaning(facts: SpaceFacts, runtime: RuntimeFacts) -> str:
    if facts.sdk == "static" and runtime.stage == Stage.RUNNING:
        return "its files are served; there is no container"
    return MEANING.get(runtime.stage, "a stage this version does not know")


def _next(facts: SpaceFacts, runtime: RuntimeFacts) -> tuple[NextCall, ...]:
    here = {"space": facts.name}
    if runtime.is_moving:
        arguments = {**here, "revision": facts.sha}
        return (NextCall(tool="space_wait", arguments=arguments, why="until the head serves"),)
    if runtime.stage in Stage.FAILED:
        return (NextCall(tool="space_diagnose", arguments=here, why="the cause and the cure"),)
    if runtime.stage == Stage.NO_APP_FILE:
        arguments = {"folder": FOLDER, **here}
        return (NextCall(tool="space_upload", arguments=arguments, why="push the app"),)
    if runtime.stage in (Stage.RUNNING, Stage.SLEEPING):
        return (NextCall(tool="space_smoke_test", arguments=here, why="whether the app works"),)
    return ()
