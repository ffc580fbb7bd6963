"""Python tracebacks: chained ones, exception groups, and those that other output runs into."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Line, OpenBlock, Quote
from .classify import find_cue, find_sign, starts_a_run
from .cues import EXCEPTION_NAME, IGNORED_EXCEPTION, TRACEBACK_HEADER
from .frames import FRAME, is_of_the_rehearsal, own_frame
from .model import ErrorBlock

_HEADER = re.compile(TRACEBACK_HEADER)
_IGNORED = re.compile(IGNORED_EXCEPTION)
_CHAINED = re.compile(
    r"During handling of the above exception, another exception occurred:|"
    r"The above exception was the direct cause of the following exception:"
)
_EXCEPTION = re.compile(
    rf"(?:{EXCEPTION_NAME}|[A-Z]\w*(?:Interrupt|Exit|Iteration|Warning))(?::(?:\s.*)?)?$", re.ASCII
)
# A class of the app itself is printed without a module: `Boom: text`. So is much other output.
_PERHAPS_AN_EXCEPTION = re.compile(
    r"(?!(?:INFO|DEBUG|WARNING|WARN|ERROR|NOTE)\b)[A-Z]\w*(?::\s.*)?$", re.ASCII
)
_UNFINISHED_MESSAGE = re.compile(r"(?::|\(Request ID[^)]*\)|validation errors? for .+)$")
_BOX_MARGIN = re.compile(r"[\s│|]*")
_GROUP_MARGIN = re.compile(r"\s*(?:\+-\+-+ \d+ -+$|\+-+$|[|+] ?)")
_GROUP_DIVIDER = re.compile(r"\s*\+-\+-+ \d+ -+$")

_PATIENCE = 30  # lines of other output inside a traceback before it counts as cut off
_LINES_TO_A_CHAIN = 3  # lines between an exception and "During handling of ..."
_LINES_OF_MESSAGE = 6  # lines that an unfinished message goes on for


def is_header(text: str) -> bool:
    """Whether a traceback starts on this line."""
    return bool(_HEADER.search(text))


def is_ignored_exception(text: str) -> bool:
    """Whether Python says here that the traceback to come stopped nothing."""
    return bool(_IGNORED.search(text))


class Traceback(OpenBlock):
    """From `Traceback (most recent call last):` to the exception, with all it is chained to.

    The root is the first exception of the chain: the later ones were raised while handling it.
    """

    def __init__(self, header: Line, before: Sequence[Line] = (), *, ignored: bool = False) -> None:
        super().__init__("traceback", header)
        self.quote = Quote([*before, header])
        self._ignored = ignored
        self._named = False
        self._where_settled = False
        self._reading_frames = True
        self._chain_announced = False
        self._perhaps: Line | None = None
        self._trial: list[Line] = []
        self._message_lines = 0
        self._divided = False
        self._in_the_rehearsal = False
        self._in_group = "Exception Group" in header.text
        self._margin = _margin_of(header.text)

    @classmethod
    def of_exception(cls, exception: Line, before: Sequence[Line]) -> Traceback:
        """Start at an exception without its header: a syntax error, or a log that was cut."""
        stack = _stack_above(before)
        block = cls(exception, stack)
        for line in stack:
            block.where = own_frame(line.text) or block.where
        block._name(exception)
        return block

    def take(self, line: Line) -> OpenBlock | None:
        """Take frames, the exception, and what chains another traceback to it."""
        if self._in_group and _GROUP_MARGIN.match(line.text):
            return self._take_group_line(line)
        text = line.text.removeprefix(self._margin)
        if self._reading_frames:
            return self._take_in_frames(line, text)
        return self._take_after_exception(line, text)

    def finish(self) -> ErrorBlock | None:
        """Close; a traceback that Python itself ignored is no error."""
        if self._perhaps is not None and not self._named:
            self.quote.add(self._perhaps)
            self._name(self._perhaps)
        elif self._reading_frames:
            self.unclaimed = self._trial
        return None if self._ignored else super().finish()

    def _name(self, exception: Line) -> None:
        if not self._named:
            self.root = exception
        self._named = True
        self._where_settled = self.where is not None
        self._reading_frames = False
        self._perhaps = None
        unfinished = _UNFINISHED_MESSAGE.search(exception.text)
        self._message_lines = _LINES_OF_MESSAGE if unfinished else 0

    def _keep(self, line: Line) -> OpenBlock:
        for tried in self._trial:
            self.quote.add(tried)
        self._trial = []
        self.quote.add(line)
        return self

    def _try(self, line: Line, most: int) -> OpenBlock | None:
        self._trial.append(line)
        return None if len(self._trial) > most else self

    def _take_in_frames(self, line: Line, text: str) -> OpenBlock | None:
        if _EXCEPTION.match(text):
            self._keep(line)
            self._name(Line(line.number, text))
            return self
        if FRAME.match(text) or not text.strip() or (text[0] in " \t" and not self._perhaps):
            return self._take_frame(line, text)
        if is_header(text) or _CHAINED.match(text) or _begins_something_else(text):
            return None
        return self._take_other_output(line, text)

    def _take_frame(self, line: Line, text: str) -> OpenBlock:
        if FRAME.match(text):
            self._perhaps = None
            self._in_the_rehearsal = is_of_the_rehearsal(text)
        if self._in_the_rehearsal and text.startswith(" "):
            return self  # neither the frame nor the line of code below it is quoted
        if not self._where_settled:
            self.where = own_frame(text) or self.where
        return self._keep(line)

    def _take_other_output(self, line: Line, text: str) -> OpenBlock | None:
        named = _PERHAPS_AN_EXCEPTION.match(text) and not find_cue(text)
        if self._perhaps is None and named:
            self._perhaps = Line(line.number, text)
            self._trial = []
            return self
        return self._try(line, _LINES_TO_A_CHAIN if self._perhaps else _PATIENCE)

    def _take_after_exception(self, line: Line, text: str) -> OpenBlock | None:
        if _CHAINED.match(text):
            self._chain_announced = True
            return self._keep(line)
        if is_header(text):
            return self._take_next_traceback(line) if self._chain_announced else None
        if text.strip() and (find_cue(text) or find_sign(text) or _begins_something_else(text)):
            return None
        if self._message_lines > 0 and text.strip():
            self._message_lines -= 1
            return self._keep(line)
        return self._try(line, _LINES_TO_A_CHAIN)

    def _take_next_traceback(self, header: Line) -> OpenBlock:
        self._chain_announced = False
        self._reading_frames = True
        self._in_group = self._in_group or "Exception Group" in header.text
        self._margin = _margin_of(header.text)
        return self._keep(header)

    def _take_group_line(self, line: Line) -> OpenBlock:
        text = _GROUP_MARGIN.sub("", line.text, count=1)
        if _GROUP_DIVIDER.match(line.text) and not self._divided:
            self._divided = True
            self._named = False  # what is inside the group is the root, not the group
            self._where_settled = False
        elif _EXCEPTION.match(text):
            self._name(Line(line.number, text))
        elif not self._where_settled:
            self.where = own_frame(text) or self.where
        return self._keep(line)


class IgnoredException(OpenBlock):
    """The line `Exception ignored in: ...` and the traceback below it, neither of which counts."""

    def take(self, line: Line) -> OpenBlock | None:
        """Let the traceback that follows be read, and forgotten."""
        return Traceback(line, ignored=True) if is_header(line.text) else None

    def finish(self) -> ErrorBlock | None:
        """Never an error."""
        return None


def _begins_something_else(text: str) -> bool:
    return starts_a_run(text) or is_ignored_exception(text) or text.startswith("--> ")


def _margin_of(header: str) -> str:
    """What the lines of this traceback are indented by, inside the output of another tool."""
    match = _BOX_MARGIN.match(header)
    margin = match.group() if match else ""
    return margin if _HEADER.match(header[len(margin) :]) else ""


def _stack_above(before: Sequence[Line]) -> list[Line]:
    """Return the frames that stand directly above an exception line."""
    stack: list[Line] = []
    for line in reversed(before):
        if not line.text.startswith((" ", "\t")):
            break
        stack.insert(0, line)
    return stack if any(FRAME.match(line.text) for line in stack) else []
