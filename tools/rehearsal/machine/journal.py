"""A log that is written once and can be replayed from its first line, by any number of readers.

Clients that lose their connection ask again and skip the lines they have by counting them
(huggingface_hub 2.4.0), so a log must always be replayed whole, with the same lines in the same
order, also after the Hub was restarted.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
"""Characters kept in one entry; a longer line (or one that never ends) is cut into several."""

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes. A Space that prints without end must not fill the disk of the person rehearsing it."""

TOO_LONG = "===== Rehearsal: this log is too long, the rest of it is not kept =====\n"
TAIL_LINES = 60
REPLAY_BATCH = 500
"""Entries replayed before other tasks get a turn."""


class Journal:
    """One log: a file of JSON lines, each `{"data": "text\\n", "timestamp": "...Z"}`."""

    def __init__(self, path: Path, redact: Callable[[str], str] = str) -> None:
        """Begin a log at `path`; one that is there already was left by an earlier Hub: closed.

        Args:
            path: the file.
            redact: applied to every line before it is written, to take secrets out.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: BinaryIO | None = None if path.exists() else path.open("wb")
        self._room = LARGEST_FILE
        self._redact = redact
        self._unfinished = ""
        self._last_moment = datetime.min.replace(tzinfo=timezone.utc)
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._changed = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether nothing will be added any more."""
        return self._file is None

    @property
    def tail(self) -> str:
        """The last lines written by this process, as one text."""
        return "".join(self._tail)

    def write(self, text: str) -> None:
        """Add text; what follows its last newline waits for the rest of its line, or for `close`.

        Text for a closed journal is dropped: its readers have been told that it is complete.
        """
        if self.closed:
            return
        *lines, self._unfinished = (self._unfinished + text).split("\n")
        for line in lines:
            self._add(line)
        while len(self._unfinished) > LONGEST_LINE:
            self._append(self._redact(self._unfinished[:LONGEST_LINE]))
            self._unfinished = self._unfinished[LONGEST_LINE:]
        self._announce()

    def close(self) -> None:
        """End the log: readers get what is left, then their iteration ends."""
        if self._file is None:
            return
        if self._unfinished:
            self._add(self._unfinished)
            self._unfinished = ""
        self._file.close()
        self._file = None
        self._announce()

    async def follow(self) -> AsyncIterator[dict[str, str]]:
        """Yield every entry from the first on, wait for new ones, end when the log is closed."""
        with self.path.open("rb") as file:
            while True:
                # Both are read before the file: an entry added in between is then never missed.
                changed, closed = self._changed, self.closed
                for number, entry in enumerate(_entries(file), start=1):
                    yield entry
                    if number % REPLAY_BATCH == 0:
                        await asyncio.sleep(0)
                if closed:
                    return
                await changed.wait()

    def _add(self, line: str) -> None:
        line = self._redact(line)
        for start in range(0, max(len(line), 1), LONGEST_LINE):
            piece = line[start : start + LONGEST_LINE]
            last = start + LONGEST_LINE >= len(line)
            self._append(piece + "\n" if last else piece)

    def _append(self, data: str) -> None:
        if self._file is None or self._room <= 0:
            return
        entry = json.dumps({"data": data, "timestamp": self._moment()}).encode() + b"\n"
        self._room -= len(entry)
        self._tail.append(data)
        self._file.write(entry)
        if self._room <= 0:
            notice = {"data": TOO_LONG, "timestamp": self._moment()}
            self._file.write(json.dumps(notice).encode() + b"\n")

    def _moment(self) -> str:
        # A clock set back must not reorder a log: clients stop at a time later than the answer's.
        self._last_moment = max(self._last_moment, datetime.now(timezone.utc))
        return self._last_moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _announce(self) -> None:
        if self._file is not None:
            self._file.flush()
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _entries(file: BinaryIO) -> Iterator[dict[str, str]]:
    """Yield the whole entries from where `file` stands; it is left before an unfinished one."""
    while True:
        start = file.tell()
        line = file.readline()
        if not line.endswith(b"\n"):
            file.seek(start)  # the Hub was killed in the middle of this entry, or is writing it
            return
        yield json.loads(line)


class JournalShelf:
    """The numbered journals of one kind in a Space's folder: `build-1.log`, `build-2.log`, ..."""

    KEPT = 10

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind
        numbers = self._numbers()
        self._last = numbers[-1] if numbers else 0
        self._latest = Journal(self._path(self._last)) if numbers else None

    @property
    def latest(self) -> Journal | None:
        """The newest journal, or None before the first."""
        return self._latest

    def begin(self, redact: Callable[[str], str] = str) -> Journal:
        """Start the next journal; the oldest beyond `KEPT` are removed."""
        self._last += 1
        self._latest = Journal(self._path(self._last), redact)
        for number in self._numbers()[: -self.KEPT]:
            self._path(number).unlink(missing_ok=True)
        return self._latest

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._kind}-{number}.log"

    def _numbers(self) -> list[int]:
        stems = (path.stem.partition("-")[2] for path in self._folder.glob(f"{self._kind}-*.log"))
        return sorted(int(stem) for stem in stems if stem.isdigit())
