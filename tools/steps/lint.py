"""`space_lint`: what is wrong with a folder, before it is pushed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from typing_extensions import override

from ..context import Context
from ..failures import fenced
from ..model import Model, NextCall, Result, SpaceName, shown_arguments
from ..origins import origin_of
from ..problems import Problem, bad_argument
from ..registry import Effect, tool

if TYPE_CHECKING:
    from ..lint import Finding, Project, Report

MOST_TEXT = 7_000
"""Characters of findings in the text of an answer; the structured result has more."""
RESOLUTION_SECONDS = 30.0


def as_names(value: object) -> object:
    """Names as a list: one text may hold several with commas between them."""
    given = (value,) if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        return given
    return tuple(name.strip() for one in given for name in one.split(",") if name.strip())


class Found(Model):
    """One finding. `line` counts from 1, None speaks of the whole file; `fix` says how sure the
    repair of `space_fix` is."""

    id: str
    severity: Literal["error", "warning", "info"]
    file: str
    line: int | None
    message: str
    fixable: bool
    fix: Literal["safe", "unsafe"] | None


class NotChecked(Model):
    """A check that was not made, and why."""

    what: str
    why: str


class Linted(Result):
    """What every outcome says. `hardware` is the flavor assumed, `hardware_from` who named it."""

    folder: str
    errors: int
    warnings: int
    infos: int
    suppressed: int
    hardware: str | None
    hardware_from: str
    findings: tuple[Found, ...]
    skipped: tuple[NotChecked, ...]
    text: tuple[str, ...] = Field(default=(), exclude=True)

    @override
    def lines(self) -> Iterator[str]:
        yield from self.text


class Clean(Linted):
    """No errors and no warnings; infos may be worth reading."""

    outcome = "clean"


class Findings(Linted):
    """Errors or warnings: errors will fail or leak, warnings break a documented rule."""

    outcome = "findings"
    exit_code = 1


@tool(
    title="Lint a folder",
    effect=Effect.READ,
    examples=({"folder": ".", "hardware": "zero-a10g"},),
)
def space_lint(
    context: Context,
    folder: str = ".",
    hardware: Annotated[str | None, Field(description="flavor it is for")] = None,
    space: Annotated[SpaceName | None, Field(description="whose hardware to ask for")] = None,
    ignore: Annotated[
        tuple[str, ...], BeforeValidator(as_names), Field(description="rule ids")
    ] = (),
    resolve: Annotated[bool, Field(description="requirements too; slow")] = False,
) -> Clean | Findings:
    """Use before every push: finds what would fail on a Space, or leak, in card, requirements,
    code, Dockerfile, pages.

    Nothing of the folder is run. The card cannot say the hardware, so name it, or the Space whose
    hardware is asked for; without either, what the code looks like is assumed. `ignore` takes
    rule ids, several with commas too; `resolve` also asks the package index whether the
    requirements can be met.

    Raises:
        Problem: `bad_argument`, `not_a_folder`, `unknown_hardware`; with `space` the Hub's.
    """
    examined = examine(context, folder, hardware, space, ignore, resolve=resolve)
    return linted(examined, text=tuple(_text(examined)))


@dataclass(frozen=True)
class Examined:
    """A linted folder: the project, the report, and what the caller asked for."""

    folder: Path
    project: Project
    report: Report
    arguments: dict[str, Any]


def examine(
    context: Context,
    folder: str = ".",
    hardware: str | None = None,
    space: str | None = None,
    ignore: tuple[str, ...] = (),
    *,
    resolve: bool = False,
) -> Examined:
    """Lint a folder as `space_lint` does, with the whole report for other forms of it.

    Raises:
        Problem: those of `space_lint`.
    """
    from ..lint import Project, lint
    from ..lint.texts import FolderTexts

    path = _checked_folder(context, folder)
    _check_hardware(hardware)
    _check_rules(ignore)
    said_by = "the argument"
    if hardware is None and space is not None:
        hardware, said_by = _hardware_of(context, space), f"{space} on the Hub"
    seconds = context.remaining(RESOLUTION_SECONDS) if resolve else None
    project = Project(
        FolderTexts(path), hardware=hardware, hardware_from=said_by, resolve_seconds=seconds
    )
    report = lint(project, ignore=ignore)
    asked = {
        "folder": folder,
        "hardware": hardware,
        "space": space,
        "ignore": list(ignore) or None,
        "resolve": resolve or None,
    }
    return Examined(path, project, report, shown_arguments(asked))


def linted(examined: Examined, text: tuple[str, ...] = ()) -> Clean | Findings:
    """The result of a linted folder; `text` is how it reads."""
    from ..lint import Severity

    report = examined.report
    errors, warnings, infos = (report.count(severity) for severity in Severity)
    variant = Findings if errors or warnings else Clean
    return variant(
        folder=str(examined.folder),
        errors=errors,
        warnings=warnings,
        infos=infos,
        suppressed=report.suppressed,
        hardware=report.hardware,
        hardware_from=report.hardware_from,
        findings=tuple(Found(**found.model_dump(mode="json")) for found in report.findings),
        skipped=tuple(NotChecked(what=said.what, why=said.why) for said in report.skipped),
        text=text,
        next=tuple(_next(examined, errors)),
    )


def _text(examined: Examined) -> Iterator[str]:
    from ..lint.formats import text

    report = examined.report
    yield text.summary(report)
    lines, left_out = text.bounded(report, text.quote_from(examined.project), MOST_TEXT)
    yield from fenced(tuple(lines)) if lines and is_strangers(examined.folder) else lines
    if left_out:
        yield f"… {left_out} more in `findings`; `ignore` leaves rules out."
    yield from text.skipped_lines(report)


def is_strangers(folder: Path) -> bool:
    """Whether somebody else wrote what is in the folder, so that its text is data."""
    origin = origin_of(folder)
    return origin is not None and not origin.is_own


def _next(examined: Examined, errors: int) -> Iterator[NextCall]:
    from ..knowledge.hardware import hardware_flavor

    asked = examined.arguments
    place: dict[str, Any] = {name: asked[name] for name in ("folder", "hardware") if name in asked}
    if "space" in asked and hardware_flavor(examined.report.hardware or "") is not None:
        # The other tools take no Space, and without its flavor they would look for other things.
        place["hardware"] = examined.report.hardware
    repairs = list(_repairs(examined.report.findings, place))
    is_repaired = any("fixes" not in call.arguments for call in repairs)
    yield from repairs
    if errors:
        yield NextCall(tool="space_lint", arguments=asked, why="again once the errors are repaired")
    elif not is_repaired:
        why = "builds, starts and calls it on this machine"
        yield NextCall(tool="space_rehearse", arguments=place, why=why)


def _repairs(findings: Sequence[Finding], place: dict[str, Any]) -> Iterator[NextCall]:
    """The calls of `space_fix` that repair something: what is safe at once, the rest as a preview
    and only for errors and warnings.
    """
    from ..lint import Fix, Severity
    from ..lint.recipes import all_recipes

    wrong = {found.id for found in findings if found.severity is not Severity.INFO}
    if any(found.fix is Fix.SAFE for found in findings):
        why = "repairs what can be without changing what the app does"
        yield NextCall(tool="space_fix", arguments=place, why=why)
    covered: set[str] = set()
    for recipe in all_recipes().values():
        repaired = sorted(wrong.intersection(recipe.covers))
        if repaired:
            covered.update(recipe.covers, recipe.rules)
            arguments = {**place, "fixes": [recipe.name], "preview": True}
            why = f"to {recipe.summary}: repairs {', '.join(repaired)}; first as a diff"
            yield NextCall(tool="space_fix", arguments=arguments, why=why)
    unsafe = {found.id for found in findings if found.fix is Fix.UNSAFE}
    named = sorted(unsafe.intersection(wrong) - covered)
    if named:
        arguments = {**place, "fixes": named, "unsafe": True, "preview": True}
        why = "these may change what the app does; first as a diff"
        yield NextCall(tool="space_fix", arguments=arguments, why=why)


def _checked_folder(context: Context, folder: str) -> Path:
    path = context.folder(folder)
    if path.is_dir():
        return path
    what = "is a file, not a folder" if path.exists() else "does not exist"
    raise Problem("not_a_folder", f"`folder`: {path} {what}", object=str(path))


def _check_hardware(hardware: str | None) -> None:
    from ..knowledge.hardware import hardware_flavor, hardware_flavors

    if hardware is None or hardware_flavor(hardware) is not None:
        return
    names = ", ".join(flavor.name for flavor in hardware_flavors())
    raise Problem(
        "unknown_hardware",
        f"`hardware`: no flavor is called {hardware}; there are: {names}",
        object=hardware,
    )


def _check_rules(ignore: tuple[str, ...]) -> None:
    from ..lint import all_rules

    for name in ignore:
        if name not in all_rules():
            near = difflib.get_close_matches(name.upper(), all_rules(), n=3, cutoff=0.4)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise bad_argument("ignore", f"names no rule: {name}{meant}", tool="space_lint")


def _hardware_of(context: Context, space: str) -> str | None:
    """The flavor that the Space asked for, or else has; a static one has none."""
    runtime = context.hub.runtime(space)
    return runtime.requested_hardware or runtime.hardware
