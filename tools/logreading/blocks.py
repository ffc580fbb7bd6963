"""What all blocks have in common: quoting their lines, and turning into an `ErrorBlock`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from .model import BlockKind, ErrorBlock

MOST_LINES = 40
_FIRST_LINES = 15
_LAST_LINES = MOST_LINES - _FIRST_LINES - 1
_LONGEST_QUOTE = 1000  # characters of one quoted line


class Line(NamedTuple):
    """One line of the log."""

    number: int
    text: str
    """Without colours, line end and stream prefix; indentation is kept."""


class Quote:
    """Keeps the first and the last lines of a block and counts what lies between."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._count = 0
        for line in lines:
            self.add(line)

    def add(self, line: Line) -> None:
        """Quote one more line."""
        self._count += 1
        text = quoted(line.text)
        if len(self._first) < _FIRST_LINES:
            self._first.append(text)
        else:
            self._last.append(text)

    def shown(self) -> tuple[str, ...]:
        """Return at most 40 lines; the middle one says how many were left out."""
        cut = self._count - len(self._first) - len(self._last)
        if not cut:
            return (*self._first, *self._last)
        return (*self._first, f"[... {cut} lines left out ...]", *self._last)


class OpenBlock:
    """An error whose lines are still coming in.

    `take` is offered each following line and returns the block to go on with: itself, another block
    that takes over, or None when the line does not belong to it.
    """

    def __init__(self, kind: BlockKind, line: Line, *, provisional: bool = False) -> None:
        self.kind = kind
        self.root = line
        self.quote = Quote([line])
        self.where: str | None = None
        self.provisional = provisional
        self.while_serving = False
        self.unclaimed: list[Line] = []
        """Lines taken on trial that proved foreign; they are to be read again."""

    def take(self, line: Line) -> OpenBlock | None:
        """Offer the next line; None says that the block is over without it."""
        raise NotImplementedError

    def finish(self) -> ErrorBlock | None:
        """Close the block; None when it turned out not to be an error."""
        return ErrorBlock(
            text=quoted(self.root.text.strip()),
            line=self.root.number,
            kind=self.kind,
            block=self.quote.shown(),
            where=self.where,
            while_serving=self.while_serving,
            provisional=self.provisional,
        )


def quoted(text: str) -> str:
    """Shorten one overlong line for quoting."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    return f"{text[:_LONGEST_QUOTE]} [... {len(text) - _LONGEST_QUOTE} characters left out]"
