"""What the devices of all Spaces share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .ledger import Ledger
from .limits import Limits
from .node import Node


@dataclass
class Desk:
    """The GPUs, the books, and the limits in force."""

    ledger: Ledger
    limits: Limits
    spent: Callable[[str | None], bool] = lambda _space: False
    """Whether to act as if quotas were used up, for calls to one Space or (None) altogether: a
    fault that somebody asked for."""

    def __post_init__(self) -> None:
        self.node = Node(lambda: self.limits.gpus)
