"""Discussions and pull requests of repositories."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, fields, replace

from . import moments
from .database import Database, Row
from .records import RepositoryRecord

PULL_REQUESTS = "refs/pr/"
"""Where the commits of pull request N are: `refs/pr/N`."""


@dataclass(frozen=True)
class Discussion:
    """A discussion; with `is_pull_request` its commits are on `refs/pr/<number>`."""

    number: int
    title: str
    author: str
    status: str
    """`open`, `closed`, `draft` or `merged`."""
    is_pull_request: bool
    created_at: str = field(default_factory=moments.now)
    merge_commit: str | None = None
    """Full commit id of a merged pull request on `main`."""


@dataclass(frozen=True)
class Event:
    """Something that happened in a discussion."""

    id: str
    kind: str
    """`comment`, `status-change` or `title-change`."""
    author: str
    created_at: str
    content: str
    """The comment's text, the new status or the new title."""
    previous: str | None = None
    """The title before a change."""
    edited: bool = False
    hidden: bool = False


class Discussions:
    """The tables of discussions and their events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, record: RepositoryRecord) -> int:
        """Return the highest number in use, 0 when there is no discussion."""
        row = self._database.row(
            "SELECT COALESCE(MAX(number), 0) AS number FROM discussions WHERE repository = ?",
            (record.id,),
        )
        return int(row["number"]) if row else 0

    def open(self, record: RepositoryRecord, discussion: Discussion, description: str) -> None:
        """Store a new discussion with its first comment. Its number must be free."""
        with self._database.transaction():
            self._database.write(
                "INSERT INTO discussions (repository, number, title, author, status, pull_request,"
                " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    record.id,
                    discussion.number,
                    discussion.title,
                    discussion.author,
                    discussion.status,
                    int(discussion.is_pull_request),
                    discussion.created_at,
                ),
            )
            self._add_event(record, discussion.number, "comment", discussion.author, description)

    def all(self, record: RepositoryRecord) -> list[Discussion]:
        """Return a repository's discussions, newest first."""
        rows = self._database.rows(
            "SELECT * FROM discussions WHERE repository = ? ORDER BY number DESC", (record.id,)
        )
        return [_discussion(row) for row in rows]

    def find(self, record: RepositoryRecord, number: int) -> Discussion | None:
        """Return one discussion, or None."""
        row = self._database.row(
            "SELECT * FROM discussions WHERE repository = ? AND number = ?", (record.id, number)
        )
        return _discussion(row) if row else None

    def events(self, record: RepositoryRecord, number: int) -> list[Event]:
        """Return what happened in a discussion, oldest first."""
        rows = self._database.rows(
            "SELECT id, kind, author, created_at, content, previous, edited, hidden FROM events"
            " WHERE repository = ? AND number = ? ORDER BY rowid",
            (record.id, number),
        )
        return [_event(row) for row in rows]

    def comment(self, record: RepositoryRecord, number: int, author: str, text: str) -> Event:
        """Add a comment and return it."""
        return self._add_event(record, number, "comment", author, text)

    def edit(
        self,
        record: RepositoryRecord,
        number: int,
        event: Event,
        text: str,
        *,
        hidden: bool = False,
    ) -> Event:
        """Give a comment another text and return it as it is now; hiding it can't be undone."""
        self._database.write(
            "UPDATE events SET content = ?, edited = ?, hidden = ?"
            " WHERE repository = ? AND number = ? AND id = ?",
            (text, int(not hidden), int(hidden), record.id, number, event.id),
        )
        return replace(event, content=text, edited=not hidden, hidden=hidden)

    def rename(
        self, record: RepositoryRecord, discussion: Discussion, by: str, title: str
    ) -> Event:
        """Store a new title and return the event that says so."""
        with self._database.transaction():
            self._database.write(
                "UPDATE discussions SET title = ? WHERE repository = ? AND number = ?",
                (title, record.id, discussion.number),
            )
            return self._add_event(
                record, discussion.number, "title-change", by, title, discussion.title
            )

    def merged(self, record: RepositoryRecord, number: int, by: str, commit: str) -> Event:
        """Store the commit by which a pull request was merged and return the event."""
        with self._database.transaction():
            self._database.write(
                "UPDATE discussions SET merge_commit = ? WHERE repository = ? AND number = ?",
                (commit, record.id, number),
            )
            return self._change_status(record, number, by, "merged")

    def set_status(self, record: RepositoryRecord, number: int, author: str, status: str) -> Event:
        """Store a new status and return the event that says so."""
        with self._database.transaction():
            return self._change_status(record, number, author, status)

    def _change_status(
        self, record: RepositoryRecord, number: int, author: str, status: str
    ) -> Event:
        self._database.write(
            "UPDATE discussions SET status = ? WHERE repository = ? AND number = ?",
            (status, record.id, number),
        )
        return self._add_event(record, number, "status-change", author, status)

    def _add_event(
        self,
        record: RepositoryRecord,
        number: int,
        kind: str,
        author: str,
        content: str,
        previous: str | None = None,
    ) -> Event:
        event = Event(secrets.token_hex(12), kind, author, moments.now(), content, previous)
        self._database.write(
            "INSERT INTO events (id, repository, number, kind, author, created_at, content,"
            " previous) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (event.id, record.id, number, kind, author, event.created_at, content, previous),
        )
        return event


def _discussion(row: Row) -> Discussion:
    return Discussion(
        number=row["number"],
        title=row["title"],
        author=row["author"],
        status=row["status"],
        is_pull_request=bool(row["pull_request"]),
        created_at=row["created_at"],
        merge_commit=row["merge_commit"],
    )


def _event(row: Row) -> Event:
    values = {column.name: row[column.name] for column in fields(Event)}
    return Event(**values | {"edited": bool(row["edited"]), "hidden": bool(row["hidden"])})
