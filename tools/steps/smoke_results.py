"""What `space_smoke_test` can come to: one class for each verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from typing_extensions import override

from ..app.report import EndpointReport, Evidence, Sizing
from ..failures import fenced
from ..model import Result


class Tested(Result):
    """A smoke test's evidence; the variants say what it comes to."""

    space: str
    verdict: str
    address: str
    evidence: tuple[Evidence, ...]
    endpoints: tuple[EndpointReport, ...]
    seconds: float
    zero_gpu_seconds: float | None = None
    sizing: Sizing | None = None
    baseline: str | None = None

    headline: ClassVar[str] = ""

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space}: {self.headline} ({self.seconds:.1f} s)."
        if self.zero_gpu_seconds is not None:
            yield f"ZeroGPU seconds spent: {self.zero_gpu_seconds:.0f}."
        if self.baseline:
            yield f"Baseline saved: {self.baseline}."
        yield from (_evidence_line(found) for found in self.evidence if found.is_ours)
        said = tuple(self._lines_with_words_of_the_app())
        yield from fenced(said) if said else ()

    def _lines_with_words_of_the_app(self) -> Iterator[str]:
        yield from (_evidence_line(found) for found in self.evidence if not found.is_ours)
        if self.sizing:
            yield from _sizing_lines(self.sizing)
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

VARIANTS: dict[str, tuple[type[Outcome], type[Outcome]]] = {
    "works": (Works, Rehearsed),
    "works_with_warnings": (WorksWithWarnings, RehearsedWithWarnings),
    "broken": (Broken, Broken),
    "unreachable": (Unreachable, Unreachable),
    "not_verified": (NotVerified, NotVerified),
}


def _evidence_line(found: Evidence) -> str:
    mark = {True: "ok", False: "NOT OK", None: "note"}[found.ok]
    detail = f": {found.detail}" if found.detail else ""
    return f"{mark}: {found.what}{detail}"


def _sizing_lines(sizing: Sizing) -> Iterator[str]:
    times = ", ".join(f"{each.seconds:.1f}" for each in sizing.calls)
    typical, longest = f"p50 {sizing.p50_seconds:.1f} s", f"max {sizing.max_seconds:.1f} s"
    yield f"sizing of {sizing.endpoint}: {times} s with the queue; {typical}, {longest}"
    yield f"  {sizing.advice}"
