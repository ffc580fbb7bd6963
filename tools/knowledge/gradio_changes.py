"""What replaces the names and arguments that Gradio removed or moved."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pydantic import Field

from .files import Fact, load


class Replacement(Fact):
    """How an argument is repaired; one of the fields is set.

    `drop` and `when` list the values (as `str()` spells them) for which the repair is right; an
    empty list means any value.
    """

    drop: tuple[str, ...] | None = None
    rename: str | None = None
    when: tuple[str, ...] = ()
    listed: str | None = None
    """The new name, whose value is a list of the old value."""
    values: dict[str, str | None] | None = None
    """What stands instead by old value; None removes the argument."""
    button: str | None = None
    """What `buttons=[...]` calls it."""


class RemovedArgument(Fact):
    """An argument that is gone. `instead` is what to use, or begins with `leave`; `raises` is what
    releases raise for any value but none that still have it in their signature.
    """

    argument: str
    calls: tuple[str, ...] = ()
    """As in `gradio_arguments`; empty means any."""
    since: str
    instead: str
    raises: str | None = None
    fix: Replacement | None = None


class RemovedValue(Fact):
    """A value that an argument does not take any more, and what passing it raises."""

    argument: str
    value: str
    since: str
    effect: str
    instead: str


class RemovedName(Fact):
    """A name or method that is gone. `rename` is what does the same."""

    name: str
    since: str
    instead: str
    rename: str | None = None


class MovedArguments(Fact):
    """Arguments of constructors that belong to `launch()` now."""

    since: str
    calls: tuple[str, ...]
    arguments: tuple[str, ...]


class GradioChanges(Fact):
    """All of it."""

    arguments: tuple[RemovedArgument, ...]
    removed_values: tuple[RemovedValue, ...] = Field(alias="values")
    names: tuple[RemovedName, ...]
    methods: tuple[RemovedName, ...]
    moved: MovedArguments
    as_of: date
    source: str

    def argument(self, call: str, name: str) -> RemovedArgument | None:
        """What is known of an argument of a call that is gone."""
        named = [one for one in self.arguments if one.argument == name]
        own = [one for one in named if call in one.calls]
        return next(iter(own or [one for one in named if not one.calls]), None)

    def name(self, name: str) -> RemovedName | None:
        """What is known of a name that is gone."""
        return next((one for one in self.names if one.name == name), None)

    def method(self, name: str) -> RemovedName | None:
        """What is known of a method of components that is gone."""
        return next((one for one in self.methods if one.name == name), None)


@lru_cache(maxsize=1)
def gradio_changes() -> GradioChanges:
    """Return what is known of removals and moves."""
    return GradioChanges(**load("gradio_changes.yaml"))
