"""A database of an older version is brought up to date, with what it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tools.rehearsal.store import database
from tools.rehearsal.store.discussions import Discussions
from tools.rehearsal.store.records import Records


def test_version_one_keeps_its_repositories_and_discussions(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    with sqlite3.connect(file) as old:
        old.executescript(database.SCHEMA)
        old.execute(
            "INSERT INTO repositories (id, kind, namespace, name, visibility, creator, created_at)"
            " VALUES ('1', 'spaces', 'me', 'app', 'private', 'me', '2026-01-01T00:00:00.000Z')"
        )
        old.execute(
            "INSERT INTO discussions VALUES ('1', 1, 'Why', 'me', 'open', 0,"
            " '2026-01-01T00:00:00.000Z')"
        )
        old.execute(
            "INSERT INTO events VALUES ('e', '1', 1, 'comment', 'me',"
            " '2026-01-01T00:00:00.000Z', 'Because')"
        )
        old.execute("PRAGMA user_version = 1")
    old.close()
    for _ in range(2):
        opened = database.Database(file)
        record = Records(opened).find("spaces", "me", "app")
        assert record is not None
        assert record.gated is None
        (discussion,) = Discussions(opened).all(record)
        assert (discussion.title, discussion.merge_commit) == ("Why", None)
        (event,) = Discussions(opened).events(record, 1)
        assert (event.content, event.edited, event.previous) == ("Because", False, None)
        version = opened.row("PRAGMA user_version")
        assert version is not None
        assert version[0] == database.SCHEMA_VERSION
        opened.close()
