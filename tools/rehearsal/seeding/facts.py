"""What is known of a seeded repository beyond its files: likes, downloads, who may download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Gate = Literal["auto", "manual"]


@dataclass(frozen=True)
class Facts:
    """The facts of one repository; the defaults are those of a repository somebody just made."""

    likes: int = 0
    downloads: int = 0
    trending: int = 0
    description: str | None = None
    """One sentence, what the platform calls `ai_short_description`."""
    category: str | None = None
    gated: Gate | None = None
    """Whether people must ask before they download, and who answers: the Hub or the author."""
    admitted: tuple[str, ...] = ()
    """Accounts that asked and were let in."""


class World:
    """The facts of all seeded repositories, by the id of their record."""

    def __init__(self, facts: Mapping[str, Facts] | None = None) -> None:
        self._facts = dict(facts or {})

    def of(self, record_id: str) -> Facts:
        """Return what is known of a repository; the defaults for one that was not seeded."""
        return self._facts.get(record_id, _UNKNOWN)


_UNKNOWN = Facts()
