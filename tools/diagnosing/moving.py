"""Spaces between two stages, and those whose stage is behind their repository."""

from __future__ import annotations

from ..hub.logs import Kind
from ..model import Stage, short_revision
from .evidence import Evidence
from .model import Diagnosis, ProposedCall, ProposedFix, RootCause
from .recognising import recognise
from .support import support_fix

# A start that is not healthy after 30 minutes is ended by the platform, and builds of public logs
# take 1 to 15 minutes; what still moves after that hangs (error messages and logs of 2026).
STUCK_MINUTES = 30.0
SAYS_IT_SERVES_MINUTES = 5.0
"""How long the platform may take to see that an app answers."""
FEW_LINES = 8
"""A build log with no more holds its head and first step only."""


def judge_moving(evidence: Evidence) -> Diagnosis:
    """A Space that builds or starts: still on its way, or stuck, which no code cures."""
    kind: Kind = "build" if "BUILDING" in evidence.runtime.stage else "run"
    minutes = evidence.minutes_since(kind)
    if minutes is not None and _is_stuck(evidence, kind, minutes):
        return _stuck(evidence, kind, minutes)
    reading = evidence.reading(kind)
    found = recognise(reading, kind) if reading else None
    error = found if found and not found.survived else None
    so_far = f" for {minutes:.0f} minutes" if minutes is not None and minutes >= 1 else ""
    return Diagnosis(
        verdict="unknown",
        root_cause=error.root if error else None,
        cause=f"{evidence.space} is {evidence.runtime.stage}{so_far}; it has not failed yet.",
        confidence="low",
        why="nothing is settled while it builds or starts",
        block=error.block.block if error else (),
    )


def _is_stuck(evidence: Evidence, kind: Kind, minutes: float) -> bool:
    reading = evidence.reading(kind)
    if kind == "build":
        return minutes > STUCK_MINUTES and (reading is None or reading.lines <= FEW_LINES)
    return minutes > (SAYS_IT_SERVES_MINUTES if _says_it_serves(evidence) else STUCK_MINUTES)


def _says_it_serves(evidence: Evidence) -> bool:
    reading = evidence.reading("run")
    return bool(reading and reading.healthy_signs)


def _stuck(evidence: Evidence, kind: Kind, minutes: float) -> Diagnosis:
    what = "nothing goes on"
    if kind == "run" and _says_it_serves(evidence):
        what = "the app says that it serves, but the platform does not see it"
    stage = evidence.runtime.stage
    return Diagnosis(
        verdict="platform",
        cause=f"{evidence.space} is {stage} for {minutes:.0f} minutes and {what}.",
        confidence="medium",
        why="it takes far longer than builds and starts do, and no log shows an error",
        fixes=(
            _call("space_restart", evidence, "Build it again without cache.", {"how": "factory"}),
            support_fix(evidence.space, stage, since=evidence.since),
        ),
    )


def judge_stale(evidence: Evidence) -> Diagnosis:
    """RUNNING, but not the revision that was pushed: the code is not to blame."""
    seen = evidence.revisions
    behind = seen.built if seen.stale_layer == "build" else seen.running
    layer = "was built" if seen.stale_layer == "build" else "runs"
    head = short_revision(seen.repo)
    cause = f"The head is {head}, but {short_revision(behind)} {layer}: the push has not arrived."
    return Diagnosis(
        verdict="platform",
        root_cause=RootCause(text=f"{Stage.RUNNING} at {behind}", line=None, log="message"),
        cause=cause,
        confidence="high" if seen.stale_layer == "run" else "medium",
        why=f"repository {head}, built {short_revision(seen.built)},"
        f" running {short_revision(seen.running)}",
        fixes=(
            _call("space_wait", evidence, "Wait for the head.", {"revision": str(seen.repo)}),
            _call("space_restart", evidence, "If it stays so, build it anew.", {"how": "factory"}),
            support_fix(evidence.space, evidence.runtime.stage, said=cause),
        ),
    )


def _call(tool: str, evidence: Evidence, how: str, arguments: dict[str, str]) -> ProposedFix:
    call = ProposedCall(tool=tool, arguments={"space": evidence.space, **arguments})
    return ProposedFix(how=how, kind="call", call=call)
