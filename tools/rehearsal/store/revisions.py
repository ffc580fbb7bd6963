"""What the Hub tells of a revision: files, folders, commits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone

from dulwich.objects import Commit, ObjectID

from .large_files import Pointer


@dataclass(frozen=True)
class File:
    """A file of a revision."""

    path: str
    blob_id: str
    size: int
    """Bytes."""
    pointer: Pointer | None = None
    """What git would hold on the platform; None for a file that is in git there, too."""


@dataclass(frozen=True)
class Folder:
    """A folder of a revision."""

    path: str
    tree_id: str


Entry = File | Folder


@dataclass(frozen=True)
class CommitRecord:
    """What the Hub tells of a commit."""

    id: str
    title: str
    message: str
    """The text below the title; may be empty."""
    author: str
    date: datetime


@dataclass(frozen=True)
class NewCommit:
    """A commit to be made."""

    title: str
    description: str
    author: str
    date: datetime | None = None
    """When it was made; None is now."""


def commit_object(tree_id: ObjectID, parent: str | None, details: NewCommit) -> Commit:
    """Return a commit, not yet stored."""
    commit = Commit()
    commit.tree = tree_id
    commit.parents = [ObjectID(parent.encode())] if parent else []
    identity = f"{details.author} <{details.author}@users.noreply.localhost>".encode()
    commit.author = commit.committer = identity
    seconds = details.date.timestamp() if details.date else time.time()
    commit.author_time = commit.commit_time = int(seconds)
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    text = details.title + (f"\n\n{details.description}" if details.description else "")
    commit.message = text.encode("utf-8", "replace")
    return commit


def commit_record(commit: Commit) -> CommitRecord:
    """Return what the Hub tells of a stored commit."""
    title, _, message = commit.message.decode("utf-8", "replace").partition("\n")
    return CommitRecord(
        id=commit.id.decode(),
        title=title,
        message=message.strip("\n"),
        author=commit.author.partition(b" <")[0].decode("utf-8", "replace"),
        date=datetime.fromtimestamp(commit.commit_time, timezone.utc),
    )
