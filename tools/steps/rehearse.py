"""`space_rehearse`: a folder built, started and called on this machine, whatever Hub is used."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..failures import Failure, fenced
from ..model import NextCall, Result, short_revision
from ..origins import origin_of, remember_origin
from ..policy import Demand
from ..problems import Problem
from ..registry import Effect, tool
from ..rehearsing import Step, not_proved, proved
from . import diagnose, smoke_test, upload, wait
from .create import space_create

Tested = (smoke_test.Rehearsed, smoke_test.RehearsedWithWarnings)


class Rehearsal(Result):
    """What every outcome of a rehearsal says: where it ran, and the two lists."""

    space: str
    page: str
    revision: str
    proved: tuple[str, ...]
    not_proved: tuple[str, ...]

    def _lists(self) -> Iterator[str]:
        yield f"Proved: {'; '.join(self.proved) or 'nothing'}."
        yield f"Not proved: {'; '.join(self.not_proved)}."
        yield f"Page: {self.page}"


class Green(Rehearsal):
    """It builds, starts and answers here."""

    outcome = "rehearsed"

    smoke_test: dict[str, Any]

    @override
    def lines(self) -> Iterator[str]:
        yield f"Rehearsed: {self.space} at {short_revision(self.revision)} is {self._verdict}."
        yield from self._lists()

    @property
    def _verdict(self) -> str:
        return str(self.smoke_test["verdict"]).replace("_", " ")


class Red(Rehearsal):
    """It does not build, start or answer; the first error, or the smoke test's evidence."""

    outcome = "failed"
    exit_code = 1

    failure: Failure | None
    diagnosis: dict[str, Any] | None
    smoke_test: dict[str, Any] | None

    @override
    def lines(self) -> Iterator[str]:
        yield f"The rehearsal of {short_revision(self.revision)} failed."
        if self.failure:
            yield from self.failure.lines()
        for fix in (self.diagnosis or {}).get("fixes", ()):
            named = f" [space_fix {fix['fix']}]" if fix["fix"] else ""
            yield f"Fix{named}: {fix['how']}"
        said = [
            f"{endpoint['name']}: {found['what']}: {found['detail']}"
            for endpoint in (self.smoke_test or {}).get("endpoints", ())
            for found in endpoint["evidence"]
            if found["ok"] is False
        ]
        if said:
            yield from fenced(tuple(said))
        yield from self._lists()


class Unfinished(Rehearsal):
    """Not settled within this call's time; the same call goes on."""

    outcome = "still_running"
    exit_code = 2

    stage: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"The rehearsal of {short_revision(self.revision)} is {self.stage}; not settled yet."


class NotRehearsed(Rehearsal):
    """This machine cannot rehearse it, or nothing could be told from calling it."""

    outcome = "not_verified"
    exit_code = 2

    why: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"Not verified: {self.why}"
        yield from self._lists()


def strangers_code(context: Context, arguments: dict[str, Any]) -> Demand | None:
    """Code that somebody else wrote is run after one yes, with its source named."""
    folder = context.folder(arguments["folder"])
    origin = origin_of(folder)
    if origin is None or origin.is_own or origin.agreed:
        return None
    what = f"run code from {origin.source} ({origin.revision[:12]}) on this machine"
    return Demand(what=what, object=origin.source)


@tool(
    title="Rehearse a folder",
    effect=Effect.WRITE,
    examples=({"folder": ".", "hardware": "cpu-basic"},),
    demand=strangers_code,
)
def space_rehearse(
    context: Context,
    folder: Annotated[str, Field(description="local folder of the app")],
    hardware: Annotated[str, Field(description="flavor it is meant for")] = "cpu-basic",
    endpoint: Annotated[str | None, Field(description="call only this one")] = None,
    input: Annotated[  # noqa: A002 - the name callers type
        dict[str, Any] | None, Field(description="parameter values; files as local paths")
    ] = None,
) -> Green | Red | Unfinished | NotRehearsed:
    """Use before creating or pushing: builds, starts and calls a folder's app on this machine, and
    lists what that proves and what only the live Space can. Repeat while `still_running`.

    Always on the rehearsal Hub, whatever Hub the session uses; nothing is published.

    Raises:
        Problem: those of `space_upload`; `consent_needed` once for code that somebody else wrote.
    """
    local = context.on("rehearsal")
    path = context.folder(folder)
    _remember_agreement(path)
    space = _space_for(local, path)
    revision = _push(local, path, space, hardware)
    waited = wait.space_wait(local, space, revision)
    return _Outcome(local, path, space, hardware, revision).of(waited, endpoint, input)


class _Outcome:
    """Turns what waiting and testing came to into one of the results."""

    def __init__(
        self, context: Context, folder: Path, space: str, hardware: str, revision: str
    ) -> None:
        self._context = context
        self._folder = folder
        self._sdk = upload.sdk_of(folder)
        self._hardware = hardware
        self._space = space
        self._revision = revision

    def of(
        self, waited: wait.Waited, endpoint: str | None, given: dict[str, Any] | None
    ) -> Green | Red | Unfinished | NotRehearsed:
        if isinstance(waited, wait.Ready):
            return self._tested(endpoint, given)
        if isinstance(waited, wait.Failed):
            return self._failed(waited.failure)
        if isinstance(waited, wait.StillRunning | wait.Stale):
            return Unfinished(**self._common(()), stage=waited.stage, next=self._again())
        why = getattr(waited, "why", "") or getattr(waited, "what_to_do", "") or waited.outcome
        arguments = {"folder": str(self._folder), "hardware": self._hardware}
        lint = NextCall(tool="space_lint", arguments=arguments, why="what can be told without it")
        return NotRehearsed(**self._common(()), why=why, next=(lint,))

    def _tested(
        self, endpoint: str | None, given: dict[str, Any] | None
    ) -> Green | Red | Unfinished | NotRehearsed:
        if self._context.remaining(40.0) < 8.0:
            common = self._common(("build", "start"))
            return Unfinished(**common, stage="RUNNING", next=self._again())
        seconds = max(5.0, self._context.remaining(smoke_test.DEADLINE_SECONDS))
        tested = smoke_test.space_smoke_test(self._context, self._space, endpoint, given, seconds)
        shown = tested.model_dump(mode="json")
        if isinstance(tested, Tested):
            common = self._common(("build", "start", "answer"))
            return Green(**common, smoke_test=shown, media=tested.media, next=self._publish())
        common = self._common(("build", "start"))
        if tested.outcome == "not_verified":
            why = (
                "; ".join(found.what for found in tested.evidence) or "no endpoint could be judged"
            )
            return NotRehearsed(**common, why=why, next=tested.next)
        return Red(
            **common, failure=None, diagnosis=None, smoke_test=shown, next=self._again("again")
        )

    def _failed(self, failure: Failure) -> Red:
        """It did not come up; the change that cures it, for the files of the folder."""
        diagnosed = diagnose.space_diagnose(self._context, self._space, folder=str(self._folder))
        # Calls about the rehearsal's own Space would reach another Hub in a session that has one.
        repairs = tuple(call for call in diagnosed.next if call.tool == "space_fix")
        return Red(
            # An app that was started and failed had been built.
            **self._common(("build",) if failure.stage == "RUNTIME_ERROR" else ()),
            failure=failure,
            diagnosis=diagnosed.model_dump(mode="json"),
            smoke_test=None,
            next=(*repairs, *self._again("once the first error is repaired")),
        )

    def _common(self, steps: tuple[Step, ...]) -> dict[str, Any]:
        return {
            "space": self._space,
            "page": self._context.hub.page(self._space),
            "revision": self._revision,
            "proved": proved(steps, self._sdk),
            "not_proved": not_proved(self._hardware, steps, self._sdk),
        }

    def _publish(self) -> tuple[NextCall, ...]:
        hardware = {} if self._sdk == "static" else {"hardware": self._hardware}
        arguments = {"space": "<namespace/name>", "sdk": self._sdk, **hardware}
        return (NextCall(tool="space_create", arguments=arguments, why="to publish it, privately"),)

    def _again(self, why: str = "goes on") -> tuple[NextCall, ...]:
        arguments = {"folder": str(self._folder), "hardware": self._hardware}
        return (NextCall(tool="space_rehearse", arguments=arguments, why=why),)


def _remember_agreement(folder: Path) -> None:
    """Policy let the call pass, so the person agreed: strangers' code is asked about once."""
    origin = origin_of(folder)
    if origin is not None and not origin.is_own and not origin.agreed:
        remember_origin(folder, origin.model_copy(update={"agreed": True}))


def _space_for(context: Context, folder: Path) -> str:
    """One Space per folder, so that a second rehearsal is an update, as it will be on the Hub."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-").lower() or "app"
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return f"{context.hub.account().name}/rehearse-{name[:60]}-{mark}"


def _push(context: Context, folder: Path, space: str, hardware: str) -> str:
    """The folder as it is now becomes the Space's head; the revision that must run."""
    sdk = upload.sdk_of(folder)
    chosen = None if sdk == "static" else hardware
    try:
        context.hub.space(space)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        space_create(context, space, sdk, chosen)
    else:
        if chosen and context.hub.runtime(space).requested_hardware != chosen:
            context.hub.request_hardware(space, chosen)
    return upload.mirror(context, folder, space)
