"""Settings of repositories: all that is known of one outside its git history."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from ..errors import HubError
from . import moments
from .database import Database, Row

Kind = Literal["spaces", "models", "datasets"]
Visibility = Literal["public", "protected", "private"]
Gate = Literal["auto", "manual"]

KINDS: tuple[Kind, ...] = ("spaces", "models", "datasets")
VISIBILITIES: tuple[Visibility, ...] = ("public", "protected", "private")
GATES: tuple[Gate, ...] = ("auto", "manual")


@dataclass(frozen=True)
class RepositoryRecord:
    """One repository's settings."""

    kind: Kind
    namespace: str
    name: str
    visibility: Visibility
    creator: str
    """Name of the account that created it."""
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    created_at: str = field(default_factory=moments.now)
    sdk: str | None = None
    hardware: str | None = None
    sleep_seconds: int | None = None
    dev_mode: bool = False
    volumes: tuple[dict[str, Any], ...] = ()
    gated: Gate | None = None
    """Whether people must ask before they download, and who answers: the Hub or the author."""

    @property
    def full_name(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"

    @property
    def web_path(self) -> str:
        """The path of its page: `/spaces/ns/name`, and `/ns/name` for a model."""
        return f"/{self.full_name}" if self.kind == "models" else f"/{self.kind}/{self.full_name}"


def _from_row(row: Row) -> RepositoryRecord:
    values = {column.name: row[column.name] for column in fields(RepositoryRecord)}
    values["dev_mode"] = bool(values["dev_mode"])
    values["volumes"] = tuple(json.loads(values["volumes"]))
    return RepositoryRecord(**values)


class Records:
    """The table of repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, kind: Kind, namespace: str, name: str) -> RepositoryRecord | None:
        """Return the record of `namespace/name`, letter case ignored, or None."""
        row = self._database.row(
            "SELECT * FROM repositories WHERE kind = ? AND namespace = ? AND name = ?",
            (kind, namespace, name),
        )
        return _from_row(row) if row else None

    def find_renamed(self, kind: Kind, namespace: str, name: str) -> RepositoryRecord | None:
        """Return the record of the repository that was called `namespace/name` before, or None."""
        row = self._database.row(
            "SELECT repositories.* FROM old_names JOIN repositories"
            " ON repositories.id = old_names.repository"
            " WHERE old_names.kind = ? AND old_names.namespace = ? AND old_names.name = ?",
            (kind, namespace, name),
        )
        return _from_row(row) if row else None

    def all(self, kind: Kind) -> list[RepositoryRecord]:
        """Return all repositories of a kind, newest first."""
        statement = "SELECT * FROM repositories WHERE kind = ? ORDER BY created_at DESC, rowid DESC"
        return [_from_row(row) for row in self._database.rows(statement, (kind,))]

    def insert(self, record: RepositoryRecord) -> None:
        """Store a new record. Raises 409 when the name is taken."""
        try:
            self._database.write(
                "INSERT INTO repositories (id, kind, namespace, name, visibility, creator,"
                " created_at, sdk, hardware, sleep_seconds, volumes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    record.id,
                    record.kind,
                    record.namespace,
                    record.name,
                    record.visibility,
                    record.creator,
                    record.created_at,
                    record.sdk,
                    record.hardware,
                    record.sleep_seconds,
                    json.dumps(record.volumes),
                ),
            )
        except sqlite3.IntegrityError as taken:
            # As recorded from huggingface.co, 2025-03-07.
            raise HubError(409, f"You already created this {record.kind[:-1]} repo") from taken

    def delete(self, record: RepositoryRecord) -> None:
        """Remove a record with its variables, secrets and discussions."""
        self._database.write("DELETE FROM repositories WHERE id = ?", (record.id,))

    def set_visibility(self, record: RepositoryRecord, visibility: Visibility) -> None:
        """Store a new visibility."""
        self._set(record, "visibility", visibility)

    def set_gated(self, record: RepositoryRecord, gated: Gate | None) -> None:
        """Store whether people must ask before they download."""
        self._set(record, "gated", gated)

    def set_hardware(self, record: RepositoryRecord, hardware: str) -> None:
        """Store the hardware flavor asked for."""
        self._set(record, "hardware", hardware)

    def set_sleep_seconds(self, record: RepositoryRecord, seconds: int) -> None:
        """Store after how many idle seconds the Space sleeps; -1 is never."""
        self._set(record, "sleep_seconds", seconds)

    def set_dev_mode(self, record: RepositoryRecord, *, enabled: bool) -> None:
        """Store whether dev mode is on."""
        self._set(record, "dev_mode", int(enabled))

    def set_volumes(self, record: RepositoryRecord, volumes: list[dict[str, Any]]) -> None:
        """Store the mounted volumes, replacing those before."""
        self._set(record, "volumes", json.dumps(volumes))

    def notes(self, record: RepositoryRecord) -> dict[str, Any]:
        """Return the machine's notes on a Space."""
        row = self._database.row("SELECT notes FROM repositories WHERE id = ?", (record.id,))
        notes: dict[str, Any] = json.loads(row["notes"]) if row else {}
        return notes

    def set_notes(self, record: RepositoryRecord, notes: dict[str, Any]) -> None:
        """Store the machine's notes on a Space."""
        self._set(record, "notes", json.dumps(notes))

    def _set(self, record: RepositoryRecord, column: str, value: str | int | None) -> None:
        # `column` comes from the methods above, never from a request.
        self._database.write(
            f"UPDATE repositories SET {column} = ? WHERE id = ?",  # noqa: S608 - see above
            (value, record.id),
        )

    def begin_move(self, record: RepositoryRecord, namespace: str, name: str) -> None:
        """Give the record its new name and note the old one until `finish_move`."""
        try:
            with self._database.transaction():
                self._database.write(
                    "INSERT OR REPLACE INTO moves VALUES (?, ?, ?)",
                    (record.id, record.namespace, record.name),
                )
                self._database.write(
                    "INSERT OR REPLACE INTO old_names VALUES (?, ?, ?, ?)",
                    (record.kind, record.namespace, record.name, record.id),
                )
                self._database.write(
                    "UPDATE repositories SET namespace = ?, name = ? WHERE id = ?",
                    (namespace, name, record.id),
                )
        except sqlite3.IntegrityError as taken:
            raise HubError(
                409, f"A {record.kind[:-1]} repository called `{namespace}/{name}` already exists"
            ) from taken

    def finish_move(self, record: RepositoryRecord) -> None:
        """Forget the old name: the folder has followed."""
        self._database.write("DELETE FROM moves WHERE repository = ?", (record.id,))

    def unfinished_moves(self) -> list[tuple[RepositoryRecord, str, str]]:
        """Return records whose folder may still have the old name, with namespace and name."""
        rows = self._database.rows(
            "SELECT repositories.*, old_namespace, old_name FROM moves"
            " JOIN repositories ON repositories.id = moves.repository"
        )
        return [(_from_row(row), row["old_namespace"], row["old_name"]) for row in rows]
