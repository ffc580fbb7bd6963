"""Repairing a project: one fix at a time, linted after each, taken back when it does not help.

The engine works on texts and writes nothing. It trusts no fix: a change is kept only if there are
fewer findings of its rule than before, it led to no error that was not there, and every Python
file that parsed still does.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from ..model import Model
from .engine import lint
from .finding import Fix, Report, Severity
from .fixes import Changes, fix_for
from .project import Project
from .recipes import Recipe, Step
from .rule import all_rules
from .texts import Texts

MOST_ROUNDS = 5
"""A fix can make another one possible; this many times the list is gone through again."""


MOST_REPEATS = 60
"""A step makes one change and is taken again, at most this many times."""


class Applied(Model):
    """A rule or a step of a recipe that was repaired, with how many findings or files."""

    fix: str
    count: int


class Refused(Model):
    """A repair that was not made, or was taken back, and why."""

    fix: str
    why: str


@dataclass(frozen=True)
class Repairs:
    """What repairing came to. `changes` holds the new text by path, None for a deleted file.

    `originals` holds the same paths as they were, None for a new file; `before` and `after` are the
    reports of linting the project without and with the changes; `hardware` is the flavor that the
    caller or a recipe named.
    """

    changes: Changes
    originals: Changes
    applied: tuple[Applied, ...]
    refused: tuple[Refused, ...]
    before: Report
    after: Report
    hardware: str | None

    def diff(self) -> tuple[str, ...]:
        """The lines of a unified diff of every file; line endings do not count."""
        return tuple(
            line
            for path, new in self.changes.items()
            for line in _file_diff(path, self.originals[path], new)
        )


class ChangedTexts:
    """The files of a project with some of them changed."""

    def __init__(self, texts: Texts, changes: Changes) -> None:
        self._texts = texts
        self.changes = changes

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths from the root, with `/`."""
        gone = {path for path, text in self.changes.items() if text is None}
        return (self._texts.paths | self.changes.keys()) - gone

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by path."""
        new = {
            path: len(text.encode("utf-8", "replace"))
            for path, text in self.changes.items()
            if text is not None
        }
        return {path: new.get(path, self._texts.sizes.get(path, 0)) for path in self.paths}

    def get(self, path: str) -> str | None:
        """The text of a file, or None."""
        return self.changes[path] if path in self.changes else self._texts.get(path)


def repair(
    texts: Texts,
    *,
    rules: Collection[str] | None = None,
    recipes: Sequence[Recipe] = (),
    unsafe: bool = False,
    hardware: str | None = None,
    app_file: str | None = None,
) -> Repairs:
    """Repair what can be repaired; nothing is written.

    `rules` are the ids whose fixes are wanted (None: all of them); those that may change what the
    app does are applied only with `unsafe`. Recipes come first. Findings that a comment silences
    are left alone.
    """
    if hardware is None:
        hardware = next((recipe.hardware for recipe in recipes if recipe.hardware), None)
    attempt = _Attempt(texts, hardware, app_file)
    for recipe in recipes:
        attempt.follow(recipe)
    wanted = all_rules() if rules is None else rules
    attempt.fix_rules([rule for rule in all_rules() if rule in wanted], unsafe=unsafe)
    return attempt.result()


class _Attempt:
    """The project as it stands after the repairs so far."""

    def __init__(self, texts: Texts, hardware: str | None, app_file: str | None) -> None:
        self._texts = texts
        self._hardware = hardware
        self._app_file = app_file
        self._changes: Changes = {}
        self._applied: Counter[str] = Counter()
        self._refused: list[Refused] = []
        self.project = self._project({})
        self._before = self.report = lint(self.project)

    def follow(self, recipe: Recipe) -> None:
        """Take the steps of a recipe and apply the fixes that belong to it."""
        for step in recipe.steps:
            for _ in range(MOST_REPEATS):
                if not self._take(step):
                    break
        self.report = lint(self.project)
        self.fix_rules([rule for rule in recipe.rules if rule in all_rules()], unsafe=True)
        if recipe.tidies:
            self.fix_rules(list(all_rules()), unsafe=False, files=frozenset(self._changes))

    def _take(self, step: Step) -> bool:
        """Take a step; gives whether it changed anything and may have more to do."""
        taken = step.run(self.project)
        notes = [Refused(fix=step.name, why=note) for note in taken.notes]
        self._refused += [note for note in notes if note not in self._refused]
        changes = self._real(taken.changes)
        why = self._unusable(changes)
        if why is not None:
            self._refused.append(Refused(fix=step.name, why=why))
            return False
        if changes:
            self._keep(changes, self._project(changes))
            self._applied[step.name] += len(changes)
        return bool(changes)

    def fix_rules(
        self, rules: Sequence[str], *, unsafe: bool, files: frozenset[str] | None = None
    ) -> None:
        """Apply the fixes of rules, in rounds until nothing changes any more; only to findings in
        some files, if they are given.
        """
        for _ in range(MOST_ROUNDS):
            if not [rule for rule in rules if self._fix_rule(rule, files, unsafe=unsafe)]:
                return

    def _fix_rule(self, rule: str, files: frozenset[str] | None, *, unsafe: bool) -> bool:
        """Apply one fix; gives whether anything changed."""
        allowed = {Fix.SAFE, Fix.UNSAFE} if unsafe else {Fix.SAFE}
        found = [
            one
            for one in self.report.findings
            if one.id == rule and one.fix in allowed and (files is None or one.file in files)
        ]
        function = fix_for(rule)
        if not found or function is None:
            return False
        try:
            changes = self._real(function(self.project, found))
        except ValueError as error:
            self._refuse(rule, f"its fix failed on this project ({error}); please report it")
            return False
        if not changes:
            self._refuse(rule, "its fix does not know how to repair this case")
            return False
        why = self._unusable(changes)
        project = self._project(changes)
        report = lint(project) if why is None else self.report
        why = why or _objection(rule, changes, self.report, report)
        if why is not None:
            self._refuse(rule, why)
            return False
        self._applied[rule] += _count(rule, self.report) - _count(rule, report)
        self._refused = [one for one in self._refused if one.fix != rule]
        self._keep(changes, project)
        self.report = report
        return True

    def _refuse(self, rule: str, why: str) -> None:
        """Note why a rule's fix was not made, the latest reason only."""
        self._refused = [one for one in self._refused if one.fix != rule]
        self._refused.append(Refused(fix=rule, why=why))

    def result(self) -> Repairs:
        """The changes against the files as they were, and what linting says now."""
        changes = {
            path: text for path, text in self._changes.items() if text != self._texts.get(path)
        }
        return Repairs(
            changes=dict(sorted(changes.items())),
            originals={path: self._texts.get(path) for path in sorted(changes)},
            applied=tuple(Applied(fix=fix, count=n) for fix, n in self._applied.items()),
            refused=tuple(self._refused),
            before=self._before,
            after=self.report,
            hardware=self._hardware,
        )

    def _project(self, changes: Changes) -> Project:
        texts = ChangedTexts(self._texts, {**self._changes, **changes})
        return Project(texts, hardware=self._hardware, app_file=self._app_file)

    def _keep(self, changes: Changes, project: Project) -> None:
        self._changes.update(changes)
        self.project = project

    def _real(self, changes: Changes) -> Changes:
        """The changes that change something; a byte-order mark that parsing took off stays."""
        real: Changes = {}
        for path, text in changes.items():
            old = self.project.text(path)
            marked = path.endswith(".py") and (old or "").startswith("\ufeff")
            new = "\ufeff" + text.removeprefix("\ufeff") if marked and text is not None else text
            if new != old:
                real[path] = new
        return real

    def _unusable(self, changes: Changes) -> str | None:
        """Why changes must not be made, whatever they repair."""
        for path, text in changes.items():
            if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
                return f"its fix wanted to write {path}, outside the folder"
            old = self.project.text(path)
            if old is None and path in self.project.paths:
                return f"{path} is no text that can be edited"
            if old is not None and "\ufffd" in old:
                return f"{path} is not UTF-8; save it as UTF-8 first"
            if text is not None and self._breaks(path, text):
                return f"its fix would have left {path} with a syntax error"
        return None

    def _breaks(self, path: str, text: str) -> bool:
        if not path.endswith(".py"):
            return False
        old = self.project.python(path)
        if old is not None and old.syntax_error is not None:
            return False
        new = self._project({path: text}).python(path)
        return new is not None and new.syntax_error is not None


def _file_diff(path: str, old: str | None, new: str | None) -> Iterator[str]:
    yield from difflib.unified_diff(
        (old or "").splitlines(),
        (new or "").splitlines(),
        f"a/{path}" if old is not None else "/dev/null",
        f"b/{path}" if new is not None else "/dev/null",
        lineterm="",
    )


def _objection(rule: str, changes: Changes, before: Report, after: Report) -> str | None:
    """Why a report says that a fix did not help, or None.

    A repaired error can uncover others: without a card nothing tells that the requirements do not
    fit its Gradio. Those are in files that the fix did not touch.
    """
    if _count(rule, after) >= _count(rule, before):
        return "its fix did not remove the finding, so it was taken back"
    errors = [one for one in before.findings if one.severity is Severity.ERROR]
    uncovers = any(one.id == rule for one in errors)
    known = Counter(one.id for one in errors)
    for finding in after.findings:
        if finding.severity is not Severity.ERROR:
            continue
        known[finding.id] -= 1
        if known[finding.id] < 0 and not (uncovers and finding.file not in changes):
            return f"its fix led to {finding.id} at {finding.place}, so it was taken back"
    return None


def _count(rule: str, report: Report) -> int:
    return sum(finding.id == rule for finding in report.findings)
