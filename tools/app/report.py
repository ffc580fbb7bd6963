"""The smoke test's report: evidence, one report for each endpoint, and the verdict over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field, JsonValue

from .description import AppDescription

EndpointVerdict = Literal["works", "warnings", "broken", "not_verified", "skipped"]
Verdict = Literal["works", "works_with_warnings", "broken", "unreachable", "not_verified"]


class Evidence(BaseModel, frozen=True):
    """One observation in one line. `ok` is None when it speaks neither for nor against the app.

    `is_ours` says that no word of it comes from the app, so that it needs no fence.
    """

    what: str
    ok: bool | None
    detail: str = ""
    is_ours: bool = Field(default=False, exclude=True)


class ProducedFile(BaseModel, frozen=True):
    """A file the app made, saved at `path`. `kind` is its media type by content."""

    path: str
    kind: str
    size_bytes: int
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None


class EndpointReport(BaseModel, frozen=True):
    """What one endpoint did with one payload. `inputs` and `outputs` are shortened.

    `is_neutral` says that it is not verified for want of anything to judge, without any trouble.
    """

    name: str
    verdict: EndpointVerdict
    evidence: tuple[Evidence, ...] = ()
    seconds: float = 0.0
    inputs: dict[str, JsonValue] = {}
    outputs: tuple[str, ...] = ()
    files: tuple[ProducedFile, ...] = ()
    is_neutral: bool = Field(default=False, exclude=True)


class TimedCall(BaseModel, frozen=True):
    """One call of a measurement. `changed` is the one input that differs from the first call's."""

    seconds: float
    changed: dict[str, float] = {}


class Sizing(BaseModel, frozen=True):
    """How long the calls of one endpoint take, and the `duration` for `@spaces.GPU` that follows.

    Seconds are those a caller waits, queue included. `grows_with` names an input that the time
    depends on: then `duration` should be a function of it, as `advice` says.
    """

    endpoint: str
    calls: tuple[TimedCall, ...]
    p50_seconds: float
    max_seconds: float
    duration_seconds: int
    grows_with: str | None
    advice: str


class SmokeReport(BaseModel, frozen=True):
    """The whole test. `evidence` is about the page, the API description and the run log.

    `app` is what the app says it offers; None when it is no Gradio app, or could not be opened.
    """

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    endpoints: tuple[EndpointReport, ...] = ()
    seconds: float
    sizing: Sizing | None = None
    app: AppDescription | None = Field(default=None, exclude=True)

    def with_changes(self, changes: Sequence[Evidence]) -> SmokeReport:
        """The same with evidence of changes, of which one for the worse is a warning."""
        worse = self.verdict == "works" and any(each.ok is False for each in changes)
        verdict = "works_with_warnings" if worse else self.verdict
        evidence = (*self.evidence, *changes)
        return self.model_copy(update={"verdict": verdict, "evidence": evidence})


def overall(evidence: Sequence[Evidence], endpoints: Sequence[EndpointReport]) -> Verdict:
    """The verdict over all endpoints; one broken endpoint makes the app broken.

    `works` needs an endpoint that worked, a page that is fine, and no endpoint that was called and
    left in doubt.
    """
    verdicts = {each.verdict for each in endpoints if not each.is_neutral} - {"skipped"}
    if "broken" in verdicts:
        return "broken"
    if not verdicts & {"works", "warnings"}:
        return "not_verified"
    doubtful = verdicts != {"works"} or any(each.ok is False for each in evidence)
    return "works_with_warnings" if doubtful else "works"
