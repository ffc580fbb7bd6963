"""The run log during a call: the traceback that Gradio hides, and errors nobody reported."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from .deadline import Deadline, attempt
from .report import Evidence

MOST_LINES = 12
SECONDS_TO_WAIT = 2.0
SECONDS_BETWEEN_READS = 0.2
TRACEBACK = "Traceback (most recent call last):"
_ERROR_LINE = re.compile(r"(^|[\s\[|-])(ERROR|CRITICAL|FATAL)\b|^\w*(Error|Exception): ")

ReadLog = Callable[[], Sequence[str]]


class RunLog:
    """Reads the log of the app before and after each call. `read` gives the lines so far."""

    def __init__(self, read: ReadLog | None) -> None:
        self._read = read
        self._seen = 0
        self.problem = "" if read else "no run log was given"

    def mark(self, deadline: Deadline) -> None:
        """Remember how long the log is now; `since` returns what comes after."""
        self._seen = len(self._lines(deadline))

    def since(self, deadline: Deadline, *, expect_traceback: bool) -> list[str]:
        """The lines since `mark`. A traceback may reach the log a moment after the client."""
        patience = Deadline(min(SECONDS_TO_WAIT, deadline.left))
        while True:
            lines = self._lines(deadline)
            # A shorter log was rotated or belongs to a restarted app: then all of it is new.
            fresh = list(lines[self._seen :] if len(lines) >= self._seen else lines)
            complete = find_traceback(fresh) is not None
            if complete or not expect_traceback or not patience.left or self.problem:
                return fresh
            time.sleep(SECONDS_BETWEEN_READS)

    def _lines(self, deadline: Deadline) -> Sequence[str]:
        if self._read is None:
            return ()
        future = attempt(self._read, max(deadline.left, SECONDS_BETWEEN_READS))
        if not future.done():
            self.problem = "the run log could not be read in time"
            return ()
        error = future.exception()
        if error is not None:
            self.problem = f"the run log could not be read: {type(error).__name__}: {error}"
            return ()
        self.problem = ""
        return future.result()


def find_traceback(lines: Sequence[str]) -> tuple[str, str] | None:
    """The last complete traceback: its final line (the error) and its last lines as detail."""
    starts = [index for index, line in enumerate(lines) if TRACEBACK in line]
    for start in reversed(starts):
        for index in range(start + 1, len(lines)):
            line = lines[index]
            if line.strip() and not line.startswith((" ", "\t")):
                return line.strip(), "\n".join(lines[max(start, index - MOST_LINES) : index + 1])
    return None


def refused_input(lines: Sequence[str]) -> bool:
    """Whether the last traceback comes from Gradio's check of the input, not from the app.

    `preprocess_data` runs before the app's function (gradio 6.31.0, read 2026-11-23).
    """
    starts = [index for index, line in enumerate(lines) if TRACEBACK in line]
    frames = lines[starts[-1] :] if starts else ()
    return any(line.rstrip().endswith(", in preprocess_data") for line in frames)


def log_evidence(lines: Sequence[str], *, failed: bool) -> Evidence | None:
    """What the lines emitted during one call say, or None when they say nothing of note."""
    found = find_traceback(lines)
    if found:
        error, detail = found
        when = "" if failed else ", although the call succeeded"
        return Evidence(what=f"run log during the call{when}: {error}", ok=False, detail=detail)
    errors = [line.strip() for line in lines if _ERROR_LINE.search(line)]
    if errors:
        detail = "\n".join(errors[:MOST_LINES])
        return Evidence(what=f"run log during the call: {errors[0]}", ok=False, detail=detail)
    return None
