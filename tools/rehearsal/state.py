"""The folder in which a rehearsal Hub keeps everything, and who is using it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from .store import moments
from .store.database import SCHEMA_VERSION

KIND = "huggingface-spaces rehearsal Hub"
"""What a Hub calls itself, so that a client can tell it from a stranger on the same port."""


class StateInUseError(RuntimeError):
    """Another Hub runs on the same state folder."""


class DamagedStateError(RuntimeError):
    """A file of the state folder cannot be used; the message names it and what to do."""


COPY_OR_RESET = (
    "put a copy of it in its place, or delete everything with `huggingface-spaces rehearsal reset`"
)
_ADVICE = {"tokens.json": "delete it, and every account gets a new token at the next start"}
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Identity:
    """A running Hub, as `hub.json` and `/api/rehearsal/identity` tell it."""

    port: int
    pid: int = field(default_factory=os.getpid)
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    started_at: str = field(default_factory=moments.now)
    confinement: str = "not known"
    """How Spaces are kept from the person's files, in one sentence."""


class StateFolder:
    """The layout of the folder; `lock` makes this process its only user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.hub_file = self.folder / "hub.json"
        self.tokens_file = self.folder / "tokens.json"
        self.database_file = self.folder / "hub.sqlite"
        self.repositories_folder = self.folder / "repos"
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Create the folder if need be and take it for this process.

        Raises StateInUseError, which names the other process, when somebody has it already. The
        operating system gives the lock back when the process ends, however it ends.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        file = (self.folder / "hub.lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise StateInUseError(
                f"another rehearsal Hub (process {holder}) uses {self.folder}; stop it first"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file

    def check(self) -> None:
        """Look at every file that a Hub reads at its start; nothing is changed.

        Raises DamagedStateError for the first that is damaged: a Hub that went on would overwrite
        what can perhaps be saved.
        """
        for file in sorted(self.folder.glob("*.json")):
            if file != self.hub_file:  # written anew at every start
                _check_json(file)
        stored = any(self.repositories_folder.glob("*/*/*.git/HEAD"))
        if self.database_file.exists() and self.database_file.stat().st_size:
            _check_database(self.database_file)
        elif stored:
            raise _damaged(self.database_file, "is missing or empty, but there are repositories")

    def announce(self, identity: Identity) -> None:
        """Write `hub.json`; readers see either the old file or the whole new one."""
        temporary = self.hub_file.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(identity)) + "\n", encoding="utf-8")
        temporary.replace(self.hub_file)

    def release(self) -> None:
        """Remove `hub.json` and give the folder back."""
        with contextlib.suppress(FileNotFoundError):
            self.hub_file.unlink()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _damaged(file: Path, what: str) -> DamagedStateError:
    return DamagedStateError(f"{file} {what}: {_ADVICE.get(file.name, COPY_OR_RESET)}")


def _check_json(file: Path) -> None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(file, f"cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise _damaged(file, "is not a JSON object")


def _check_database(file: Path) -> None:
    with file.open("rb") as stream:
        if stream.read(len(_SQLITE)) != _SQLITE:
            raise _damaged(file, "is not a database")
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise _damaged(file, f"cannot be read ({error})") from error
    if verdict != "ok":
        raise _damaged(file, f"is damaged ({verdict})")
    if version > SCHEMA_VERSION:
        what = f"has version {version} and this program knows up to {SCHEMA_VERSION}"
        raise DamagedStateError(f"{file} {what}: use the newer program that wrote it")
