"""Rules as documentation: what one says, why, since when it is known, and how it is silenced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ..finding import Fix
from ..rule import Rule

FAMILIES = {
    "FM": "The README's block",
    "REQ": "Requirements",
    "ZG": "ZeroGPU",
    "GRS": "gr.Server",
    "GR": "Gradio",
    "APP": "The app and its files",
    "DK": "Docker",
    "ST": "Static",
    "SEC": "Security",
}
"""The subject that the first part of an id stands for, in the order of the documentation."""
_FIXES = {
    Fix.SAFE: "A safe fix: the app does the same afterwards.",
    Fix.UNSAFE: "An unsafe fix: look at the difference, what the app does may change.",
    None: "No fix: repair it by hand.",
}


def rule_text(rule: Rule) -> str:
    """All there is to say about a rule, in Markdown without a heading."""
    return "\n\n".join(
        (
            f"{rule.summary[:1].upper()}{rule.summary[1:].rstrip('.')}. ({rule.severity.value})",
            " ".join(rule.why.split()),
            _FIXES[rule.fix],
            f"Source: {rule.source} ({rule.as_of.isoformat()}).",
        )
    )


def rule_reference(rules: Iterable[Rule]) -> str:
    """A section for each family and each rule; the heading of a rule is its anchor."""
    return "\n".join(_sections(rules)).rstrip() + "\n"


def family(rule: Rule) -> str:
    """The first part of a rule's id."""
    return rule.id.partition("_")[0]


def _sections(rules: Iterable[Rule]) -> Iterator[str]:
    order = list(FAMILIES)
    ordered = sorted(rules, key=lambda rule: (order.index(family(rule)), rule.id))
    for name, members in groupby(ordered, family):
        yield f"## {FAMILIES[name]}\n"
        for rule in members:
            yield f"### {rule.id}\n\n{rule_text(rule)}\n"
