"""The documents that are checked, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .markdown import Document, read_document

ROOT = Path(__file__).parents[2]
GENERATED = {"references/known-errors.md", "references/lint-rules.md"}
"""References of which a program writes the most; as long as the data they show."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong at a place; prints as a line that editors can follow."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


@cache
def documents() -> tuple[Document, ...]:
    """SKILL.md, README.md, AGENTS.md, the rehearsal Hub's README and every reference."""
    names = ["SKILL.md", "README.md", "AGENTS.md", "tools/rehearsal/README.md"]
    names += sorted(f"references/{path.name}" for path in (ROOT / "references").glob("*.md"))
    return tuple(read_document(name, (ROOT / name).read_text(encoding="utf-8")) for name in names)


def references() -> tuple[Document, ...]:
    """The documents in `references/`."""
    return tuple(one for one in documents() if one.path.startswith("references/"))


def document(path: str) -> Document:
    """One of the documents, by its path in the repository."""
    return next(one for one in documents() if one.path == path)


def shown(troubles: Iterable[Trouble]) -> str:
    """All that is wrong, one per line; empty when nothing is."""
    return "\n".join(str(trouble) for trouble in troubles)
