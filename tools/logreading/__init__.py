"""Reading a build or run log: the first error, kept apart from the errors it caused."""

from __future__ import annotations

from collections.abc import Iterable

from .model import BlockKind, ErrorBlock, LogReading

__all__ = ["BlockKind", "ErrorBlock", "LogReading", "read_log"]


def read_log(lines: Iterable[str]) -> LogReading:
    """Read a log, line by line and in constant memory, to its first error and what followed.

    The patterns are compiled at the first use: most processes that import this never read a log.
    """
    from .reader import read_log as read

    return read(lines)
