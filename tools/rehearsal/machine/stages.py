"""The stages of a Space, as the platform names them.

Names are those of `SpaceStage` in huggingface_hub 2.4.0, and `SLEEPING`, which the platform reports
and the class lacks (2026-11-22). `NOT_REHEARSED` is this Hub's own: clients settle on any stage
they do not know, so it ends a wait at once and cannot be mistaken for a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_APP_FILE = "NO_APP_FILE"
CONFIG_ERROR = "CONFIG_ERROR"
BUILDING = "BUILDING"
BUILD_ERROR = "BUILD_ERROR"
APP_STARTING = "APP_STARTING"
RUNNING = "RUNNING"
RUNNING_BUILDING = "RUNNING_BUILDING"
RUNNING_APP_STARTING = "RUNNING_APP_STARTING"
RUNTIME_ERROR = "RUNTIME_ERROR"
PAUSED = "PAUSED"
SLEEPING = "SLEEPING"
NOT_REHEARSED = "NOT_REHEARSED"

INTERMEDIATE = frozenset({BUILDING, RUNNING_BUILDING, APP_STARTING, RUNNING_APP_STARTING})
"""Stages that end by themselves; every other stage stays until somebody acts."""

BEING_BUILT = frozenset({BUILDING, RUNNING_BUILDING})

ASLEEP_AFTER_RESTART = frozenset({RUNNING, RUNNING_APP_STARTING, APP_STARTING, SLEEPING})
"""What a Space was doing when the Hub stopped, if it should wake at its next visitor."""


def building(serving: bool) -> str:
    """Return the stage of a build; `serving` says whether an older revision still answers."""
    return RUNNING_BUILDING if serving else BUILDING


def starting(serving: bool) -> str:
    """Return the stage of a start; `serving` says whether an older revision still answers."""
    return RUNNING_APP_STARTING if serving else APP_STARTING


class SettledError(Exception):
    """What a Space was asked to do ended in a stage other than RUNNING."""

    def __init__(self, stage: str, message: str, facts: Mapping[str, Any] | None = None) -> None:
        """Say how it ended.

        Args:
            stage: the stage the Space is in now.
            message: what the platform would say of it (`errorMessage`).
            facts: what only a rehearsal knows about it.
        """
        super().__init__(message)
        self.stage = stage
        self.message = message
        self.facts = dict(facts or {})
