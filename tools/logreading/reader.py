"""Reading a log once from its first line to its last, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .blocks import Line, OpenBlock
from .classify import bare, find_cue, find_sign, starts_a_run
from .cues import Cue
from .model import ErrorBlock, LogReading
from .output import opened_by_tool
from .search import next_line_of_interest, searcher
from .text import batches
from .tracebacks import IgnoredException, Traceback, is_header, is_ignored_exception

_MOST_CONSEQUENCES = 5
_LINES_BEFORE = 12  # enough for the frames above a syntax error
_BYTES_BEFORE = 2048
_REASON = re.compile(r"Exit code: [\d?]+\. Reason: |Job failed with exit code: \d+\. Reason: ")


def read_log(lines: Iterable[str]) -> LogReading:
    """Read a build or run log and tell its first error from the errors that followed.

    `lines` is any stream of lines, with or without line ends; an open file will do. The log may be
    of any length: memory use stays at a few megabytes. Nothing in a log raises an error.
    """
    reader = _Reader()
    for batch in batches(lines):
        reader.read(batch)
    return reader.finish()


class _Findings:
    """The errors and healthy signs of a log, in order."""

    def __init__(self) -> None:
        self.first: ErrorBlock | None = None
        self.later: list[ErrorBlock] = []
        self.count = 0
        self.signs: dict[str, None] = {}
        self.survived = False
        self.unsurvived: ErrorBlock | None = None

    def add(self, block: ErrorBlock) -> None:
        self.count += 1
        if self.unsurvived is None or (self.unsurvived.provisional and not block.provisional):
            self.unsurvived = block
        if self.first is None:
            self.first = block
        elif self.first.provisional and not block.provisional:
            self.later.insert(0, self.first)
            self.first, self.survived = block, False
        else:
            self.later.append(block)
        del self.later[_MOST_CONSEQUENCES:]

    def add_sign(self, name: str) -> None:
        self.signs[name] = None
        self.survived = self.first is not None
        self.unsurvived = None
        if self.first is not None and self.first.provisional:
            # Nothing firmer was found, so all errors so far only said that something went wrong.
            self.first, self.survived = None, False
            self.later.clear()
            self.count = 0


class _Reader:
    """Jumps from one line of interest to the next, and reads line by line inside a block."""

    def __init__(self) -> None:
        self._search = searcher()
        self._number = 0  # lines read so far
        self._open: OpenBlock | None = None
        self._recent = b""  # the end of what stands directly before the next line
        self._serving = False
        self._findings = _Findings()

    def read(self, batch: bytes) -> None:
        """Read whole lines, joined by newlines."""
        position = 0
        while position <= len(batch):
            if self._open is None:
                start = next_line_of_interest(batch, position, self._search)
                if start is None:
                    self._skip(batch[position:] if position else batch)
                    return
                if start > position:
                    self._skip(batch[position : start - 1])
                position = start
            end = batch.find(b"\n", position)
            end = len(batch) if end < 0 else end
            self._number += 1
            self._take(Line(self._number, bare(_decoded(batch[position:end]))))
            position = end + 1

    def finish(self) -> LogReading:
        """Close the block that is still open and sum up."""
        while self._open is not None:  # closing a block may open another one
            self._close()
        found = self._findings
        return LogReading(
            lines=self._number,
            first_error=found.first,
            consequences=tuple(found.later),
            later_errors=found.count - 1 if found.first else 0,
            healthy_signs=tuple(found.signs),
            first_error_survived=found.survived,
            likely_error=found.unsurvived or found.first,
        )

    def _skip(self, part: bytes) -> None:
        self._number += part.count(b"\n") + 1
        self._remember(part)

    def _remember(self, part: bytes) -> None:
        end = part[-_BYTES_BEFORE:]
        self._recent = end if len(end) == _BYTES_BEFORE else self._recent + b"\n" + end
        self._recent = self._recent[-_BYTES_BEFORE:]

    def _lines_before(self, line: Line) -> list[Line]:
        """Return the lines read just before a line; the first may lack its beginning."""
        texts = self._recent.split(b"\n")[-_LINES_BEFORE:]
        first = line.number - len(texts)
        return [Line(first + i, bare(_decoded(text))) for i, text in enumerate(texts)]

    def _take(self, line: Line) -> None:
        if starts_a_run(line.text):
            self._serving = False
        while self._open is not None:  # closing a block may open another one
            if self._taken_by(self._open, line):
                break
            self._close()
        else:
            self._start(line)
        self._note_sign(line.text)

    def _taken_by(self, block: OpenBlock, line: Line) -> bool:
        successor = block.take(line)
        if successor is None:
            return False
        successor.while_serving = block.while_serving
        self._open = successor
        return True

    def _start(self, line: Line) -> None:
        self._open = self._opened_by(line)
        if self._open is None:
            self._remember(line.text.encode("utf-8", "replace"))
        else:
            self._open.while_serving = self._serving

    def _note_sign(self, text: str) -> None:
        sign = find_sign(text)
        if sign is not None:
            self._serving = self._serving or sign.serving
            self._findings.add_sign(sign.name)

    def _opened_by(self, line: Line) -> OpenBlock | None:
        if is_ignored_exception(line.text):
            return IgnoredException("traceback", line)
        if is_header(line.text):
            return Traceback(line)
        cue = find_cue(line.text)
        if cue is None:
            return None
        if cue.kind == "exit":
            return self._opened_by_exit(cue, line)
        return self._opened_by_cue(cue, line)

    def _opened_by_cue(self, cue: Cue, line: Line) -> OpenBlock:
        if cue.kind == "traceback":
            return Traceback.of_exception(line, self._lines_before(line))
        return opened_by_tool(cue.kind, line, provisional=cue.provisional)

    def _opened_by_exit(self, cue: Cue, line: Line) -> OpenBlock:
        """Look past `Exit code: 1. Reason:` for the log's tail that the platform puts there."""
        reason = Line(line.number, _REASON.sub("", line.text, count=1))
        if reason.text != line.text and is_header(reason.text):
            return Traceback(reason)
        inner = find_cue(reason.text) if reason.text != line.text else None
        if inner is not None and inner.kind != "exit":
            return self._opened_by_cue(inner, reason)
        return opened_by_tool("exit", line, provisional=cue.provisional)

    def _close(self) -> None:
        """Close the open block, and read again the lines that it took on trial only."""
        closing, self._open = self._open, None
        if closing is None:
            return
        block = closing.finish()
        if block is not None:
            self._findings.add(block)
        for line in closing.unclaimed:
            self._take(line)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")
