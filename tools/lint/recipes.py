"""Repairs that have a name of their own because no single rule asks for them.

A recipe is an ordered list of steps and, after them, of rules whose fixes belong to it. Naming a
recipe is asking for it: its steps may change what the app does, and the diff shows how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from .fixes import Changes

if TYPE_CHECKING:
    from .project import Project


@dataclass(frozen=True)
class StepResult:
    """What a step changes, and what it saw but leaves to a person."""

    changes: Changes = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a recipe; `name` says in a few words what it does."""

    name: str
    run: Callable[[Project], StepResult]


@dataclass(frozen=True)
class Recipe:
    """Steps in order, then the fixes of `rules`. `hardware` is the flavor that it is for; `covers`
    are rules whose findings the steps repair, so that a person can be told. With `tidies` the safe
    fixes of the files that were edited follow: who reads the diff of a file wants it whole.
    """

    name: str
    summary: str
    steps: tuple[Step, ...]
    rules: tuple[str, ...]
    covers: tuple[str, ...]
    hardware: str | None
    tidies: bool = False


@lru_cache(maxsize=1)
def all_recipes() -> dict[str, Recipe]:
    """Every recipe by name."""
    from .port import ZERO_GPU_PORT

    return {recipe.name: recipe for recipe in (ZERO_GPU_PORT,)}
