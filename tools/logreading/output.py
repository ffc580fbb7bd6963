"""Errors that are not Python tracebacks: of pip, uv, apt, npm, and single messages."""

from __future__ import annotations

import re

from .blocks import Line, OpenBlock
from .classify import find_cue
from .model import BlockKind, ErrorBlock
from .tracebacks import Traceback, is_header

# How pip and uv go on after the line that names the problem (pip 25, uv 0.13).
_GOES_ON = re.compile(
    r"\s{2,}\S|[│╰├×]|(?:hint|note|help|Caused by): ?|"
    r"The conflict is caused by:|To fix this you could try to:|\d\. (?:loosen|remove)|"
    r"Additionally, some packages|INFO: pip is looking|INFO: This is taking longer|"
    r"ERROR: (?:No matching|ResolutionImpossible|Failed|Could not build|Could not find)|"
    r"error: [a-z]+(?:-[a-z]+)+$|Failed to build "
)
_SAYS_LITTLE = {
    "pip": re.compile(r"ERROR: Ignored the following"),
    "npm": re.compile(r"npm (?:ERR!|error) (?:code|errno|syscall|path|network|command)\b"),
}
_OWN_LINE = {
    "apt": re.compile("E: "),
    "npm": re.compile("npm (?:ERR!|error)"),
}
_LINES_OF_NODE = re.compile(
    r"\s+at |\s+(?:code|errno|syscall|path|requireStack|url|port|address): |Require stack:|"
    r"- /|\}|Node\.js v|\s*\[?cause\]?: "
)
_KEEPS_ITS_NAME = re.compile("compiled using NumPy 1")  # its traceback only shows who imported it


class ToolOutput(OpenBlock):
    """An error of pip or uv, with the output of the build that failed inside it.

    The root is the first error in that output, or else the first line that says something.
    """

    def __init__(self, kind: BlockKind, line: Line) -> None:
        super().__init__(kind, line)
        self._found_inside = False
        self._inner: OpenBlock | None = None
        self._blank: list[Line] = []

    def take(self, line: Line) -> OpenBlock | None:
        """Take indented lines and those that the tool is known to go on with."""
        text = line.text
        if not text.strip():
            self._blank.append(line)
            return self if len(self._blank) < 3 else None
        if not _GOES_ON.match(text):
            return Traceback(line, [self.root]) if self._announces(text) else None
        for blank in self._blank:
            self.quote.add(blank)
        self._blank = []
        self.quote.add(line)
        self._look_inside(line)
        return self

    def finish(self) -> ErrorBlock | None:
        """Close, with the exception of an inner traceback as the root."""
        self._close_inner()
        return super().finish()

    def _announces(self, text: str) -> bool:
        return is_header(text) and self.root.text.strip() == "ERROR: Exception:"

    def _look_inside(self, line: Line) -> None:
        if self._found_inside:
            return
        if self._inner is not None:
            successor = self._inner.take(line)
            if successor is None:
                self._close_inner()
            else:
                self._inner = successor
        elif is_header(line.text):
            self._inner = Traceback(line)
        else:
            self._look_for_better_root(line)

    def _look_for_better_root(self, line: Line) -> None:
        little = _SAYS_LITTLE.get(self.kind)
        if little and little.match(self.root.text.strip()):
            self.root = line
            return
        cue = find_cue(line.text) if line.text.startswith("   ") else None
        if cue is not None and cue.kind not in {"pip", "uv"} and not cue.provisional:
            self.root = line
            self._found_inside = True

    def _close_inner(self) -> None:
        block = self._inner.finish() if self._inner else None
        self._inner = None
        if block is not None and not self._found_inside:
            self.root = Line(block.line, block.text)
            self._found_inside = True


class ToolLines(OpenBlock):
    """An error of apt or npm: all its lines carry the same mark."""

    def take(self, line: Line) -> OpenBlock | None:
        """Take the next line with the mark."""
        text = line.text.strip()
        if not _OWN_LINE[self.kind].match(text):
            return None
        little = _SAYS_LITTLE.get(self.kind)
        if little and little.match(self.root.text.strip()):
            self.root = line
        self.quote.add(line)
        return self


class Message(OpenBlock):
    """A single line, with the stack of a Node program or the traceback that it announces."""

    def __init__(self, kind: BlockKind, line: Line, *, provisional: bool = False) -> None:
        super().__init__(kind, line, provisional=provisional)
        self._lines = [line]

    def take(self, line: Line) -> OpenBlock | None:
        """Take a stack; hand over to the traceback that follows directly."""
        if is_header(line.text) and not _KEEPS_ITS_NAME.search(self.root.text):
            return Traceback(line, self._lines) if len(self._lines) <= 2 else None
        if not line.text.strip() and len(self._lines) == 1:
            self._lines.append(line)
            return self
        if not _LINES_OF_NODE.match(line.text):
            return None
        self._lines = [*self._lines[:2], line]
        self.quote.add(line)
        return self


def opened_by_tool(kind: BlockKind, line: Line, *, provisional: bool = False) -> OpenBlock:
    """Start the block that fits the tool whose error this line is."""
    if kind in {"pip", "uv"}:
        return ToolOutput(kind, line)
    if kind in _OWN_LINE:
        return ToolLines(kind, line)
    return Message(kind, line, provisional=provisional)
