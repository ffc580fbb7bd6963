"""One endpoint, one payload, one call, and the report on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, zip_longest
from pathlib import Path
from typing import Any

from .client import Failed, Outcome, Returned, Session, Unfinished
from .deadline import Deadline
from .errors import AppProblem, DeadlinePassed
from .fallbacks import in_log, in_size
from .files import AppFiles, NotFetched
from .interface import Function
from .login import asks_for_login
from .made_up import FileSupply, NoPayload
from .payload import Payload, build_payload, shortened, texts_in
from .report import EndpointReport, EndpointVerdict, Evidence
from .runlog import RunLog, find_error, log_evidence, refused_input
from .values import Judgement, judge
from .web import get
from .weighing import Weight

SHARE_FOR_FILES = 0.1
MOST_SECONDS_FOR_FILES = 2.0
SECONDS_FOR_A_SIGN_OF_LIFE = 0.5


@dataclass(frozen=True)
class Finding:
    """What a call showed, before the report is written."""

    verdict: EndpointVerdict
    evidence: tuple[Evidence, ...]
    judgements: tuple[Judgement, ...] = ()
    is_neutral: bool = False

    def with_signs(self, signs: Sequence[Evidence]) -> Finding:
        """The same with more evidence against the app."""
        verdict = "warnings" if signs and self.verdict == "works" else self.verdict
        return replace(self, verdict=verdict, evidence=(*self.evidence, *signs))


@dataclass(frozen=True)
class Tried:
    """A tried endpoint: its report, what was sent and what came back.

    `usable` says whether the session can go on. `values` is empty unless the call succeeded.
    `refused_invention` says that the app refused a value that was made up here.
    """

    report: EndpointReport
    payload: Payload | None = None
    values: tuple[Any, ...] = ()
    usable: bool = True
    refused_invention: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Trial:
    """Everything one call needs besides the endpoint itself.

    `shown` is what earlier calls left in the page's components. `has_login_button` says that
    functions may want a login with Hugging Face, `expects_gpu` that the app has a GPU.
    """

    session: Session | Failed
    log: RunLog
    supply: FileSupply
    files: AppFiles
    folder: Path
    shown: Mapping[str, Any] = field(default_factory=dict)
    has_login_button: bool = False
    expects_gpu: bool = False

    def run(self, function: Function, inputs: Mapping[str, Any], deadline: Deadline) -> Tried:
        """Call `function` once."""
        payload = build_payload(function.inputs, inputs, self.supply, self.shown)
        if isinstance(payload, NoPayload):
            return Tried(_report(function, _not_built(payload), {}, deadline))
        clock = Deadline(0.0)
        outcome, lines = self._call(function, payload, deadline)
        seconds = clock.elapsed
        finding = self._finding(function, payload, outcome, deadline)
        finding = self._with_signs(function, payload, finding, lines)
        finding = _with_log(finding, lines, failed=isinstance(outcome, Failed))
        refused = isinstance(outcome, Failed) and outcome.kind == "payload_refused"
        if isinstance(outcome, Failed) and outcome.kind == "app_error" and refused_input(lines):
            finding, refused = _refused(finding, payload), True
        finding = self._behind_login(finding, outcome, lines)
        return Tried(
            _report(function, finding, payload.values, deadline),
            payload,
            outcome.values if isinstance(outcome, Returned) else (),
            usable=not isinstance(outcome, Unfinished) and not _is_lost(outcome),
            refused_invention=refused and finding.verdict == "not_verified",
            seconds=seconds,
        )

    def _with_signs(
        self, function: Function, payload: Payload, finding: Finding, lines: Sequence[str]
    ) -> Finding:
        """Add the signs of silent fallbacks."""
        files = [file for each in finding.judgements for file in each.files]
        size = in_size(function, payload.values, files)
        signs = (*in_log(lines, expects_gpu=self.expects_gpu), *([size] if size else []))
        return finding.with_signs(signs)

    def _behind_login(self, finding: Finding, outcome: Outcome, lines: Sequence[str]) -> Finding:
        """A call that only a logged-in visitor may make says little about the app.

        One that answers with an invitation to log in at least runs.
        """
        error = find_error(lines) if isinstance(outcome, Failed) else None
        message = outcome.message if isinstance(outcome, Failed) else ""
        said = [message]
        if self.has_login_button:
            said += [error.text if error else "", *(each.rendering for each in finding.judgements)]
        if not any(map(asks_for_login, said)):
            return finding
        what = "it wants a visitor who is logged in, and this call was made without a login"
        evidence = (Evidence(what=what, ok=None, is_ours=True), *map(_as_note, finding.evidence))
        verdict: EndpointVerdict = "warnings" if isinstance(outcome, Returned) else "not_verified"
        return Finding(verdict, evidence, finding.judgements)

    def _call(
        self, function: Function, payload: Payload, deadline: Deadline
    ) -> tuple[Outcome, Sequence[str]]:
        if isinstance(self.session, Failed):
            return self.session, ()
        reserve = min(MOST_SECONDS_FOR_FILES, deadline.left * SHARE_FOR_FILES)
        outcome = self.session.call(
            function.name, payload.values, len(function.results), deadline.left - reserve
        )
        crashed = isinstance(outcome, Failed) and outcome.kind in {"app_error", "connection_lost"}
        return outcome, self.log.since(deadline, expect_error=crashed)

    def _finding(
        self, function: Function, payload: Payload, outcome: Outcome, deadline: Deadline
    ) -> Finding:
        sent = _sent(payload)
        if isinstance(outcome, Failed):
            alive = self._alive(deadline) if _is_lost(outcome) else []
            return Finding(
                _failed_verdict(outcome, payload), (*sent, *_failure(outcome, payload), *alive)
            )
        judgements = self._judge(function, payload, outcome, deadline)
        if isinstance(outcome, Unfinished):
            return _unfinished(outcome, sent, judgements, deadline)
        return _finished(function, outcome, sent, judgements)

    def _judge(
        self,
        function: Function,
        payload: Payload,
        outcome: Returned | Unfinished,
        deadline: Deadline,
    ) -> tuple[Judgement, ...]:
        if not outcome.values:
            return ()
        earlier = outcome.earlier if isinstance(outcome, Returned) else ()
        numbers = count(1)
        sent = tuple(texts_in(payload.values))
        endpoint = function.name.strip("/").replace("/", "_")

        def fetch(value: dict[str, Any]) -> Path | NotFetched:
            return self.files.fetch(value, self.folder, f"{endpoint}-{next(numbers)}", deadline)

        count_of = len(function.results)
        returned = zip_longest(function.results, outcome.values[:count_of], earlier[:count_of])
        return tuple(
            judge(result, value, fetch, sent, before) for result, value, before in returned
        )

    def _alive(self, deadline: Deadline) -> list[Evidence]:
        """Whether the app still answers after it dropped a call, or the call killed it."""
        patience = Deadline(max(SECONDS_FOR_A_SIGN_OF_LIFE, deadline.left / 2))
        try:
            get(self.files.api_root + "info", token=self.files.token, deadline=patience)
        except DeadlinePassed as problem:
            what = "the app has not answered since, so it is busy, stuck or gone"
            return [Evidence(what=what, ok=None, detail=problem.reason)]
        except AppProblem as problem:
            return [
                Evidence(
                    what="the app no longer answers: the call ended its process",
                    ok=False,
                    detail=problem.reason,
                )
            ]
        return [Evidence(what="the app answers again after the broken call", ok=None)]


def _report(
    function: Function, finding: Finding, values: Mapping[str, Any], deadline: Deadline
) -> EndpointReport:
    return EndpointReport(
        name=function.name,
        verdict=finding.verdict,
        evidence=finding.evidence,
        seconds=round(deadline.elapsed, 2),
        inputs={name: shortened(value) for name, value in values.items()},
        outputs=tuple(each.rendering for each in finding.judgements),
        files=tuple(file for each in finding.judgements for file in each.files),
        is_neutral=finding.is_neutral,
    )


def _is_lost(outcome: Outcome) -> bool:
    return isinstance(outcome, Failed) and outcome.kind == "connection_lost"


def _as_note(evidence: Evidence) -> Evidence:
    return evidence.model_copy(update={"ok": None})


def _not_built(problem: NoPayload) -> Finding:
    what = f"no call was made: parameter {problem.parameter!r}: {problem.reason}"
    evidence = Evidence(what=what, ok=None, detail="Give a value for it in `input`.")
    return Finding("not_verified", (evidence,))


def _sent(payload: Payload) -> list[Evidence]:
    if not payload.arguments:
        return []
    sources = ", ".join(f"{each.name} ({each.source})" for each in payload.arguments)
    return [Evidence(what=f"sent: {sources}", ok=None)]


def _failed_verdict(failure: Failed, payload: Payload) -> EndpointVerdict:
    if failure.kind in {"app_error", "connection_lost"}:
        return "broken"
    callers = any(each.source == "caller" for each in payload.arguments)
    if failure.kind == "payload_refused" and payload.arguments:
        # Nothing but the app's own defaults, examples and choices: then it refuses itself.
        return "not_verified" if payload.invented or callers else "broken"
    return "not_verified"


def _failure(failure: Failed, payload: Payload) -> list[Evidence]:
    titles = {
        "app_error": "the app raised an error",
        "payload_refused": "the app refused the input",
        "connection_lost": "the app dropped the call",
        "busy": "the app is too busy to answer",
        "client_error": "the call could not be made",
    }
    ok = False if failure.kind in {"app_error", "connection_lost"} else None
    shown = "its text is hidden (show_error is off)" if failure.hidden else failure.message
    found = [Evidence(what=f"{titles[failure.kind]}: {shown}", ok=ok)]
    if payload.invented and failure.kind in {"app_error", "payload_refused"}:
        names = ", ".join(payload.invented)
        what = f"the value of {names} was made up; give your own in `input` to rule that out"
        found.append(Evidence(what=what, ok=None))
    return found


def _unfinished(
    outcome: Unfinished,
    sent: list[Evidence],
    judgements: tuple[Judgement, ...],
    deadline: Deadline,
) -> Finding:
    what = f"no end within {deadline.elapsed:.0f} s; the app's last status was {outcome.status}"
    if outcome.yields:
        what += f", after {outcome.yields} values"
    plausible = any(each.weight == "plausible" for each in judgements)
    return Finding(
        "warnings" if plausible else "not_verified",
        (*sent, Evidence(what=what, ok=None), *(each.evidence for each in judgements)),
        judgements,
    )


def _finished(
    function: Function,
    outcome: Returned,
    sent: list[Evidence],
    judgements: tuple[Judgement, ...],
) -> Finding:
    weights = {each.weight for each in judgements}
    streamed = [Evidence(what=f"streamed {outcome.yields} values", ok=True)]
    shown = [_in_company(each, weights) for each in judgements]
    evidence = (*sent, *(streamed if function.streaming else ()), *shown)
    if not weights - {"neutral"}:
        return _nothing_to_judge(function, evidence, judgements)
    fine = "plausible" in weights and "suspicious" not in weights
    return Finding("works" if fine else "warnings", evidence, judgements)


def _nothing_to_judge(
    function: Function, evidence: tuple[Evidence, ...], judgements: tuple[Judgement, ...]
) -> Finding:
    """The page or the session changed, and no value shows how."""
    if function.changes_state and judgements:
        changed = Evidence(what="the call succeeded and changed the state of the session", ok=True)
        return Finding("works", (*evidence, changed), judgements)
    nothing = Evidence(what="the call succeeded, but returns no value to judge", ok=None)
    return Finding("not_verified", (*evidence, nothing), judgements, is_neutral=True)


def _in_company(judgement: Judgement, weights: set[Weight]) -> Evidence:
    """An empty output, such as an unused message box, says nothing beside a plausible one."""
    if judgement.weight == "empty" and "plausible" in weights:
        return judgement.evidence.model_copy(update={"ok": None})
    return judgement.evidence


def _with_log(finding: Finding, lines: Sequence[str], *, failed: bool) -> Finding:
    evidence = log_evidence(lines, failed=failed)
    if evidence is None:
        return finding
    return finding.with_signs([evidence])


def _refused(finding: Finding, payload: Payload) -> Finding:
    """The log shows what the hidden error is: Gradio refused the input, the app never ran."""
    refusal = Failed("payload_refused", "Gradio refused it before the app's function ran")
    evidence = (*finding.evidence, *_failure(refusal, payload))
    return Finding(_failed_verdict(refusal, payload), tuple(dict.fromkeys(evidence)))
