"""The smoke test's report: evidence, one report for each endpoint, and the verdict over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field, JsonValue

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
    """What one endpoint did with one payload. `inputs` and `outputs` are shortened."""

    name: str
    verdict: EndpointVerdict
    evidence: tuple[Evidence, ...] = ()
    seconds: float = 0.0
    inputs: dict[str, JsonValue] = {}
    outputs: tuple[str, ...] = ()
    files: tuple[ProducedFile, ...] = ()


class SmokeReport(BaseModel, frozen=True):
    """The whole test. `evidence` is about the page, the API description and the run log."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    endpoints: tuple[EndpointReport, ...] = ()
    seconds: float


def overall(evidence: Sequence[Evidence], endpoints: Sequence[EndpointReport]) -> Verdict:
    """The verdict over all endpoints; one broken endpoint makes the app broken.

    `works` needs an endpoint that worked, a page that is fine, and no endpoint that was called and
    could not be judged.
    """
    verdicts = {each.verdict for each in endpoints} - {"skipped"}
    if "broken" in verdicts:
        return "broken"
    if not verdicts & {"works", "warnings"}:
        return "not_verified"
    doubtful = verdicts != {"works"} or any(each.ok is False for each in evidence)
    return "works_with_warnings" if doubtful else "works"
