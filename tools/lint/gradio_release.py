"""Which release of Gradio a project runs on, as far as its files say."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from ..knowledge.gradio_arguments import GradioArguments, Measured, gradio_arguments
from ..knowledge.gradio_changes import gradio_changes
from .finding import Severity
from .project import Project
from .requirements import LineKind


@dataclass(frozen=True)
class Release:
    """The measured release to judge by. `declared` is the version that the files ask for; None
    where nobody says and the newest is installed. `is_guess` says that there is not even a card
    that leaves it out: the app may come from a place with another release.
    """

    measured: Measured
    declared: str | None
    is_guess: bool = False

    @property
    def name(self) -> str:
        """`Gradio 5.7.1`, the version that runs."""
        return f"Gradio {self.declared or self.measured.version}"

    @property
    def note(self) -> str:
        """A sentence to end messages with when the version is not declared."""
        if self.declared is not None:
            return ""
        return f" (no version is declared, so {self.measured.version} is assumed)"

    @property
    def severity(self) -> Severity | None:
        """What a finding counts that would be an error in that release; None for an error."""
        return Severity.WARNING if self.is_guess else None

    @property
    def major(self) -> int:
        """The first number of the version."""
        return int(self.measured.version.partition(".")[0])

    @property
    def at_least_6(self) -> bool:
        """Whether it is of major version 6 or newer."""
        return self.major >= 6

    def is_before(self, versions: tuple[str, ...]) -> bool:
        """Whether only later measured releases have something."""
        order = gradio_arguments().versions
        here = order.index(self.measured.version)
        return bool(versions) and all(order.index(one) > here for one in versions)

    def lacks_argument(self, call: str, argument: str) -> bool:
        """Whether passing an argument surely raises TypeError."""
        table = gradio_arguments()
        if not table.has_call(call, self.measured.bit) or table.takes(
            call, argument, self.measured.bit
        ):
            return False
        # Newer than what was measured, or any version: only what was there once is surely gone.
        return self._covered or bool(table.versions_taking(call, argument))

    def raises_for(self, call: str, given: ast.keyword) -> str | None:
        """What a call surely raises because of an argument, or None."""
        if given.arg is None:
            return None
        if self.lacks_argument(call, given.arg):
            return "TypeError"
        change = gradio_changes().argument(call, given.arg)
        if change is None or change.raises is None or self.major < int(change.since.split(".")[0]):
            return None
        says_nothing = isinstance(given.value, ast.Constant) and not given.value.value
        return None if says_nothing else change.raises

    def lacks_name(self, name: str) -> bool:
        """Whether `gradio.<name>` surely raises AttributeError."""
        table = gradio_arguments()
        if table.has_name(name, self.measured.bit):
            return False
        return self._covered or bool(table.versions_naming(name))

    @property
    def _covered(self) -> bool:
        return not self.measured.beyond


def release_of(project: Project) -> Release | None:
    """The release, or None where it cannot be told or was never measured."""
    table = gradio_arguments()
    if project.sdk == "gradio" and project.sdk_version:
        measured = table.measured(project.sdk_version)
        return Release(measured, project.sdk_version) if measured else None
    lines = project.requirements.named("gradio") if project.requirements else ()
    if not lines and project.sdk != "gradio":
        return None
    if any(line.kind is not LineKind.REQUIREMENT for line in lines):
        return None
    pinned = next((line.pinned for line in lines if line.pinned), None)
    if pinned is not None:
        measured = table.measured(pinned)
        return Release(measured, pinned) if measured else None
    allowed = SpecifierSet()
    for line in lines:
        allowed &= line.requirement.specifier if line.requirement else SpecifierSet()
    return _newest_allowed(table, allowed, is_guess=not project.card.keys)


def _newest_allowed(
    table: GradioArguments, allowed: SpecifierSet, *, is_guess: bool
) -> Release | None:
    if allowed.contains(table.newest.version):
        return Release(table.newest, None, is_guess)
    for version in reversed(table.versions):
        measured = table.measured(version)
        if measured is not None and allowed.contains(version):
            return Release(measured, version)
    return None


def declared_major(project: Project) -> int | None:
    """The major version that the card asks for, also one that was never measured."""
    first = (project.sdk_version or "").strip().partition(".")[0]
    return int(first) if first.isdigit() else None
