"""`space_fix`: repairs what `space_lint` found, and ports an app to ZeroGPU."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field
from typing_extensions import override

from ..context import Context
from ..failures import fenced
from ..model import Model, NextCall, Result, shown_arguments
from ..problems import bad_argument
from ..registry import Effect, tool
from .lint import Found, as_names, examine, is_strangers

if TYPE_CHECKING:
    from pathlib import Path

    from ..lint.finding import Finding
    from ..lint.fixing import Repairs
    from ..lint.recipes import Recipe
    from ..lint.texts import FolderTexts

SAFE = "safe"
MOST_DIFF = 5_000
"""Characters of diff in an answer; a preview of fewer fixes shows the rest."""
MOST_LISTED = 12
MOST_LEFT = 60


class AppliedFix(Model):
    """A rule, or a step of a port, and how many findings or files it repaired."""

    fix: str
    count: int


class NotFixed(Model):
    """A repair that was not made: why, or how a person makes it."""

    fix: str
    why: str


class Fixing(Result):
    """What every outcome says: the folder, the flavor assumed, and the findings that are left."""

    folder: str
    hardware: str | None
    not_fixed: tuple[NotFixed, ...]
    errors_left: int
    warnings_left: int
    left: tuple[Found, ...]

    def _rest(self) -> Iterator[str]:
        if self.not_fixed:
            yield "Not repaired:"
            yield from (f"  {one.fix}: {one.why}" for one in self.not_fixed[:MOST_LISTED])
        if not self.left:
            yield "No error or warning is left."
            return
        yield f"Left: {self.errors_left} errors, {self.warnings_left} warnings."
        for one in self.left[:MOST_LISTED]:
            place = one.file if one.line is None else f"{one.file}:{one.line}"
            yield f"  {place}: {one.severity} {one.id} {one.message}"
        more = self.errors_left + self.warnings_left - MOST_LISTED
        if more > 0:
            yield f"  … and {more} more; space_lint lists them all"


class Changing(Fixing):
    """Repairs that exist: the files, and the diff. `diff_left_out` counts lines not shown."""

    files: tuple[str, ...]
    applied: tuple[AppliedFix, ...]
    diff: str
    diff_left_out: int
    from_stranger: bool = Field(default=False, exclude=True)

    def _changes(self) -> Iterator[str]:
        yield from (f"  {one.fix} ({one.count})" for one in self.applied)
        lines = tuple(self.diff.splitlines())
        yield from fenced(lines) if self.from_stranger else lines
        if self.diff_left_out:
            yield f"… {self.diff_left_out} lines of the diff are left out; preview one fix for them"
        yield from self._rest()


class Fixed(Changing):
    """The files are repaired."""

    outcome = "fixed"

    @override
    def lines(self) -> Iterator[str]:
        yield f"Repaired in {self.folder}: {', '.join(self.files)}"
        yield from self._changes()


class Previewed(Changing):
    """What would change; nothing was written."""

    outcome = "previewed"

    @override
    def lines(self) -> Iterator[str]:
        yield f"Nothing was written. Would change in {self.folder}: {', '.join(self.files)}"
        yield from self._changes()


class NothingToFix(Fixing):
    """No fix that was asked for applies; no file was changed."""

    outcome = "nothing_to_fix"

    @override
    def lines(self) -> Iterator[str]:
        yield f"Nothing to repair in {self.folder} with these fixes. No file was changed."
        yield from self._rest()


@tool(
    title="Fix a folder",
    effect=Effect.LOCAL,
    examples=({"folder": ".", "fixes": ["zerogpu-port"], "preview": True},),
    idempotent=True,
)
def space_fix(
    context: Context,
    folder: str,
    fixes: Annotated[
        tuple[str, ...],
        BeforeValidator(as_names),
        Field(description="rule ids, zerogpu-port, or safe: all safe ones, the default"),
    ] = (),
    hardware: Annotated[str | None, Field(description="flavor it is for")] = None,
    unsafe: Annotated[bool, Field(description="also if behaviour may change")] = False,
    preview: Annotated[bool, Field(description="only show the diff")] = False,
) -> Fixed | Previewed | NothingToFix:
    """Use after space_lint: repairs what it found in a folder and shows the diff. `zerogpu-port`
    makes a Gradio app fit ZeroGPU: card, imports, model loading, decorator.

    Formatting is kept. A repair that does not remove its finding, or leads to another error, is
    taken back. Findings silenced by a comment are left alone. The same call again changes nothing.

    Raises:
        Problem: those of `space_lint`; `bad_argument` for a fix that does not exist;
            `changed_meanwhile` when a file was edited during the call. Nothing is written then.
    """
    from ..lint.fixing import repair
    from ..lint.recipes import all_recipes
    from ..lint.texts import FolderTexts

    _check_names(fixes)
    root = examine(context, folder, hardware).folder
    named = [name for name in fixes if name != SAFE]
    texts = FolderTexts(root)
    recipes = [recipe for name, recipe in all_recipes().items() if name in named]
    recipes += _cures(named, texts, hardware)
    repairs = repair(
        texts,
        rules=None if SAFE in fixes or not fixes else named,
        recipes=recipes,
        unsafe=unsafe or (preview and bool(named)),
        hardware=hardware,
    )
    if repairs.changes and not preview:
        from ..writing import write_changes

        write_changes(root, repairs.changes, repairs.originals)
    asked = {"folder": folder, "fixes": list(fixes) or None, "hardware": repairs.hardware}
    not_fixed = tuple(_not_fixed(named, repairs))
    if not repairs.changes:
        return NothingToFix(
            **_common(root, repairs, not_fixed), next=tuple(_checks(asked, repairs))
        )
    if preview:
        apply = {**asked, "unsafe": True if unsafe or _needs_unsafe(named, repairs) else None}
        return Previewed(
            **_common(root, repairs, not_fixed),
            **_changes(root, repairs),
            next=(_call("space_fix", apply, "writes these changes"),),
        )
    return Fixed(
        **_common(root, repairs, not_fixed),
        **_changes(root, repairs),
        next=tuple(_checks(asked, repairs)),
    )


def _cures(named: Sequence[str], texts: FolderTexts, hardware: str | None) -> Iterator[Recipe]:
    """The recipes of the known errors that are named: of each, the first change that applies."""
    from ..diagnosing.remedies import find_remedy

    for name in named:
        remedy = find_remedy(name)
        if remedy is not None:
            recipe = remedy.chosen(texts, hardware=hardware)
            yield recipe or remedy.recipe(remedy.changes[0])


def _check_names(fixes: Sequence[str]) -> None:
    from ..diagnosing.remedies import find_remedy
    from ..lint import all_rules
    from ..lint.recipes import all_recipes

    known = [SAFE, *all_recipes(), *all_rules()]
    for name in fixes:
        if name not in known and find_remedy(name) is None:
            fixable = [rule.id for rule in all_rules().values() if rule.fix is not None]
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            names = ", ".join([SAFE, *all_recipes(), *fixable])
            message = f"names nothing that can be repaired: {name}{meant}; there are: {names}"
            raise bad_argument("fixes", message, tool="space_fix")


def _common(root: Path, repairs: Repairs, not_fixed: tuple[NotFixed, ...]) -> dict[str, Any]:
    from ..lint import Severity

    left = [one for one in repairs.after.findings if one.severity is not Severity.INFO]
    return {
        "folder": str(root),
        "hardware": repairs.after.hardware,
        "not_fixed": not_fixed,
        "errors_left": repairs.after.count(Severity.ERROR),
        "warnings_left": repairs.after.count(Severity.WARNING),
        "left": tuple(Found(**one.model_dump(mode="json")) for one in left[:MOST_LEFT]),
    }


def _changes(root: Path, repairs: Repairs) -> dict[str, Any]:
    diff, left_out = _bounded(repairs.diff())
    return {
        "files": tuple(repairs.changes),
        "applied": tuple(AppliedFix(fix=one.fix, count=one.count) for one in repairs.applied),
        "diff": diff,
        "diff_left_out": left_out,
        "from_stranger": is_strangers(root),
    }


def _not_fixed(named: Sequence[str], repairs: Repairs) -> Iterator[NotFixed]:
    """What was not repaired, though it was asked for or could be."""
    from ..lint import Fix, all_rules
    from ..lint.recipes import all_recipes

    yield from (NotFixed(fix=one.fix, why=one.why) for one in repairs.refused)
    refused = {one.fix for one in repairs.refused}
    by_hand = [name for name in named if name in all_rules() and all_rules()[name].fix is None]
    for name in by_hand:
        found = _places([one for one in repairs.after.findings if one.id == name])
        ports = [recipe.name for recipe in all_recipes().values() if name in recipe.covers]
        way = f"fixes={ports} may repair it" if ports else "no automatic repair exists"
        yield NotFixed(fix=name, why=f"{way}; {found or 'nothing is found'}")
    unsafe = {one.id for one in repairs.after.findings if one.fix is Fix.UNSAFE} - refused
    for name in sorted(unsafe):
        yield NotFixed(fix=name, why="its fix may change what the app does; unsafe=true applies it")


def _places(findings: Sequence[Finding]) -> str:
    shown = "; ".join(f"{one.place}: {one.message}" for one in findings[:3])
    return shown + (f"; and {len(findings) - 3} more" if len(findings) > 3 else "")


def _needs_unsafe(named: Sequence[str], repairs: Repairs) -> bool:
    from ..lint import Fix, all_rules

    applied = {one.fix for one in repairs.applied}
    rules = all_rules()
    return any(
        name in applied and name in rules and rules[name].fix is Fix.UNSAFE for name in named
    )


def _checks(asked: dict[str, Any], repairs: Repairs) -> Iterator[NextCall]:
    from ..lint import Severity

    place = {name: asked[name] for name in ("folder", "hardware")}
    if _safe_ones_left(repairs):
        yield _call("space_fix", place, "repairs what else can be, without changing the app")
    yield _call("space_lint", place, "what is left, with the source lines")
    if not repairs.after.count(Severity.ERROR):
        yield _call("space_rehearse", place, "builds, starts and calls it on this machine")


def _safe_ones_left(repairs: Repairs) -> bool:
    """Whether a fix that nobody asked for would repair more."""
    from ..lint import Fix

    tried = {one.fix for one in repairs.refused}
    return any(one.fix is Fix.SAFE and one.id not in tried for one in repairs.after.findings)


def _call(name: str, arguments: dict[str, Any], why: str) -> NextCall:
    return NextCall(tool=name, arguments=shown_arguments(arguments), why=why)


def _bounded(lines: tuple[str, ...]) -> tuple[str, int]:
    """As many lines as the answer has room for, and how many are left out."""
    size = 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > MOST_DIFF:
            return "\n".join(lines[:number]), len(lines) - number
    return "\n".join(lines), 0
