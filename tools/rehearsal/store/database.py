"""The one SQLite database: settings of repositories, secrets, discussions, the machine's notes."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE repositories (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    visibility TEXT NOT NULL,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sdk TEXT,
    hardware TEXT,
    sleep_seconds INTEGER,
    dev_mode INTEGER NOT NULL DEFAULT 0,
    volumes TEXT NOT NULL DEFAULT '[]',
    notes TEXT NOT NULL DEFAULT '{}',
    UNIQUE (kind, namespace, name)
);
CREATE TABLE moves (
    repository TEXT PRIMARY KEY REFERENCES repositories (id) ON DELETE CASCADE,
    old_namespace TEXT NOT NULL,
    old_name TEXT NOT NULL
);
CREATE TABLE environment (
    repository TEXT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    secret INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    description TEXT,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (repository, secret, key)
);
CREATE TABLE discussions (
    repository TEXT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    status TEXT NOT NULL,
    pull_request INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (repository, number)
);
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    repository TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at TEXT NOT NULL,
    content TEXT NOT NULL,
    FOREIGN KEY (repository, number) REFERENCES discussions (repository, number) ON DELETE CASCADE
);
"""

MIGRATIONS = (
    """
    ALTER TABLE repositories ADD COLUMN gated TEXT;
    ALTER TABLE discussions ADD COLUMN merge_commit TEXT;
    ALTER TABLE events ADD COLUMN previous TEXT;
    ALTER TABLE events ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE events ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE old_names (
        kind TEXT NOT NULL,
        namespace TEXT NOT NULL COLLATE NOCASE,
        name TEXT NOT NULL COLLATE NOCASE,
        repository TEXT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
        PRIMARY KEY (kind, namespace, name)
    )
    """,
)
"""What leads from one version to the next; a new database takes the same way from version 1."""

SCHEMA_VERSION = 1 + len(MIGRATIONS)

Row = sqlite3.Row


class Database:
    """A connection that several threads share, one at a time."""

    def __init__(self, file: Path) -> None:
        # Created with the right mode first: the file holds the Spaces' secrets.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._create_schema()

    def _create_schema(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise RuntimeError(f"hub.sqlite has version {version}, expected {SCHEMA_VERSION}")
        for script in (SCHEMA, *MIGRATIONS)[version:]:
            version += 1
            with self.transaction():
                for statement in filter(str.strip, script.split(";")):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {version}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside one durable step: on disk at the end, or undone by an error."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a query and return its rows."""
        with self._lock:
            return self._connection.execute(statement, parameters).fetchall()

    def row(self, statement: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Run a query and return its first row, or None."""
        return next(iter(self.rows(statement, parameters)), None)

    def write(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement, alone a transaction of its own; return how many rows it changed."""
        with self._lock:
            return self._connection.execute(statement, parameters).rowcount

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()
