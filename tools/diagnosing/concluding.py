"""From one recognised error to a diagnosis: its cause, how sure that is, and what cures it."""

from __future__ import annotations

from dataclasses import dataclass

from ..lint.finding import Finding
from .confirming import confirming, explaining
from .evidence import Files
from .guessing import guesses
from .matching import Match
from .model import Confidence, Diagnosis, ProposedFix, Verdict
from .proposing import filled, fix_of_finding, proposals
from .recognising import Recognised
from .support import support_fix


@dataclass(frozen=True)
class Surroundings:
    """What is known around an error: the Space and its stage, its hardware, the files at hand.

    `since` is when its build or start began, in UTC.
    """

    space: str | None = None
    stage: str | None = None
    since: str = ""
    hardware: str | None = None
    files: Files | None = None


def conclude(found: Recognised, around: Surroundings, *, consequences: int = 0) -> Diagnosis:
    """The diagnosis of an error; `consequences` is how many errors came besides it."""
    if found.match is not None:
        made = _known(found, found.match, around)
    else:
        made = _explained(found, around) or _unknown(found)
    about = {"root_cause": found.root, "block": found.block.block, "consequences": consequences}
    return made.model_copy(update=about)


def _known(found: Recognised, match: Match, around: Surroundings) -> Diagnosis:
    texts = around.files.texts if around.files else None
    fixes = proposals(match, texts, space=around.space, hardware=around.hardware)
    confidence, why = found.confidence()
    finding = confirming(found, around.files.report) if around.files else None
    if finding is not None and around.files is not None:
        confidence, why = _confirmed(confidence, why, finding)
        if not any(fix.patch for fix in fixes):
            place = fix_of_finding(finding, around.files.texts, hardware=around.hardware)
            fixes = (place, *fixes)
    if found.verdict == "platform":
        fixes = _without_patches(found, fixes, around)
    return Diagnosis(
        verdict=found.verdict,
        error_id=match.error.id,
        cause=filled(match, match.error.cause),
        confidence=confidence,
        why=why,
        fixes=fixes,
    )


def _confirmed(confidence: Confidence, why: str, finding: Finding) -> tuple[Confidence, str]:
    better: dict[Confidence, Confidence] = {"low": "medium", "medium": "high", "high": "high"}
    return better[confidence], f"{why}; lint finds {finding.id} at {finding.place}"


def _without_patches(
    found: Recognised, fixes: tuple[ProposedFix, ...], around: Surroundings
) -> tuple[ProposedFix, ...]:
    """What helps against trouble of the platform: never an edit of code."""
    space, stage = around.space or "(its name)", around.stage or "(its stage)"
    support = support_fix(space, stage, said=found.block.text, since=around.since)
    return (*(fix for fix in fixes if fix.kind != "patch"), support)


def _explained(found: Recognised, around: Surroundings) -> Diagnosis | None:
    """An unknown error that a finding of the linter accounts for."""
    finding = explaining(found, around.files.report) if around.files else None
    if finding is None or around.files is None:
        return None
    return Diagnosis(
        verdict=_verdict_by_place(found),
        cause=finding.message,
        confidence="medium",
        why=f"no known error has this form, but lint finds {finding.id} at {finding.place}",
        fixes=(fix_of_finding(finding, around.files.texts, hardware=around.hardware),),
    )


def _verdict_by_place(found: Recognised) -> Verdict:
    if found.block.while_serving:
        return "app"
    return "build" if found.log == "build" else "start"


def _unknown(found: Recognised) -> Diagnosis:
    serving = found.block.while_serving and not found.hints
    return Diagnosis(
        verdict="app" if serving and found.log == "run" else "unknown",
        cause="A call failed while the app served; the quoted lines say where."
        if serving
        else "No known error has the form of the quoted lines.",
        confidence="low",
        why=found.confidence()[1],
        guesses=guesses(found.block.text, found.hints),
    )
