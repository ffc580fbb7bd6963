"""Variables and secrets of Spaces."""

from __future__ import annotations

from dataclasses import dataclass

from . import moments
from .database import Database
from .records import RepositoryRecord


@dataclass(frozen=True)
class Setting:
    """One variable or secret."""

    key: str
    value: str
    description: str | None
    updated_at: str


class Environment:
    """The table of variables and secrets; `secret` says which of the two is meant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, record: RepositoryRecord, *, secret: bool) -> list[Setting]:
        """Return the settings of a Space in the order of their keys."""
        rows = self._database.rows(
            "SELECT key, value, description, updated_at FROM environment"
            " WHERE repository = ? AND secret = ? ORDER BY key",
            (record.id, int(secret)),
        )
        return [Setting(**dict(row)) for row in rows]

    def values(self, record: RepositoryRecord, *, secret: bool) -> dict[str, str]:
        """Return key and value of every setting."""
        return {setting.key: setting.value for setting in self.all(record, secret=secret)}

    def put(
        self,
        record: RepositoryRecord,
        key: str,
        value: str,
        description: str | None,
        *,
        secret: bool,
    ) -> None:
        """Create or replace a setting."""
        self._database.write(
            "INSERT OR REPLACE INTO environment VALUES (?, ?, ?, ?, ?, ?)",
            (record.id, int(secret), key, value, description, moments.now()),
        )

    def delete(self, record: RepositoryRecord, key: str, *, secret: bool) -> None:
        """Remove a setting; nothing happens when it is not there, as on the real Hub."""
        self._database.write(
            "DELETE FROM environment WHERE repository = ? AND secret = ? AND key = ?",
            (record.id, int(secret), key),
        )
