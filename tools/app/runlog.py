"""The run log around the calls: the traceback that Gradio hides, and errors nobody reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from ..logreading import ErrorBlock, read_log
from ..logreading.classify import starts_a_run
from ..logreading.tracebacks import is_header
from .deadline import Deadline, attempt
from .fallbacks import in_log
from .report import Evidence

SECONDS_TO_WAIT = 2.0
SECONDS_BETWEEN_READS = 0.2
MOST_SECONDS_FOR_A_READ = 10.0


class LogSoFar(Protocol):
    """A log as it is now; `cut_because` says why it could be read only in part."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines so far, oldest first."""

    @property
    def cut_because(self) -> str | None:
        """Why lines are missing; None when none are."""


ReadLog = Callable[[], LogSoFar]


class RunLog:
    """Reads the log of the app before the first call and after each one."""

    def __init__(self, read: ReadLog | None, *, expects_gpu: bool = False) -> None:
        self._read = read
        self._expects_gpu = expects_gpu
        self._seen = 0
        self._before: list[Evidence] = []
        self._problem = "" if read else "no run log was given"

    def begin(self, deadline: Deadline) -> None:
        """Judge what the app has written since it started; `since` returns what comes after."""
        log = self._now(deadline)
        if log is None:
            return
        self._seen = len(log.lines)
        lines = _since_the_start(log.lines)
        found = _before_the_calls(lines, complete=not log.cut_because)
        signs = in_log(lines, expects_gpu=self._expects_gpu)
        self._before = [*([found] if found else []), *signs]

    def since(self, deadline: Deadline, *, expect_error: bool) -> Sequence[str]:
        """The lines since the last look. A traceback may reach the log a moment after the client.

        `expect_error` says that the call failed, so that some waiting is worth it.
        """
        patience = Deadline(min(SECONDS_TO_WAIT, deadline.left))
        while True:
            log = self._now(deadline)
            if log is None:
                return ()
            # A shorter log was rotated or belongs to a restarted app: then all of it is new.
            rotated = len(log.lines) < self._seen and not log.cut_because
            fresh = log.lines[0 if rotated else self._seen :]
            if not expect_error or not patience.left or find_error(fresh):
                self._seen = len(log.lines) if rotated else max(self._seen, len(log.lines))
                return fresh
            time.sleep(SECONDS_BETWEEN_READS)

    def evidence(self) -> list[Evidence]:
        """What the log said before the calls, and whether all of it could be read."""
        found = list(self._before)
        if self._problem:
            what = f"{self._problem}, so errors the app hides may stay unseen"
            found.append(Evidence(what=what, ok=None))
        return found

    def _now(self, deadline: Deadline) -> LogSoFar | None:
        """The log, or None when it cannot be read; then nobody tries again."""
        if self._read is None:
            return None
        seconds = min(MOST_SECONDS_FOR_A_READ, max(deadline.left, SECONDS_BETWEEN_READS))
        future = attempt(self._read, seconds)
        error = future.exception() if future.done() else None
        if not future.done() or error is not None:
            reason = f": {type(error).__name__}: {error}" if error else " in time"
            self._problem = f"the run log could not be read{reason}"
            self._read = None
            return None
        log = future.result()
        if log.cut_because:
            self._problem = f"the run log was read only in part ({log.cut_because})"
        return log


def find_error(lines: Sequence[str]) -> ErrorBlock | None:
    """The first error in the lines that nothing healthy followed; a traceback only when whole."""
    error = read_log(lines).likely_error
    return None if error is None or is_header(error.text) else error


def refused_input(lines: Sequence[str]) -> bool:
    """Whether the error in the lines comes from Gradio's check of the input, not from the app.

    `preprocess_data` runs before the app's function (gradio 6.31.0, read 2026-11-23).
    """
    error = find_error(lines)
    frames = lines[: error.line] if error else ()
    return any(line.rstrip().endswith(", in preprocess_data") for line in frames)


def log_evidence(lines: Sequence[str], *, failed: bool) -> Evidence | None:
    """What the lines written during one call say, or None when they hold no error."""
    error = find_error(lines)
    if error is None:
        return None
    when = "" if failed else ", although the call succeeded"
    return _error_evidence(f"run log during the call{when}", error)


def _since_the_start(lines: Sequence[str]) -> Sequence[str]:
    starts = [number for number, line in enumerate(lines) if starts_a_run(line)]
    return lines[starts[-1] :] if starts else lines


def _before_the_calls(lines: Sequence[str], *, complete: bool) -> Evidence | None:
    error = find_error(lines)
    if error is not None:
        whose = "an earlier request" if error.while_serving else "the start"
        return _error_evidence(f"run log of {whose}, before the calls", error)
    if not lines:
        return Evidence(what="the run log is empty so far", ok=None)
    what = "the run log holds no error from the app's start to the first call"
    return Evidence(what=what, ok=True) if complete else None


def _error_evidence(where: str, error: ErrorBlock) -> Evidence:
    return Evidence(what=f"{where}: {error.text}", ok=False, detail="\n".join(error.block))
