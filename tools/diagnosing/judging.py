"""From the evidence to the verdict, stage by stage."""

from __future__ import annotations

from collections.abc import Callable

from ..hub.logs import Kind
from ..logreading import LogReading
from ..model import Stage
from .concluding import Surroundings, conclude
from .confirming import of_card
from .evidence import Evidence, Files
from .guessing import guesses
from .model import Diagnosis, ProposedCall, ProposedFix, RootCause
from .moving import judge_moving, judge_stale
from .proposing import fix_of_finding
from .recognising import (
    Recognised,
    recognise,
    recognise_message,
    recognise_serving,
    recognise_text,
)

NO_PROOF = "RUNNING is no proof that it works: space_smoke_test calls it"


def judge_text(
    reading: LogReading, first_lines: tuple[str, ...], files: Files | None, hardware: str | None
) -> Diagnosis:
    """The diagnosis of a log that somebody gave, of no Space in particular.

    `first_lines` are the beginning of it, or all of it where it is short.
    """
    found = recognise(reading, "given")
    if found is None or found.match is None:
        is_whole = reading.lines <= len(first_lines)
        found = (recognise_text(first_lines, "given") if is_whole else None) or found
    if found is not None:
        around = Surroundings(hardware=hardware, files=files)
        return conclude(found, around, consequences=reading.later_errors)
    if reading.healthy_signs:
        return Diagnosis(
            verdict="healthy",
            cause="The log shows no error; it says: " + ", ".join(reading.healthy_signs) + ".",
            confidence="low",
            why="a log alone cannot show that the app answers",
        )
    return Diagnosis(
        verdict="unknown",
        cause="The log shows neither an error nor a sign that anything came up.",
        confidence="low",
        why="nothing in the text says what happened",
    )


def judge_space(evidence: Evidence) -> Diagnosis:
    """The diagnosis of a Space."""
    stage = evidence.runtime.stage
    if stage in Stage.FAILED:
        return _failed(evidence)
    message = recognise_message(evidence.runtime.error_message or "")
    if message is not None and message.match is not None:
        return conclude(message, _around(evidence))
    if stage in Stage.MOVING:
        return judge_moving(evidence)
    judge = _SETTLED.get(stage)
    if judge is not None:
        return judge(evidence)
    why = evidence.runtime.not_rehearsed or f"the stage {stage} says nothing about the code"
    return Diagnosis(verdict="unknown", cause=_stands(evidence), confidence="low", why=why)


def _failed(evidence: Evidence) -> Diagnosis:
    """A failed stage: its log's error, else what the Hub says, else what lint says of the card."""
    stage = evidence.runtime.stage
    kind: Kind = "build" if stage == Stage.BUILD_ERROR else "run"
    reading = None if stage == Stage.CONFIG_ERROR else evidence.reading(kind)
    from_log = recognise(reading, kind) if reading else None
    message = recognise_message(evidence.runtime.error_message or "")
    found = _decisive(from_log, message)
    if stage == Stage.CONFIG_ERROR and (found is None or found.match is None):
        return _of_card(evidence)
    if found is None:
        return _without_evidence(evidence)
    later = reading.later_errors if reading and found is from_log else 0
    return conclude(found, _around(evidence), consequences=later)


def _decisive(from_log: Recognised | None, message: Recognised | None) -> Recognised | None:
    """Which of the two says why the stage failed.

    The platform's own word wins over an error in the log, but for a time-out, which is what such an
    error leads to, and for a message that only repeats the end of the log.
    """
    if message is None or message.match is None:
        return from_log or message
    if from_log is None or from_log.match is None or from_log.survived:
        return message
    is_own_word = message.block.kind in ("platform", "exit")
    return message if is_own_word and message.verdict != "health_check" else from_log


def _of_card(evidence: Evidence) -> Diagnosis:
    """A CONFIG_ERROR without a known message: what lint says about the card."""
    finding = of_card(evidence.files.report) if evidence.files else None
    if finding is None or evidence.files is None:
        return _without_evidence(evidence)
    said = evidence.runtime.error_message
    root = RootCause(text=said, line=None, log="message", where=finding.place) if said else None
    return Diagnosis(
        verdict="config",
        root_cause=root or RootCause(text=finding.message, line=finding.line, log=finding.file),
        cause=finding.message,
        confidence="medium",
        why=f"the stage is CONFIG_ERROR, and lint finds {finding.id} at {finding.place}",
        fixes=(fix_of_finding(finding, evidence.files.texts, hardware=evidence.hardware),),
    )


def _without_evidence(evidence: Evidence) -> Diagnosis:
    said = evidence.runtime.error_message
    unreadable = [seen.described() for seen in evidence.logs.values() if seen.unreadable]
    return Diagnosis(
        verdict="unknown",
        root_cause=RootCause(text=said, line=None, log="message") if said else None,
        cause=_stands(evidence),
        confidence="low",
        why="; ".join(unreadable) or "no log shows an error",
        guesses=guesses(said, ()) if said else (),
    )


def _no_app_file(evidence: Evidence) -> Diagnosis:
    found = recognise_text((Stage.NO_APP_FILE,), "message")
    if found is not None:
        return conclude(found, _around(evidence))
    return Diagnosis(
        verdict="config",
        cause="The repository lacks the file that starts the app.",
        confidence="high",
        why="the stage says so",
        fixes=(ProposedFix(how="Upload the file that README.md names.", kind="advice"),),
    )


def _standing_still(evidence: Evidence) -> Diagnosis:
    wake = ProposedCall(tool="space_restart", arguments={"space": evidence.space, "how": "wake"})
    how = "Start it again; paid hardware bills then."
    return Diagnosis(
        verdict="account",
        cause=f"{_stands(evidence)} Its owner stopped it, or the platform did over billing.",
        confidence="medium",
        why="the stage says that it stands still, and gives no reason",
        fixes=(ProposedFix(how=how, kind="call", call=wake),),
    )


def _sleeping(evidence: Evidence) -> Diagnosis:
    return Diagnosis(
        verdict="healthy",
        cause=f"{evidence.space} sleeps because nobody used it; the next visit starts it.",
        confidence="medium",
        why="sleeping is no failure; whether it comes up again is not shown by it",
    )


def _running(evidence: Evidence) -> Diagnosis:
    if evidence.revisions.stale_layer is not None:
        return judge_stale(evidence)
    reading = evidence.reading("run")
    found = recognise_serving(reading, "run") if reading else None
    if found is not None and reading is not None:
        return conclude(found, _around(evidence), consequences=reading.later_errors)
    agreed = reading is not None or evidence.facts.sdk == "static"
    return Diagnosis(
        verdict="healthy",
        cause=f"No trouble found. {NO_PROOF}.",
        confidence="medium" if agreed else "low",
        why="no sign of trouble in what could be read" if agreed else "no run log could be read",
    )


_SETTLED: dict[str, Callable[[Evidence], Diagnosis]] = {
    Stage.RUNNING: _running,
    Stage.SLEEPING: _sleeping,
    Stage.PAUSED: _standing_still,
    Stage.STOPPED: _standing_still,
    Stage.NO_APP_FILE: _no_app_file,
}


def _around(evidence: Evidence) -> Surroundings:
    return Surroundings(
        space=evidence.space,
        stage=evidence.runtime.stage,
        since=evidence.since,
        hardware=evidence.hardware,
        files=evidence.files,
    )


def _stands(evidence: Evidence) -> str:
    return f"{evidence.space} is {evidence.runtime.stage}."
