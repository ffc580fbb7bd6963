"""Putting worlds into the store, each repository once; a changed folder becomes a commit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..store import moments
from ..store.records import RepositoryRecord
from ..store.repositories import Repositories
from ..store.revisions import NewCommit
from ..store.trees import AddFile, Change, DeleteFile
from .facts import World
from .folder import Entry, WorldError, read_world

OWN_WORLD = Path(__file__).parent.parent / "world"
"""The world that comes with the package."""


def seed_worlds(repositories: Repositories, folders: Sequence[Path], ledger: Path) -> World:
    """Make the store hold the repositories of `folders`, and return what is known of them.

    Args:
        repositories: the store.
        folders: worlds; a later one may not name a repository of an earlier one.
        ledger: the file that notes what was seeded from which files, so that a repository that
            somebody deleted stays deleted and one whose folder is as it was costs nothing.

    Raises:
        WorldError: a world that can't be read, or a name that belongs to somebody's repository.
    """
    entries: dict[str, Entry] = {}
    for folder in folders:
        for entry in read_world(folder):
            if entry.key.lower() in entries:
                raise WorldError(f"{folder} names {entry.key}, which another world has already")
            entries[entry.key.lower()] = entry
    known = _read(ledger)
    sown = {key: _sow(repositories, entry, known.get(key)) for key, entry in entries.items()}
    if sown != {key: known.get(key) for key in sown}:
        _write(ledger, known | sown)
    return World({entry.record_id: entry.facts for entry in entries.values()})


def _sow(repositories: Repositories, entry: Entry, known: str | None) -> str:
    digest = entry.digest
    if known == digest:
        return digest
    record = repositories.records.find(entry.kind, entry.owner, entry.name)
    if record is None:
        if known is None:
            repositories.create(_record(entry), entry.files, moment=entry.created)
    elif record.id != entry.record_id:
        raise WorldError(f"{entry.key} exists already and was not seeded; rename the folder")
    else:
        _update(repositories, record, entry.files)
    return digest


def _record(entry: Entry) -> RepositoryRecord:
    is_space = entry.kind == "spaces"
    return RepositoryRecord(
        kind=entry.kind,
        namespace=entry.owner,
        name=entry.name,
        visibility="public",
        creator=entry.owner,
        id=entry.record_id,
        created_at=moments.text(entry.created),
        sdk=entry.sdk,
        hardware=entry.details.hardware if is_space else None,
    )


def _update(
    repositories: Repositories, record: RepositoryRecord, files: Mapping[str, bytes]
) -> None:
    """Commit what the folder holds now; nothing happens when the repository has exactly that."""
    with repositories.lock(record), repositories.open(record) as repository:
        head = repository.head()
        before = repository.contents(head) if head else {}
        writer = repository.writer()
        changes: list[Change] = [DeleteFile(path) for path in before if path not in files]
        changes += [AddFile(path, writer.add_blob(data)) for path, data in files.items()]
        details = NewCommit("Update from the world folder", "", record.creator)
        repository.commit("refs/heads/main", changes, details, writer)


def _read(ledger: Path) -> dict[str, str]:
    try:
        noted = json.loads(ledger.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise WorldError(f"{ledger} is damaged ({error}); delete it to seed again") from error
    if not isinstance(noted, dict):
        raise WorldError(f"{ledger} is damaged; delete it to seed again")
    return {str(key): str(digest) for key, digest in noted.items()}


def _write(ledger: Path, noted: Mapping[str, str]) -> None:
    temporary = ledger.with_suffix(".new")
    temporary.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(ledger)
