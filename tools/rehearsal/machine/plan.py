"""What a Space shall do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """One thing to do for a Space."""

    revision: str | None
    """Full sha; None for a repository without a commit."""
    build: bool
    """Whether to write a build log, also when everything is cached."""
    afresh: bool = False
    """Whether the build must ignore what is cached."""
    stop_first: bool = False
    """Whether the revision that serves is stopped before the new one starts, or after."""
