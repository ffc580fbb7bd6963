"""Comments to the linter that it does not take."""

from __future__ import annotations

from collections.abc import Iterator

from ..card import README
from ..finding import Hit, Severity
from ..project import Project
from ..rule import all_rules, rule
from ..suppress import MENTION, comments_without_effect


@rule(
    "APP_LINT_COMMENT",
    Severity.INFO,
    "A comment that silences nothing",
    source="tools/lint/suppress.py: what the linter itself takes",
    as_of="2026-11-23",
    reference="lint-rules",
)
def comment_without_effect(project: Project) -> Iterator[Hit]:
    """`# space-lint: ignore` has to name its rules in brackets. Without them, or with a name that
    no rule has, it silences nothing, although whoever wrote it thinks that it does.
    """
    named = (README, "requirements.txt", "pre-requirements.txt", "Dockerfile")
    paths = dict.fromkeys((*named, *(file.path for file in project.running)))
    for path in paths:
        text = project.text(path) or ""
        if MENTION not in text:
            continue
        for line, unknown in comments_without_effect(text, all_rules()):
            what = f"no rule is called {unknown}" if unknown else "it names no rule"
            message = f"this comment silences nothing: {what}; write `{MENTION} ignore[RULE_ID]`"
            yield Hit(path, line, message)
