"""From a repair that somebody made to edits that a machine can make again."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..knowledge.known_errors import Edit

_FILE = re.compile(r"^\+\+\+ (?:b/)?(?P<path>\S.*?)(?:\t.*)?$")

_HUNK = re.compile(r"^@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")


@dataclass(frozen=True)
class Replaced:
    """Lines that were replaced by others at one place; one of the two may be empty."""

    path: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass
class _Hunk:
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def taken(self, path: str) -> Iterator[Replaced]:
        """What was gathered, if anything; the hunk is empty again."""
        if self.removed or self.added:
            yield Replaced(path, tuple(self.removed), tuple(self.added))
            self.removed, self.added = [], []


def diff_of_folders(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """A unified diff of two sets of files given as path to text."""
    return "\n".join(
        line
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
        for line in difflib.unified_diff(
            before.get(path, "").splitlines(),
            after.get(path, "").splitlines(),
            f"a/{path}" if path in before else "/dev/null",
            f"b/{path}",
            lineterm="",
        )
    )


def read_diff(text: str) -> tuple[Replaced, ...]:
    """What a unified diff replaces, place by place; lines that belong to no hunk are ignored."""
    return tuple(_read(text.splitlines()))


def edits_of(replaced: tuple[Replaced, ...]) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The edits that make these replacements anywhere, and the files that need a person."""
    edits: list[Edit] = []
    by_hand: dict[str, None] = {}
    for one in replaced:
        made = _edits(one)
        edits += made
        if not made:
            by_hand[one.path] = None
    return tuple(edits), tuple(by_hand)


def _read(lines: list[str]) -> Iterator[Replaced]:
    """Lines of hunks are counted, because a removed line may look like the head of a file."""
    path, hunk, old, new = "", _Hunk(), 0, 0
    for line in [*lines, ""]:
        sign = line[:1] if old > 0 or new > 0 else None
        if sign not in ("-", "+") or (sign == "-" and hunk.added):
            yield from hunk.taken(path)
        if sign is None:
            found, head = _HUNK.match(line), _FILE.match(line)
            path = head["path"] if head else path
            old, new = _counts(found) if found else (0, 0)
            continue
        if sign in ("-", "+"):
            (hunk.added if sign == "+" else hunk.removed).append(line[1:])
        old -= sign in ("-", " ", "")
        new -= sign in ("+", " ", "")
    yield from hunk.taken(path)


def _counts(found: re.Match[str]) -> tuple[int, int]:
    return int(found["old"] or 1), int(found["new"] or 1)


def _edits(one: Replaced) -> list[Edit]:
    """Line by line where the numbers agree; additions only where they go to a file of lines."""
    if len(one.removed) == len(one.added):
        pairs = zip(one.removed, one.added, strict=True)
        return [
            Edit(file=one.path, find=_line(old), replace=_literal(new))
            for old, new in pairs
            if old != new
        ]
    if not one.added:
        return [Edit(file=one.path, find=rf"{_line(old)}\r?\n?") for old in one.removed]
    if not one.removed and one.path.endswith(".txt"):
        return [Edit(file=one.path, replace=line) for line in one.added if line.strip()]
    return []


def _line(text: str) -> str:
    return f"^{re.escape(text)}$".replace(r"\ ", " ")


def _literal(text: str) -> str:
    """A replacement in which nothing stands for something else."""
    return text.replace("\\", r"\\")
