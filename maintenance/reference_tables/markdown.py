"""Markdown as the tables need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; an empty cell where a row has None."""
    lines = [_line(header), "|" + "---|" * len(header)]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def sourced(body: str, source: str, as_of: date) -> str:
    """A table with the line that says where its facts are from and how old they are."""
    return f"{body}\n\nFrom {source.rstrip('.')}; looked up {as_of.isoformat()}."


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join("" if cell is None else _cell(cell) for cell in cells) + " |"


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|")
