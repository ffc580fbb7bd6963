"""The declaration of a rule, and the list of all of them.

A rule is a small function from a project to hits; its docstring says why the thing matters. It
cannot exist without its specimen (`tests/lint/specimens/ID.specimen`).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from .finding import Fix, Hit, Severity, Skip

if TYPE_CHECKING:
    from .project import Project

Check = Callable[["Project"], Iterable[Hit | Skip]]
When = Callable[["Project"], bool]

RULE_ID = re.compile(r"^[A-Z]{2,4}_[A-Z0-9_]+$")


@dataclass(frozen=True)
class Rule:
    """A declared rule. `check` is run when `when` says that the project is of its kind."""

    id: str
    severity: Severity
    summary: str
    source: str
    as_of: date
    reference: str
    fix: Fix | None
    when: When
    check: Check

    @property
    def why(self) -> str:
        """Why it matters, in a few sentences."""
        return inspect.cleandoc(self.check.__doc__ or "")

    @property
    def link(self) -> str:
        """Where the references explain it."""
        return f"references/lint-rules.md#{self.id.lower()}"


def always(project: Project) -> bool:  # noqa: ARG001 - the shape of When
    """For rules about any Space."""
    return True


def on_gradio(project: Project) -> bool:
    """For Gradio Spaces, declared or recognised by their code."""
    return project.sdk == "gradio"


def on_docker(project: Project) -> bool:
    """For Docker Spaces."""
    return project.sdk == "docker"


def on_static(project: Project) -> bool:
    """For static Spaces."""
    return project.sdk == "static"


def on_zero_gpu(project: Project) -> bool:
    """For Gradio Spaces that run, or are meant to run, on ZeroGPU."""
    return project.on_zero_gpu


_RULES: dict[str, Rule] = {}


def rule(
    identity: str,
    severity: Severity,
    summary: str,
    *,
    source: str,
    as_of: str,
    reference: str,
    when: When = always,
    fix: Fix | None = None,
) -> Callable[[Check], Check]:
    """Declare a check as a rule.

    `source` and `as_of` (ISO date) say where and when the fact was last seen; `reference` names the
    file in `references/` that treats the subject, such as `zerogpu`.
    """

    def record(check: Check) -> Check:
        if not RULE_ID.match(identity):
            raise ValueError(f"{identity} is no rule id")
        if identity in _RULES and _RULES[identity].check.__module__ != check.__module__:
            raise ValueError(f"two rules are called {identity}")
        if not (check.__doc__ or "").strip():
            raise ValueError(f"{identity} does not say why it matters")
        _RULES[identity] = Rule(
            identity,
            severity,
            summary,
            source,
            date.fromisoformat(as_of),
            reference,
            fix,
            when,
            check,
        )
        return check

    return record


@lru_cache(maxsize=1)
def all_rules() -> dict[str, Rule]:
    """Every declared rule by id; importing the modules of `rules` is what declares them."""
    from . import rules

    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    return dict(sorted(_RULES.items()))
