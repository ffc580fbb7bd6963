"""What visitors have used of their GPU quota, kept in a file from one life of the Hub to the next.

A quota begins with its first use and is whole again 24 hours later (hub-docs, 2026-08-22).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ...knowledge import zero_gpu_facts
from ..state import DamagedStateError


class LedgerDamagedError(DamagedStateError):
    """The file cannot be read; the message names it and says what to do."""


@dataclass(frozen=True)
class Usage:
    """What one visitor has used in the window that began at `since`."""

    since: float
    """Seconds since 1970; 0 before the first use."""
    seconds: float = 0.0
    runs: int = 0


class Ledger:
    """Usage by key: `account:NAME` or `space:NAMESPACE/NAME`. An entry is on disk when returned."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        """Read `file`; it need not exist. Raises LedgerDamagedError."""
        self._file = file
        self._clock = clock
        self._window = zero_gpu_facts().quota_window_seconds
        self._entries = _read(file)

    def usage(self, key: str) -> Usage:
        """Return what is used in the window of now; nothing when that window is over."""
        known = self._entries.get(key)
        if known is None or self._clock() >= known.since + self._window:
            return Usage(since=0.0)
        return known

    def seconds_until_reset(self, key: str) -> float:
        """Return in how many seconds the quota is whole again; a whole window before any use."""
        since = self.usage(key).since
        return since + self._window - self._clock() if since else float(self._window)

    def charge(self, key: str, seconds: float, *, runs: int = 0) -> None:
        """Add GPU seconds, and runs, to what is used."""
        now = self.usage(key)
        self.set(key, now.seconds + seconds, now.runs + runs)

    def set(self, key: str, seconds: float, runs: int = 0) -> None:
        """Write down what is used, in the window of now or one that begins now."""
        since = self.usage(key).since or self._clock()
        self._entries[key] = Usage(since, round(seconds, 3), runs)
        self._write()

    def _write(self) -> None:
        living = {key: asdict(entry) for key, entry in self._entries.items() if self._lives(entry)}
        draft = self._file.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as stream:
            json.dump(living, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self._file)

    def _lives(self, entry: Usage) -> bool:
        return self._clock() < entry.since + self._window


def _read(file: Path) -> dict[str, Usage]:
    if not file.exists():
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {str(key): Usage(**entry) for key, entry in stored.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise LedgerDamagedError(
            f"{file} (ZeroGPU quotas) cannot be read: {error}; delete it to begin with whole quotas"
        ) from error
