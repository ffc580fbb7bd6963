"""The Hub's JSON for discussions, pull requests and what happened in them."""

from __future__ import annotations

from typing import Any

from .store.discussions import PULL_REQUESTS, Discussion, Event
from .store.git import DEFAULT_REVISION, GitRepository
from .store.merging import common_ancestor, conflicting_files
from .store.records import RepositoryRecord

Json = dict[str, Any]


def summary(record: RepositoryRecord, discussion: Discussion) -> Json:
    """Return what a list tells of a discussion."""
    return {
        "num": discussion.number,
        "title": discussion.title,
        "author": {"name": discussion.author},
        "createdAt": discussion.created_at,
        "status": discussion.status,
        "isPullRequest": discussion.is_pull_request,
        "repo": {"name": record.full_name, "type": record.kind[:-1]},
    }


def details(record: RepositoryRecord, discussion: Discussion, events: list[Event]) -> Json:
    """Return a discussion with its events; a pull request needs `changes` as well."""
    return summary(record, discussion) | {"events": [event(item) for item in events]}


def changes(repository: GitRepository, discussion: Discussion, *, with_diff: bool) -> Json:
    """Return what a pull request would change, in git's format when `with_diff`."""
    base: Json = {"base": f"refs/heads/{DEFAULT_REVISION}"}
    if discussion.merge_commit is not None:
        base["mergeCommitId"] = discussion.merge_commit
    source = repository.resolve(f"{PULL_REQUESTS}{discussion.number}")
    head = repository.resolve(DEFAULT_REVISION)
    is_open = discussion.status in {"open", "draft"}
    conflicts = conflicting_files(repository, source, head) if is_open else []
    answer: Json = {"changes": base, "filesWithConflicts": conflicts}
    if with_diff:
        parted = common_ancestor(repository, source, head) or head
        answer["diff"] = repository.difference(parted, source)
    return answer


def event(happened: Event) -> Json:
    """Return one event."""
    return {
        "id": happened.id,
        "type": happened.kind,
        "createdAt": happened.created_at,
        "author": {"name": happened.author},
        "data": _data(happened),
    }


def _data(happened: Event) -> Json:
    if happened.kind == "status-change":
        return {"status": happened.content}
    if happened.kind == "title-change":
        return {"from": happened.previous, "to": happened.content}
    text = "This comment has been hidden" if happened.hidden else happened.content
    return {"edited": happened.edited, "hidden": happened.hidden, "latest": {"raw": text}}
