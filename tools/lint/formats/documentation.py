"""Rules as documentation: what one says, why, since when it is known, and how it is silenced."""

from __future__ import annotations

from collections.abc import Iterable
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
            f"Source: {rule.source} ({rule.as_of.isoformat()}). See also {rule.reference}.md.",
        )
    )


def rule_reference(rules: Iterable[Rule]) -> str:
    """The contents, a section for each family and each rule; a rule's heading is its anchor."""
    ordered = sorted(rules, key=lambda rule: (list(FAMILIES).index(family(rule)), rule.id))
    sections = [(FAMILIES[name], list(members)) for name, members in groupby(ordered, family)]
    contents = "\n".join(
        f"- [{title}](#{heading_anchor(title)}) ({len(members)})" for title, members in sections
    )
    return f"{contents}\n\n{''.join(_section(*section) for section in sections).rstrip()}\n"


def family(rule: Rule) -> str:
    """The first part of a rule's id."""
    return rule.id.partition("_")[0]


def heading_anchor(title: str) -> str:
    """The address of a heading inside its file, as GitHub makes it."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _section(title: str, rules: Iterable[Rule]) -> str:
    shown = "".join(f"### {rule.id}\n\n{rule_text(rule)}\n\n" for rule in rules)
    return f"## {title}\n\n{shown}"
