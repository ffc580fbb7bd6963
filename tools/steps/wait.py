"""`space_wait`: until the pushed revision runs, and not merely until something does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..failures import Failure, fenced, find_failure, log_for
from ..hub.facts import RuntimeFacts, SpaceFacts
from ..model import FOLDER, NextCall, Result, SpaceName, Stage, short_revision
from ..problems import Problem
from ..registry import Effect, tool
from ..revisions import Serving, built_revision, same_revision, serving_revision

LAST_LOOK_SECONDS = 5.0
"""Left of a call for its last look and its answer."""
POLL_SECONDS = (0.5, 3.0)
LOG_SECONDS = 4.0
OLD_NEWS_SECONDS = 15.0
"""How long after the call's start a CONFIG_ERROR may still be that of the revision before."""


class Ready(Result):
    """The wanted revision runs. That it works is another question."""

    outcome = "ready"

    space: str
    revision: str
    evidence: str
    app: str | None
    page: str
    differences: tuple[str, ...]
    seconds: float

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} runs revision {short_revision(self.revision)} ({self.evidence})."
        yield from (f"Warning: {difference}" for difference in self.differences)
        yield f"App: {self.app}" if self.app else f"Page: {self.page}"


class Failed(Result):
    """The revision did not come up; the first error says why."""

    outcome = "failed"
    exit_code = 1

    space: str
    revision: str
    failure: Failure
    seconds: float

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} failed at {short_revision(self.revision)}: {self.failure.stage}."
        yield from self.failure.lines()


class StillRunning(Result):
    """Not settled within this call's time; the call in `next` goes on waiting."""

    outcome = "still_running"
    exit_code = 2

    space: str
    revision: str
    stage: str
    newest_log_line: str | None
    differences: tuple[str, ...]
    seconds: float

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} is {self.stage} after {self.seconds:.0f} s; not settled yet."
        yield from self.differences
        if self.newest_log_line:
            yield "Newest log line:"
            yield from fenced((self.newest_log_line,))


class Stale(Result):
    """Something runs, but it is an older revision: the push has not arrived in the container."""

    outcome = "stale"
    exit_code = 1

    space: str
    revision: str
    serving: str | None
    evidence: str
    stage: str
    seconds: float

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} is {self.stage}, but not at {short_revision(self.revision)}:"
        yield f"{self.evidence}. Do not test it yet: the answer would come from the old code."


class Superseded(Result):
    """A newer revision than the wanted one runs: somebody pushed again."""

    outcome = "superseded"
    exit_code = 1

    space: str
    revision: str
    serving: str
    seconds: float

    @override
    def lines(self) -> Iterator[str]:
        wanted, newer = short_revision(self.revision), short_revision(self.serving)
        yield f"{self.space} runs {newer}, a newer push than {wanted}; {wanted} will not run."


class Halted(Result):
    """The Space neither runs nor will by itself: paused, stopped, sleeping, or without an app."""

    outcome = "halted"
    exit_code = 1

    space: str
    revision: str
    stage: str
    what_to_do: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} is {self.stage}. {self.what_to_do}"


class NotVerifiable(Result):
    """It runs, but nothing says which revision, or it cannot run on this Hub at all."""

    outcome = "not_verifiable"
    exit_code = 2

    space: str
    revision: str
    stage: str
    why: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} is {self.stage}; whether {short_revision(self.revision)} runs cannot"
        yield f"be verified: {self.why}."


Waited = Ready | Failed | StillRunning | Stale | Superseded | Halted | NotVerifiable

_WHAT_TO_DO = {
    Stage.PAUSED: "Only its owner can start it: `hf spaces restart {space}` (paid hardware bills).",
    Stage.STOPPED: "Start it with `hf spaces restart {space}`.",
    Stage.SLEEPING: "Any request to the app wakes it; space_smoke_test makes one.",
    Stage.NO_APP_FILE: "The repository lacks the app file its README names; upload it.",
}


@tool(
    title="Wait for a revision",
    effect=Effect.READ,
    examples=({"space": "me/demo", "revision": "3f2a91c"},),
)
def space_wait(
    context: Context,
    space: SpaceName,
    revision: Annotated[
        str | None, Field(description="sha that must run; default the head", min_length=7)
    ] = None,
) -> Ready | Failed | StillRunning | Stale | Superseded | Halted | NotVerifiable:
    """Use after every upload: waits until that very revision runs. A stale RUNNING is not success;
    a failure comes with its first error. Answers within 45 s; repeat while `still_running`.

    The revision is read from the runtime, else from the build log, else (static) from the served
    bytes, else the answer is `not_verifiable`.

    Raises:
        Problem: `not_found`, `no_revision` and the Hub's usual ones.
    """
    facts = context.hub.space(space)
    wanted = context.hub.space(space, revision=revision).sha if revision else facts.sha
    if wanted is None:
        raise Problem("no_revision", f"{space} has no commit to wait for", object=space)
    return _Watch(context, facts, wanted).run()


class _Watch:
    """One call's waiting: polls the runtime, reports progress, and judges each settled stage."""

    def __init__(self, context: Context, facts: SpaceFacts, wanted: str) -> None:
        self._context = context
        self._hub = context.hub
        self._facts = facts
        self._wanted = wanted
        self._space = facts.name
        self._began = time.monotonic()
        self._log_read = 0.0
        self._newest: str | None = None

    @property
    def _seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)

    def run(self) -> Waited:
        bounded = self._context.settings.seconds is not None
        pause = POLL_SECONDS[0]
        while True:
            runtime = self._hub.runtime(self._space)
            settled = self._judge(runtime)
            if settled is not None and not self._may_change(settled):
                return settled
            if bounded and self._context.remaining(60.0) < pause + LAST_LOOK_SECONDS:
                return settled or self._still(runtime)
            self._report(runtime)
            self._context.pause(pause)
            pause = min(pause * 1.3, POLL_SECONDS[1])

    def _may_change(self, settled: Waited) -> bool:
        """Old code, or a static page that is not served yet: waiting may still help."""
        is_static = self._facts.sdk == "static"
        return isinstance(settled, Stale) or (is_static and isinstance(settled, NotVerifiable))

    def _judge(self, runtime: RuntimeFacts) -> Waited | None:
        """What the stage means for the wanted revision, or None while it is moving."""
        if runtime.is_moving:
            return None
        if runtime.stage == Stage.RUNNING:
            return self._judge_running(runtime)
        if runtime.stage in Stage.FAILED:
            return self._judge_failed(runtime)
        if runtime.stage == Stage.NOT_REHEARSED:
            return self._not_verifiable(runtime.stage, runtime.not_rehearsed or "not rehearsed")
        if runtime.stage in _WHAT_TO_DO:
            return self._halted(runtime)
        return self._not_verifiable(runtime.stage, "this version does not know the stage")

    def _judge_running(self, runtime: RuntimeFacts) -> Waited:
        serving = serving_revision(self._hub, self._facts, runtime, self._wanted)
        if serving.is_revision(self._wanted):
            return self._ready(runtime, serving)
        if serving.revision is None:
            return self._not_verifiable(runtime.stage, serving.evidence)
        head = self._hub.space(self._space).sha
        if head and serving.is_revision(head) and not same_revision(head, self._wanted):
            return Superseded(
                space=self._space,
                revision=self._wanted,
                serving=head,
                seconds=self._seconds,
                next=(self._call("space_status", why="what runs now"),),
            )
        return self._stale(runtime, serving.revision, serving.evidence)

    def _stale(self, runtime: RuntimeFacts, serving: str | None, evidence: str) -> Stale:
        return Stale(
            space=self._space,
            revision=self._wanted,
            serving=serving,
            evidence=evidence,
            stage=runtime.stage,
            seconds=self._seconds,
            next=(self._again("goes on waiting for the pushed revision"),),
        )

    def _judge_failed(self, runtime: RuntimeFacts) -> Waited | None:
        """A failure counts when it is the wanted revision's; an older one's is not its fault."""
        built = built_revision(self._hub, self._space)
        is_old = built is not None and not same_revision(built, self._wanted)
        if runtime.stage == Stage.CONFIG_ERROR:
            # Nothing is built then, so no log tells whose error it is; soon after a push it may be
            # the one before's.
            if is_old and self._seconds < OLD_NEWS_SECONDS:
                return None
        elif is_old:
            why = f"{runtime.stage} is that of {built}; the wanted one is not built yet"
            return self._stale(runtime, built, why)
        return Failed(
            space=self._space,
            revision=self._wanted,
            failure=find_failure(self._hub, self._space, runtime),
            seconds=self._seconds,
            next=(
                self._call("space_diagnose", why="the cause, and the change that cures it"),
                NextCall(
                    tool="space_upload",
                    arguments={"folder": FOLDER, "space": self._space, "parent": self._wanted},
                    why="once the first error is repaired in the folder",
                ),
            ),
        )

    def _ready(self, runtime: RuntimeFacts, serving: Serving) -> Ready:
        return Ready(
            space=self._space,
            revision=self._wanted,
            evidence=serving.evidence,
            app=self._facts.host,
            page=self._facts.page,
            differences=runtime.differences,
            seconds=self._seconds,
            next=(self._call("space_smoke_test", why="RUNNING is no proof that it works"),),
        )

    def _halted(self, runtime: RuntimeFacts) -> Halted:
        following: tuple[NextCall, ...] = ()
        if runtime.stage == Stage.SLEEPING:
            following = (self._call("space_smoke_test", why="wakes it and tries it"),)
        elif runtime.stage == Stage.NO_APP_FILE:
            upload = {"folder": FOLDER, "space": self._space}
            following = (NextCall(tool="space_upload", arguments=upload, why="adds the app file"),)
        return Halted(
            space=self._space,
            revision=self._wanted,
            stage=runtime.stage,
            what_to_do=_WHAT_TO_DO[runtime.stage].format(space=self._space),
            next=following,
        )

    def _not_verifiable(self, stage: str, why: str) -> NotVerifiable:
        following = (self._call("space_status", why="what else the Hub says"),)
        return NotVerifiable(
            space=self._space, revision=self._wanted, stage=stage, why=why, next=following
        )

    def _still(self, runtime: RuntimeFacts) -> StillRunning:
        return StillRunning(
            space=self._space,
            revision=self._wanted,
            stage=runtime.stage,
            newest_log_line=self._newest,
            differences=runtime.differences,
            seconds=self._seconds,
            next=(self._again("goes on waiting"),),
        )

    def _again(self, why: str) -> NextCall:
        return self._call("space_wait", why=why, revision=self._wanted)

    def _call(self, tool_name: str, *, why: str, **arguments: str) -> NextCall:
        return NextCall(tool=tool_name, arguments={"space": self._space, **arguments}, why=why)

    def _report(self, runtime: RuntimeFacts) -> None:
        """Progress with the stage and the newest log line; a log nobody may read is no failure."""
        now = time.monotonic()
        if now - self._log_read > LOG_SECONDS:
            self._log_read = now
            self._newest = self._newest_line(runtime) or self._newest
        newest = f": {self._newest}" if self._newest else ""
        self._context.report(f"{self._space} {runtime.stage}{newest}", None)

    def _newest_line(self, runtime: RuntimeFacts) -> str | None:
        kind = log_for(runtime.stage)
        try:
            lines = self._hub.log(self._space, kind, seconds=2.0).lines
        except Problem:
            return None
        return next((line.strip()[:160] for line in reversed(lines) if line.strip()), None)
