"""Which names Gradio has and which arguments its calls take, by version.

The data is read from real installations by `maintenance/gradio_signatures.py`. Calls are named as
after `import gradio`: `Textbox`, `Blocks.launch`, `themes.Soft`; `event` stands for all event
listeners and `event.then` for what follows one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from .files import FOLDER

FILE = "gradio_arguments.json"


@dataclass(frozen=True)
class Measured:
    """The release that speaks for a declared version: the last of its major line.

    Gradio removes arguments when the major version changes, so what this release lacks, every
    earlier one of the line lacks. `beyond` says that the declared version is newer than it.
    """

    version: str
    bit: int
    beyond: bool


class GradioArguments:
    """The table. A `bit` is one measured release."""

    def __init__(self, parsed: dict[str, Any]) -> None:
        self.as_of = date.fromisoformat(parsed["as_of"])
        self.source: str = parsed["source"]
        self.versions: tuple[str, ...] = tuple(parsed["versions"])
        self._parsed = parsed
        self._calls: dict[str, dict[str, int]] = {}

    @property
    def newest(self) -> Measured:
        """The newest measured release."""
        return Measured(self.versions[-1], 1 << (len(self.versions) - 1), beyond=False)

    def measured(self, version: str) -> Measured | None:
        """The release that speaks for a version such as `5.7.1`; None outside the major lines."""
        wanted = _numbers(version)
        for place, candidate in enumerate(self.versions):
            numbers = _numbers(candidate)
            if wanted and numbers[0] == wanted[0]:
                return Measured(candidate, 1 << place, beyond=wanted > numbers)
        return None

    def has_call(self, call: str, bit: int) -> bool:
        """Whether the arguments of a call are known in full for a release."""
        known = any(mask & bit for mask in self._arguments(call).values())
        return known and not self._open.get(call, 0) & bit

    def takes(self, call: str, argument: str, bit: int) -> bool:
        """Whether a release takes an argument; only meaningful after `has_call`."""
        return bool(self._arguments(call).get(argument, 0) & bit)

    def versions_taking(self, call: str, argument: str) -> tuple[str, ...]:
        """The measured releases whose call takes an argument."""
        return self._spelt(self._arguments(call).get(argument, 0))

    def arguments(self, call: str, bit: int) -> tuple[str, ...]:
        """The arguments that a release takes."""
        return tuple(name for name, mask in self._arguments(call).items() if mask & bit)

    def has_name(self, name: str, bit: int) -> bool:
        """Whether `gradio.<name>` exists, as an object or as a module."""
        return bool(self._names.get(name, 0) & bit)

    def versions_naming(self, name: str) -> tuple[str, ...]:
        """The measured releases that have `gradio.<name>`."""
        return self._spelt(self._names.get(name, 0))

    @cached_property
    def names_of_all(self) -> frozenset[str]:
        """The names that every measured release has."""
        every = (1 << len(self.versions)) - 1
        return frozenset(name for name, mask in self._names.items() if mask == every)

    def has_event(self, component: str, event: str) -> bool:
        """Whether a component has an event in any measured release."""
        return event in self._events.get(component, frozenset())

    @cached_property
    def events(self) -> frozenset[str]:
        """Every event of any component."""
        return frozenset().union(*self._events.values())

    def is_blocks(self, name: str) -> bool:
        """Whether a class is Blocks or made of it, so that it can be launched."""
        return name == "Blocks" or name in self._blocks

    @cached_property
    def _names(self) -> dict[str, int]:
        names = _masks(self._parsed["names"])
        for name, mask in _masks(self._parsed["modules"]).items():
            names[name] = names.get(name, 0) | mask
        return names

    @cached_property
    def _open(self) -> dict[str, int]:
        return _masks(self._parsed["open"])

    @cached_property
    def _blocks(self) -> dict[str, int]:
        return _masks(self._parsed["blocks"])

    @cached_property
    def _events(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(_masks(events)) for name, events in self._parsed["events"].items()}

    def _arguments(self, call: str) -> dict[str, int]:
        if call not in self._calls:
            self._calls[call] = _masks(self._parsed["calls"].get(call, {}))
        return self._calls[call]

    def _spelt(self, mask: int) -> tuple[str, ...]:
        return tuple(name for place, name in enumerate(self.versions) if mask & 1 << place)


def _masks(by_mask: dict[str, str]) -> dict[str, int]:
    return {word: int(mask) for mask, words in by_mask.items() for word in words.split()}


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with; a pre-release counts as its release."""
    numbers: list[int] = []
    for part in version.strip().split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)


@lru_cache(maxsize=1)
def gradio_arguments() -> GradioArguments:
    """The table of the measured releases."""
    return GradioArguments(json.loads((FOLDER / FILE).read_text(encoding="utf-8")))
