"""What the rules about the card share: which keys can be judged, and how values are shown."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from .card import README, CardKey
from .finding import Hit, Severity

if TYPE_CHECKING:
    from .project import Project

_STILL_READ = frozenset({"byte_order_mark", "not_first"})
_LONGEST_SHOWN = 60


def is_parsed(project: Project) -> bool:
    """Whether the block is YAML, so that values mean what they seem to."""
    card = project.card
    return card.exists and (card.problem is None or card.problem.kind in _STILL_READ)


def given(project: Project, name: str) -> CardKey | None:
    """A key of a block that parses, unless its value is empty."""
    key = project.card.keys.get(name) if is_parsed(project) else None
    return key if key is not None and key.value is not None else None


def shown(value: object) -> str:
    """A value in a message: on one line, cut when it is long."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def listed(words: Collection[str]) -> str:
    """`a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def folded(name: str) -> str:
    """A name without the spelling differences that people make: case, `-`, `_`, spaces."""
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


def closest(name: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant, or None."""
    by_folded = {folded(other): other for other in known}
    found = difflib.get_close_matches(folded(name), by_folded, n=1, cutoff=0.8)
    return by_folded[found[0]] if found else None


def meant(name: str, known: Collection[str]) -> str:
    """`; did you mean ...?`, or nothing."""
    other = closest(name, known)
    return f"; did you mean `{other}`?" if other else ""


def read_as_number(project: Project, name: str) -> Iterator[Hit]:
    """A version without quotes that YAML takes for a number; an error where that changes it."""
    key = given(project, name)
    if key is None or key.quoted or isinstance(key.value, str):
        return
    changed = str(key.value) != key.raw
    becomes = f" and becomes {key.value}" if changed else ""
    yield Hit(
        README,
        key.line,
        f'`{name}: {key.raw}` is read as a number{becomes}; write "{key.raw}" in quotes',
        Severity.ERROR if changed else None,
        fixable=bool(key.raw),
    )
