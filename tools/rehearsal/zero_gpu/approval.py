"""Whether a call may have a GPU: longest duration, runs, quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...knowledge import zero_gpu_facts
from .ledger import Ledger
from .limits import Limits
from .visitors import Visitor

Verdict = Literal["illegal-duration", "runs-exceeded", "quota-exceeded"]
Size = Literal["large", "xlarge"]
SIZES: tuple[Size, ...] = ("large", "xlarge")

NO_WAIT_HELPS = -1
"""The package says that a duration is illegal when it reads a negative wait (0.51.3)."""


@dataclass(frozen=True)
class Wish:
    """A call that wants a GPU."""

    space: str
    task: str
    """The decorated function: the package sends its `id`."""
    seconds: int
    size: Size | None
    visitor: Visitor | None
    """None for a call without a visitor token."""
    may_queue: bool = True

    @property
    def account(self) -> str:
        """The ledger's key for whoever pays."""
        return f"account:{self.visitor.name}" if self.visitor else f"space:{self.space}"

    @property
    def factor(self) -> int:
        """How many quota seconds one second costs."""
        return zero_gpu_facts().xlarge_quota_factor if self.size == "xlarge" else 1

    @property
    def priority(self) -> int:
        """Place in the queue: PRO before free before unauthenticated (hub-docs, 2026-08-22)."""
        if self.visitor is None:
            return 0
        return 2 if self.visitor.level == "pro" else 1


@dataclass(frozen=True)
class Refusal:
    """Why a call gets no GPU; answered as 429."""

    verdict: Verdict
    left: int
    """Quota seconds left."""
    wait: int
    """Seconds until asking again makes sense; negative for never, 0 for the limit of runs."""


def approve(wish: Wish, ledger: Ledger, limits: Limits, *, spent: bool = False) -> Refusal | None:
    """Return why a call is refused, or None when it is not.

    Args:
        wish: the call.
        ledger: what is used.
        limits: what may be used.
        spent: whether to act as if every quota were used up.
    """
    quota = wish.visitor.quota_seconds if wish.visitor else limits.space_quota_seconds
    usage = ledger.usage(wish.account)
    left = 0 if spent else max(0, int(quota - usage.seconds))
    cost = wish.seconds * wish.factor
    if cost > quota * limits.longest_call_share_of_quota:
        return Refusal("illegal-duration", left, NO_WAIT_HELPS)
    if limits.runs_per_day is not None and usage.runs >= limits.runs_per_day:
        return Refusal("runs-exceeded", left, 0)
    if cost > left:
        # At least a second: 0 would be read as the limit of runs.
        return Refusal(
            "quota-exceeded", left, max(1, int(ledger.seconds_until_reset(wish.account)))
        )
    return None
