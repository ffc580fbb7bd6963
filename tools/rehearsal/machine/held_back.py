"""Output that is passed on until it turns into an error, which is kept back."""

from __future__ import annotations

import re
from collections.abc import Callable

_ERROR = re.compile(r"\s*(×|error:)", re.IGNORECASE)


class HeldBack:
    """Takes the output of uv, whose errors are worded as uv's own.

    The platform's are pip's, so uv's are shown only when pip could not be asked.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._unfinished = ""
        self._held: list[str] = []

    def take(self, text: str) -> None:
        """Take the next piece of output."""
        *lines, self._unfinished = (self._unfinished + text).split("\n")
        for line in lines:
            self._line(line + "\n")

    def release(self) -> None:
        """Pass on what was kept."""
        if self._unfinished:
            self._line(self._unfinished + "\n")
        self._write("".join(self._held))
        self._held, self._unfinished = [], ""

    def _line(self, line: str) -> None:
        if self._held or _ERROR.match(line):
            self._held.append(line)
        else:
            self._write(line)
