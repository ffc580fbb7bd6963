"""The cures of an error as exact next steps: a patch, a call, or advice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..knowledge.known_errors import Call, Change
from ..lint.finding import Finding
from ..lint.fixing import repair
from ..lint.texts import Texts
from .matching import Match
from .model import ProposedCall, ProposedFix
from .remedies import Remedy, is_harmless, remedy_for, repaired, with_derived

MOST_PATCH = 4_000
"""Characters of one patch in an answer; `space_fix` shows and makes the rest."""
MOST_SHOWN = 100
"""Characters of a part of a log line that is quoted within a sentence."""
SPACE = "<namespace/name>"
"""Stands in a call where only the caller knows the Space."""
_PLACEHOLDER = re.compile(r"\{[a-z_]\w*\}")


def proposals(
    match: Match, texts: Texts | None, *, space: str | None, hardware: str | None
) -> tuple[ProposedFix, ...]:
    """The changes of a known error, best first; those that fit the files come before the others."""
    makers = _Proposer(match, texts, space, hardware)
    made = [makers.proposal(number) for number in range(1, len(match.error.changes) + 1)]
    return tuple(sorted(made, key=lambda fix: texts is not None and fix.kind == "advice"))


def fix_of_finding(finding: Finding, texts: Texts, *, hardware: str | None) -> ProposedFix:
    """The repair of a linter's finding, as a patch where it has one."""
    if finding.fix is None:
        return ProposedFix(how=f"{finding.place}: {finding.message}", kind="advice")
    repairs = repair(texts, rules=[finding.id], unsafe=True, hardware=hardware)
    patch = _patch(repairs.diff())
    how = f"Repair {finding.id} at {finding.place}."
    if patch is None:
        return ProposedFix(how=f"{how} {finding.message}", kind="advice")
    return ProposedFix(how=how, kind="patch", fix=finding.id, patch=patch)


def filled(match: Match, text: str) -> str:
    """A sentence of an entry with the parts of the line in it.

    `…` stands for a part that is missing, and for one that looks like more than a name: the log is
    a stranger's text, and a sentence of ours is no place for it.
    """
    for name, value in with_derived(match.groups).items():
        if len(value) <= MOST_SHOWN and is_harmless(value):
            text = text.replace(f"{{{name}}}", value)
    return _PLACEHOLDER.sub("…", text)


@dataclass(frozen=True)
class _Proposer:
    """What is known when the changes of one error are turned into proposals."""

    match: Match
    texts: Texts | None
    space: str | None
    hardware: str | None

    def proposal(self, number: int) -> ProposedFix:
        """One change, counted from 1, as the most exact step that it can be."""
        change = self.match.error.changes[number - 1]
        how = filled(self.match, change.how)
        remedy = self._remedy(number)
        patched = self._patched(remedy, change, how) if remedy.makes(change) else None
        if patched is not None:
            return patched
        if change.call is not None:
            return ProposedFix(how=how, kind="call", call=self._call(change.call))
        return ProposedFix(how=how, kind="advice")

    def _remedy(self, number: int) -> Remedy:
        """The remedy that makes this very change; its number is left out where it is the only one.

        Without its number a second call would go on to the next way of curing the same error.
        """
        remedy = remedy_for(self.match.error, self.match.groups)
        return remedy if len(remedy.changes) == 1 else replace(remedy, number=number)

    def _patched(self, remedy: Remedy, change: Change, how: str) -> ProposedFix | None:
        """The change as a patch; without files it is promised unseen, else it has to apply."""
        if self.texts is None:
            return ProposedFix(how=how, kind="patch", fix=remedy.identity)
        repairs = repaired(self.texts, remedy.recipe(change), hardware=self.hardware)
        patch = _patch(repairs.diff())
        if patch is None:
            return None
        return ProposedFix(how=how, kind="patch", fix=remedy.identity, patch=patch)

    def _call(self, call: Call) -> ProposedCall:
        values = {**with_derived(self.match.groups), "space": self.space or SPACE}
        return ProposedCall(tool=call.tool, arguments=_arguments(call.arguments, values))


def _arguments(given: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    return {name: _value(value, values) for name, value in given.items()}


def _value(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, list):
        return [_value(item, values) for item in value]
    return _arguments(value, values) if isinstance(value, dict) else value


def _patch(lines: Iterable[str]) -> str | None:
    text = "\n".join(lines)
    if not text:
        return None
    kept = text if len(text) <= MOST_PATCH else text[:MOST_PATCH].rpartition("\n")[0]
    return kept if kept == text else f"{kept}\n# … the rest is left out; space_fix shows it"
