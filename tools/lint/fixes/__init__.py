"""The repairs of rules: one function per rule id, declared beside others of its subject.

A fix gets the project and the findings of its rule that it can repair, and answers with the files
that change: path to new text, or to None for a file to delete. It leaves alone what it cannot
repair surely; the engine (`fixing.py`) lints again and takes back what did not help.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..finding import Finding
    from ..project import Project

Changes = dict[str, str | None]
FixFunction = Callable[["Project", "Sequence[Finding]"], Changes]

_FIXES: dict[str, FixFunction] = {}


def fixes(*rules: str) -> Callable[[FixFunction], FixFunction]:
    """Declare a function as the fix of one rule, or of several that are repaired alike."""

    def record(function: FixFunction) -> FixFunction:
        for rule in rules:
            if rule in _FIXES and _FIXES[rule].__module__ != function.__module__:
                raise ValueError(f"two fixes are declared for {rule}")
            _FIXES[rule] = function
        return function

    return record


@lru_cache(maxsize=1)
def all_fixes() -> dict[str, FixFunction]:
    """Every declared fix by rule id; importing the modules of this package declares them."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_FIXES.items()))


def fix_for(rule: str) -> FixFunction | None:
    """The fix of a rule, or None where a person has to repair it."""
    return all_fixes().get(rule)
