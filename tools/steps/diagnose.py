"""`space_diagnose`: why a Space, or a log, fails; the evidence, and the change that cures it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..diagnosing.following import following
from ..diagnosing.model import (
    Confidence,
    Diagnosis,
    Guess,
    HardwareSeen,
    ProposedFix,
    Revisions,
    RootCause,
    Verdict,
)
from ..failures import fenced
from ..model import Result, SpaceName, Stage, short_revision
from ..problems import Problem
from ..registry import Effect, tool
from .gathering import files_of, gather

SHORT_LINES = 40
MOST_PATCH_LINES = 40
_NO_REVISIONS = Revisions(repo=None, built=None, running=None, stale_layer=None)
_NO_HARDWARE = HardwareSeen(requested=None, current=None)


class Diagnosed(Result):
    """A trouble that is recognised: whose it is, the line that says it, and what cures it.

    `guesses` are only there when it is not; `block` is untrusted text of the log.
    """

    outcome = "diagnosed"
    exit_code = 1

    space: str | None
    stage: str | None
    verdict: Verdict
    root_cause: RootCause | None
    error_id: str | None
    cause: str
    confidence: Confidence
    why: str
    fixes: tuple[ProposedFix, ...]
    guesses: tuple[Guess, ...]
    revisions: Revisions
    hardware: HardwareSeen
    looked_at: tuple[str, ...]
    consequences: int
    block: tuple[str, ...]

    @override
    def lines(self) -> Iterator[str]:
        about = self.space or "The log"
        known = f" ({self.error_id})" if self.error_id else ""
        yield f"{about}: {self.verdict}{known}. {self.cause}"
        yield from self._root_lines()
        yield f"Confidence: {self.confidence}; {self.why}."
        for number, fix in enumerate(self.fixes, start=1):
            yield from _fix_lines(number, fix)
        yield from (f"Guess, not a finding: {one.error_id}: {one.cause}" for one in self.guesses)
        if self.revisions != _NO_REVISIONS:
            yield self._revision_line()
        if self.hardware.requested != self.hardware.current:
            has = self.hardware.current or "none yet"
            yield f"Hardware: {has}, asked for {self.hardware.requested}."
        yield f"Looked at: {'; '.join(self.looked_at)}."

    def _root_lines(self) -> Iterator[str]:
        if self.root_cause is None:
            return
        number = f", line {self.root_cause.line}" if self.root_cause.line else ""
        where = f", at {self.root_cause.where}" if self.root_cause.where else ""
        yield f"Root cause ({self.root_cause.log}{number}{where}), marked with >:"
        yield from fenced(_marked(self.root_cause.text, self.block))
        if self.consequences:
            yield f"Other errors in the log: {self.consequences}; repair this one first."

    def _revision_line(self) -> str:
        seen = self.revisions
        stale = f"; stale: {seen.stale_layer}" if seen.stale_layer else ""
        repo, built, running = map(short_revision, (seen.repo, seen.built, seen.running))
        return f"Revisions: repository {repo}, built {built}, running {running}{stale}."


class NoTrouble(Diagnosed):
    """Nothing wrong was found; that is no proof that the app works."""

    outcome = "healthy"
    exit_code = 0


class Unknown(Diagnosed):
    """Not recognised or not readable; the evidence, and guesses marked as such."""

    outcome = "unknown"
    exit_code = 2

    @override
    def lines(self) -> Iterator[str]:
        yield from super().lines()
        yield (
            "Once it is solved, `huggingface-spaces error-report` turns it into an entry that"
            " others can use; it sends nothing."
        )


class NotSettled(Diagnosed):
    """It still builds or starts, and has not failed."""

    outcome = "still_running"
    exit_code = 2


@tool(title="Diagnose a Space", effect=Effect.READ, examples=({"space": "me/demo"},))
def space_diagnose(
    context: Context,
    space: SpaceName | None = None,
    log: Annotated[str | None, Field(description="or pasted log")] = None,
    file: Annotated[str | None, Field(description="or log file")] = None,
    folder: Annotated[str | None, Field(description="files")] = None,
) -> Diagnosed | NoTrouble | Unknown | NotSettled:
    """Use when a Space fails: names the root cause with its line, whose trouble it is (config,
    build, start, app, account, platform) and the patch or call that cures it, or says unknown.

    Reads stage, logs, revisions, hardware and files of a Space, or a log alone. With `folder` the
    patches are made for the files there, else for those of the revision that failed. No code is
    proposed against trouble of the platform or the account.

    Raises:
        Problem: `bad_argument` unless exactly one of `space`, `log` and `file` is given,
            `not_a_file`, `path_outside_roots`, `not_found` and the Hub's usual ones.
    """
    given = [name for name, value in (("space", space), ("log", log), ("file", file)) if value]
    if len(given) != 1:
        named = " and ".join(f"`{name}`" for name in given) or "none"
        message = f"space_diagnose needs exactly one of `space`, `log` and `file`; given: {named}"
        raise Problem("bad_argument", message, object="space")
    path = context.folder(folder) if folder is not None else None
    if path is not None and not path.is_dir():
        raise Problem("not_a_folder", f"`folder`: {path} is no folder", object=str(path))
    if space is not None:
        return _of_space(context, space, folder, path)
    if log is not None:
        return _of_log(io.StringIO(log), folder, path, "the given text")
    log_path = context.folder(str(file), field="file")
    if not log_path.is_file():
        raise Problem("not_a_file", f"`file`: {log_path} is no file", object=str(log_path))
    with log_path.open(encoding="utf-8", errors="replace") as lines:
        return _of_log(lines, folder, path, str(log_path))


def _of_log(lines: Iterable[str], folder: str | None, path: Path | None, name: str) -> Diagnosed:
    from ..diagnosing.evidence import with_first_lines
    from ..diagnosing.judging import judge_text
    from ..logreading import read_log

    first, whole = with_first_lines(lines, SHORT_LINES)
    reading = read_log(whole)
    files = files_of(path, hardware=None) if path is not None else None
    made = judge_text(reading, first, files, None)
    looked_at = [f"{name}: {reading.lines} lines", *([files.described] if files else [])]
    return _result(made, None, None, _NO_REVISIONS, _NO_HARDWARE, looked_at, folder)


def _of_space(context: Context, space: str, folder: str | None, path: Path | None) -> Diagnosed:
    from ..diagnosing.judging import judge_space
    from ..diagnosing.support import of_problem

    try:
        evidence = gather(context, space, path)
    except Problem as problem:
        made = of_problem(problem, space)
        if made is None:
            raise
        looked_at = ["the Hub's answer, which was a refusal"]
        return _result(made, space, None, _NO_REVISIONS, _NO_HARDWARE, looked_at, folder)
    runtime = evidence.runtime
    hardware = HardwareSeen(requested=runtime.requested_hardware, current=runtime.hardware)
    made = judge_space(evidence)
    looked_at = list(evidence.looked_at())
    return _result(
        made, evidence.space, runtime.stage, evidence.revisions, hardware, looked_at, folder
    )


def _result(
    made: Diagnosis,
    space: str | None,
    stage: str | None,
    revisions: Revisions,
    hardware: HardwareSeen,
    looked_at: list[str],
    folder: str | None,
) -> Diagnosed:
    variant: type[Diagnosed] = {"healthy": NoTrouble, "unknown": Unknown}.get(
        made.verdict, Diagnosed
    )
    if variant is Unknown and stage in Stage.MOVING:
        variant = NotSettled
    return variant(
        space=space,
        stage=stage,
        revisions=revisions,
        hardware=hardware,
        looked_at=tuple(looked_at),
        next=tuple(following(made, space, stage, folder)),
        **made.model_dump(),
    )


def _marked(root: str, block: tuple[str, ...]) -> tuple[str, ...]:
    """The quoted lines with the root cause marked; it comes first where it is none of them."""
    numbers = [number for number, line in enumerate(block) if root in line]
    if not numbers:
        return (f"> {root}", *(f"  {line}" for line in block))
    return tuple(
        f"> {line}" if number == numbers[0] else f"  {line}" for number, line in enumerate(block)
    )


def _fix_lines(number: int, fix: ProposedFix) -> Iterator[str]:
    name = f" [space_fix {fix.fix}]" if fix.fix else ""
    call = f" [{fix.call.tool}]" if fix.call else ""
    yield f"Fix {number} ({fix.kind}){name}{call}: {fix.how}"
    if fix.patch:
        lines = tuple(fix.patch.splitlines())
        yield from fenced(lines[:MOST_PATCH_LINES])
        if len(lines) > MOST_PATCH_LINES:
            yield f"… {len(lines) - MOST_PATCH_LINES} more lines in `fixes`"
