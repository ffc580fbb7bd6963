"""The folder in which a rehearsal Hub keeps everything, and who is using it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from .store import moments

KIND = "huggingface-spaces rehearsal Hub"
"""What a Hub calls itself, so that a client can tell it from a stranger on the same port."""


class StateInUseError(RuntimeError):
    """Another Hub runs on the same state folder."""


@dataclass(frozen=True)
class Identity:
    """A running Hub, as `hub.json` and `/api/rehearsal/identity` tell it."""

    port: int
    pid: int = field(default_factory=os.getpid)
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    started_at: str = field(default_factory=moments.now)


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
