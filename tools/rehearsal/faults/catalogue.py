"""The names of all faults, and what each does.

Behaviour of the platform as reported in public between 2025-04 and 2026-10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Kind:
    """One fault."""

    name: str
    effect: str
    """What a client sees, as one sentence."""
    counts: str
    """What one of `count` is."""
    needs_space: bool = False


_KINDS = (
    Kind("build-stuck", "A build stays in its first step; nothing follows in its log.", "build"),
    Kind(
        "stale-sha",
        "After a push the runtime goes on saying RUNNING with the old sha.",
        "push to a Space that runs",
    ),
    Kind(
        "rate-limit",
        "Requests are answered 429 with Retry-After and RateLimit headers.",
        "refused request",
    ),
    Kind("server-errors", "Bursts of 500, 502 and 503, with pauses in between.", "failed request"),
    Kind("log-cut", "The connection of a log breaks after a few events.", "log stream"),
    Kind("log-silent", "A log sends nothing at all, not even keep-alives.", "log stream"),
    Kind("slow-network", "Answers come late and in small pieces.", "slow answer"),
    Kind(
        "quota-spent",
        "Nobody has ZeroGPU seconds left.",
        "look at the quota; it stays spent all the same",
    ),
    Kind(
        "preparing-forever",
        "The app has started and its log looks fine, but the stage stays APP_STARTING.",
        "start",
    ),
    Kind(
        "paused-flagged",
        "The Space is PAUSED with a message that it was flagged; a restart answers 503.",
        "refused restart",
        needs_space=True,
    ),
    Kind("clock-skew", "The Date header of answers is minutes off.", "answer"),
    Kind(
        "reset-in-commit",
        "The connection is reset in a commit request, before or after it is stored.",
        "commit request",
    ),
)

CATALOGUE: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every fault by its name."""
