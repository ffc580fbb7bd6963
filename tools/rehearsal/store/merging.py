"""Bringing the changes of a pull request onto a branch."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import conflict
from .git import GitRepository
from .revisions import NewCommit
from .trees import AddFile, Change, DeleteFile, Files


def merge(repository: GitRepository, source: str, reference: str, details: NewCommit) -> str:
    """Commit onto `reference` what commit `source` changed since the two parted.

    Returns the id of the new head. Raises 409 that names the files both changed.
    """
    head = repository.references()[reference]
    if conflicts := conflicting_files(repository, source, head):
        raise conflict(f"Both sides changed {', '.join(conflicts)}")
    before = repository.files(common_ancestor(repository, source, head))
    changes = list(_changes(before, repository.files(source), repository.files(head)))
    return repository.commit(reference, changes, details, repository.writer(), head)


def conflicting_files(repository: GitRepository, source: str, head: str) -> list[str]:
    """Return the paths that commits `source` and `head` changed differently, in order."""
    before = repository.files(common_ancestor(repository, source, head))
    theirs, ours = repository.files(source), repository.files(head)
    return sorted(
        path
        for path in before.keys() | theirs.keys() | ours.keys()
        if before.get(path) != theirs.get(path)
        and ours.get(path) not in (before.get(path), theirs.get(path))
    )


def common_ancestor(repository: GitRepository, one: str, other: str) -> str | None:
    """Return the newest commit in both histories; None when a history was squashed."""
    known = {record.id for record in repository.history(one)}
    return next((r.id for r in repository.history(other) if r.id in known), None)


def _changes(before: Files, theirs: Files, ours: Files) -> Iterator[Change]:
    for path in before.keys() | theirs.keys():
        leaf = theirs.get(path)
        if leaf == before.get(path) or leaf == ours.get(path):
            continue
        yield DeleteFile(path) if leaf is None else AddFile(path, leaf.blob_id)
