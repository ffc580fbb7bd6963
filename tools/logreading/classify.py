"""Saying what a single line is: the start of an error, a healthy sign, or nothing of note."""

from __future__ import annotations

import re

from .cues import CUES, RUN_BANNER, SIGNS, STREAM_PREFIX, Cue, Sign
from .search import searcher

# Lines that look like an error by form and are known to stop nothing.
_HARMLESS = re.compile(
    "|".join(
        (
            r"pip's dependency resolver does not",  # pip goes on and exits 0
            r"[Tt]elemetry event|telemetry\S*: ?Failed to send",  # analytics of libraries
            r"fatal: not a git repository",  # version detection of build tools
            r"ERROR: All log messages before absl",
            r"^\W*(?:--> )(?:RUN|COPY|FROM|ADD|WORKDIR|ENV) ",  # the step's own text
            r"\b\w*Warning: |warnings\.warn\(",
            r"^\W*(?:[\w./-]+(?: - |:| \| ))?(?:WARNING|WARN|INFO|DEBUG)\b",
            r"^Error while trying to fetch updates",
        )
    ),
    re.ASCII,
)

_LINE_START = re.compile(STREAM_PREFIX, re.ASCII)
_SIGNS = re.compile("|".join(f"({sign.pattern})" for sign in SIGNS), re.ASCII)
_START_BANNER = re.compile(RUN_BANNER)
_COMPILED = tuple((cue, re.compile(cue.pattern, re.ASCII)) for cue in CUES)


def bare(line: str) -> str:
    """The line without what the log stream put before it; indentation stays."""
    match = _LINE_START.match(line)
    return line[match.end() :] if match else line


def find_cue(line: str) -> Cue | None:
    """Say which error a line (see `bare`) starts, or None when it starts none."""
    stripped = line.strip(" \t")
    if searcher().search(stripped.encode("utf-8", "replace"), 0) is None:
        return None
    for cue, pattern in _COMPILED:
        found = pattern.match(stripped) if cue.anchored else pattern.search(stripped)
        if found:
            return None if _HARMLESS.search(stripped) else cue
    return None


def find_sign(line: str) -> Sign | None:
    """Say which healthy sign a line holds, if any."""
    match = _SIGNS.search(line)
    return SIGNS[match.lastindex - 1] if match and match.lastindex else None


def starts_a_run(line: str) -> bool:
    """Whether the platform announces a new start of the app on this line."""
    return bool(_START_BANNER.search(line))
