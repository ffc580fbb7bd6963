"""What the machine asks of the store, and what it tells: the seam between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class SpaceSettings:
    """What a Space is configured with at this moment, outside its repository."""

    space: str
    """The full name, `namespace/name`."""
    sdk: str
    """The SDK given at creation: `gradio`, `docker` or `static`. The README may say otherwise."""
    hardware: str
    """The hardware flavor asked for, such as `cpu-basic`."""
    creator_id: str
    """Opaque identifier of the account that created the Space (`SPACE_CREATOR_USER_ID`)."""
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    sleep_seconds: int | None = None
    """The sleep time set for paid hardware; None or -1 for never."""


@dataclass(frozen=True)
class Runtime:
    """What the platform would say of a Space right now (`GET /api/spaces/{id}/runtime`)."""

    stage: str
    """`NO_APP_FILE`, `BUILDING`, `RUNNING`, ...; the names of huggingface_hub's SpaceStage."""
    revision: str | None = None
    """Full sha of the revision that serves; None when nothing serves (and always for static)."""
    error_message: str | None = None
    hardware_current: str | None = None
    hardware_requested: str | None = None
    host: str | None = None
    """The app's own address, `http://127.0.0.1:PORT`; stable for the life of the Space."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What only a rehearsal knows: `pythonRequested`, `pythonUsed`, `notRehearsed` (a reason)."""


class UnreadableSpaceError(Exception):
    """What is stored of a Space is damaged; the message names the file and what can be done."""


class SpaceSource(Protocol):
    """What the machine needs of the store. Every call may block and is made from a thread.

    Each raises UnreadableSpaceError when what is stored is damaged.
    """

    def spaces(self) -> list[str]:
        """Full names of all Spaces."""
        ...

    def head(self, space: str) -> str | None:
        """Full sha of `main`, or None for a repository without a commit."""
        ...

    def export(self, space: str, revision: str, folder: Path) -> None:
        """Write the files of `revision` into the existing, empty `folder`."""
        ...

    def settings(self, space: str) -> SpaceSettings:
        """The Space's settings as they are now, secrets included."""
        ...

    def recall(self, space: str) -> dict[str, Any]:
        """The machine's own notes on the Space, as last remembered; empty when there are none."""
        ...

    def remember(self, space: str, notes: Mapping[str, Any]) -> None:
        """Keep the machine's notes (JSON values) durably; survives `kill -9` once it returns."""
        ...
