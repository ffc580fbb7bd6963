"""The YAML block of README.md with line numbers, read as far as it goes when it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .texts import lines_of

README = "README.md"
DEEPEST = 50
"""Levels of nesting that are read; a card has a handful."""
_FENCE = re.compile(r"^---[ \t]*$")
_PLAIN_LINE = re.compile(r"^(?P<key>[A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?$")


@dataclass(frozen=True)
class CardKey:
    """One top-level key. `raw` is the scalar as it was typed, `quoted` whether in quotes.

    `value` is what YAML makes of it; `line` and `end_line` count from 1 in README.md.
    """

    name: str
    value: Any
    line: int
    end_line: int
    raw: str = ""
    quoted: bool = False


@dataclass(frozen=True)
class CardProblem:
    """Why there is no usable block: `missing`, `byte_order_mark`, `not_first`, `not_closed`,
    `invalid_yaml`, `not_a_mapping` or `alias`.
    """

    kind: str
    line: int
    detail: str = ""


@dataclass(frozen=True)
class Card:
    """The block: its keys (the last one wins, as in YAML), and what is wrong with it as a whole."""

    exists: bool
    keys: dict[str, CardKey] = field(default_factory=dict)
    duplicates: tuple[CardKey, ...] = ()
    problem: CardProblem | None = None
    first_line: int = 1
    last_line: int = 1

    def get(self, name: str) -> Any:
        """The value of a key, or None."""
        key = self.keys.get(name)
        return key.value if key else None

    def line(self, name: str) -> int:
        """The line of a key, or the block's first."""
        key = self.keys.get(name)
        return key.line if key else self.first_line


def read_card(text: str | None) -> Card:
    """The card in the text of a README; never raises."""
    if text is None:
        return Card(exists=False)
    if text.startswith("\ufeff"):
        inner = read_card(text.removeprefix("\ufeff"))
        problem = inner.problem or CardProblem("byte_order_mark", 1)
        return Card(True, inner.keys, inner.duplicates, problem, inner.first_line, inner.last_line)
    lines = lines_of(text)
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None or not _FENCE.match(lines[start]):
        return Card(exists=True, problem=CardProblem("missing", 1))
    end = next((i for i in range(start + 1, len(lines)) if _FENCE.match(lines[i])), None)
    if end is None:
        keys = dict(_lenient(lines[start + 1 :], start + 2))
        return Card(True, keys, (), CardProblem("not_closed", start + 1), start + 1, len(lines))
    return _parsed(lines, start, end)


def _parsed(lines: list[str], start: int, end: int) -> Card:
    first = start + 2
    body = lines[start + 1 : end]
    try:
        keys, duplicates = _composed("\n".join(body), first)
        problem = CardProblem("not_first", 1) if start else None
    except _NotAMappingError:
        keys, duplicates, problem = {}, (), CardProblem("not_a_mapping", first)
    except _BrokenError as error:
        keys = dict(_lenient(body, first))
        duplicates, problem = (), CardProblem(error.kind, first + error.line, error.detail)
    return Card(True, keys, duplicates, problem, first, end + 1)


class _NotAMappingError(ValueError):
    pass


class _BrokenError(ValueError):
    def __init__(self, kind: str, line: int, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.line, self.detail = kind, line, detail


def _composed(body: str, first: int) -> tuple[dict[str, CardKey], tuple[CardKey, ...]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_bombs(body, loader)
        node = yaml.compose(body, Loader=loader)
        value = yaml.load(body, Loader=loader)  # noqa: S506 - one of the safe loaders
    except _BrokenError:
        raise
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or "it does not parse"
        raise _BrokenError("invalid_yaml", mark.line if mark else 0, str(detail)) from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise _BrokenError("invalid_yaml", 0, str(error)) from None
    if node is None:
        return {}, ()
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, dict):
        raise _NotAMappingError
    return _keys(node, value, first)


def _refuse_bombs(body: str, loader: Any) -> None:
    """An alias can make a kilobyte of YAML grow to gigabytes, and the time to parse grows with the
    square of the depth; no card needs either.
    """
    import yaml

    depth = 0
    for event in yaml.parse(body, Loader=loader):
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise _BrokenError("alias", line, "aliases are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _BrokenError("invalid_yaml", line, f"it is nested more than {DEEPEST} deep")


def _keys(
    node: Any, value: dict[Any, Any], first: int
) -> tuple[dict[str, CardKey], tuple[CardKey, ...]]:
    keys: dict[str, CardKey] = {}
    duplicates: list[CardKey] = []
    by_text = {str(name): item for name, item in value.items()}
    for key_node, value_node in node.value:
        name = str(key_node.value)
        scalar = isinstance(value_node.value, str)
        key = CardKey(
            name=name,
            value=by_text.get(name),
            line=first + key_node.start_mark.line,
            end_line=first + max(value_node.end_mark.line, key_node.start_mark.line),
            raw=value_node.value if scalar else "",
            quoted=scalar and value_node.style in {"'", '"'},
        )
        if name in keys:
            duplicates.append(keys[name])
        keys[name] = key
    return keys, tuple(duplicates)


def _lenient(lines: list[str], first: int) -> Iterator[tuple[str, CardKey]]:
    """`key: value` lines of a block that YAML refuses, so that the other rules can still look."""
    for number, line in enumerate(lines):
        found = _PLAIN_LINE.match(line)
        if found:
            raw = (found["value"] or "").split(" #")[0].strip()
            value = raw.strip("'\"") or None
            at = first + number
            yield found["key"], CardKey(found["key"], value, at, at, raw.strip("'\""), raw != value)
