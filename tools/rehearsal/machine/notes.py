"""What is remembered of a Space from one life of the Hub to the next."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from . import stages
from .launch_environment import OAuthClient


@dataclass
class Notes:
    """The state of a Space; everything in it is a JSON value."""

    stage: str = stages.NO_APP_FILE
    error: str | None = None
    sdk: str | None = None
    """The SDK of the newest revision that was looked at."""
    port: int = 0
    """The port of the front; 0 before there is one."""
    facts: dict[str, Any] = field(default_factory=dict)
    oauth: OAuthClient = field(
        default_factory=lambda: OAuthClient(str(uuid4()), secrets.token_hex(16))
    )

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Notes:
        """Return the notes as they were remembered; new ones for an empty mapping."""
        notes = cls(**{name: stored[name] for name in asdict(cls()) if name in stored})
        if isinstance(notes.oauth, dict):
            notes.oauth = OAuthClient(**notes.oauth)
        return notes

    def write(self) -> dict[str, Any]:
        """Return what to remember."""
        return asdict(self)
