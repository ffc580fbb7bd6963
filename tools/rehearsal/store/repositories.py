"""All repositories: their records and their git folders, kept in step."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dulwich.errors import NotGitRepository

from ..errors import repository_not_found
from .git import GitRepository
from .records import KINDS, Kind, Records, RepositoryRecord
from .revisions import NewCommit
from .sizes import BlobSizes
from .trees import AddFile

MAIN = "refs/heads/main"


class Repositories:
    """Creates, opens, moves and deletes repositories below one folder."""

    def __init__(self, folder: Path, records: Records) -> None:
        self._folder = folder
        self._sizes = BlobSizes()
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self.records = records
        folder.mkdir(parents=True, exist_ok=True)
        self._finish_moves()
        self._remove_stale_locks()

    def lock(self, record: RepositoryRecord) -> threading.RLock:
        """Return the lock to hold while changing a repository."""
        return self._locks[record.id]

    def open(self, record: RepositoryRecord) -> GitRepository:
        """Open a repository's history; close it by using it as a context manager.

        Raises 404 when it was deleted since the record was read.
        """
        path = self._path(record.kind, record.namespace, record.name)
        try:
            return GitRepository(path, self._sizes)
        except NotGitRepository as error:
            raise repository_not_found(record.full_name) from error

    def create(
        self,
        record: RepositoryRecord,
        files: Mapping[str, bytes],
        title: str = "initial commit",
        moment: datetime | None = None,
    ) -> None:
        """Store a new repository with a first commit of `files`. Raises 409 for a taken name.

        `moment` is the date of the commit, None for now.

        The record comes last: a folder without one was left by an interrupted attempt.
        """
        path = self._path(record.kind, record.namespace, record.name)
        with self._locks[f"{record.kind}/{record.full_name}".lower()]:
            if self.records.find(record.kind, record.namespace, record.name) is None:
                shutil.rmtree(path, ignore_errors=True)
                with GitRepository.create(path, self._sizes) as repository:
                    _commit_files(repository, files, NewCommit(title, "", record.creator, moment))
            self.records.insert(record)

    def delete(self, record: RepositoryRecord) -> None:
        """Remove a repository with everything that belongs to it."""
        with self.lock(record):
            self.records.delete(record)
            shutil.rmtree(self._path(record.kind, record.namespace, record.name))

    def move(self, record: RepositoryRecord, namespace: str, name: str) -> None:
        """Rename a repository. Raises 409 for a taken name."""
        with self.lock(record):
            self.records.begin_move(record, namespace, name)
            self._follow(record, record.namespace, record.name, namespace, name)

    def _follow(
        self, record: RepositoryRecord, old_namespace: str, old_name: str, namespace: str, name: str
    ) -> None:
        source = self._path(record.kind, old_namespace, old_name)
        target = self._path(record.kind, namespace, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.exists():
            source.rename(target)
        self.records.finish_move(record)

    def _finish_moves(self) -> None:
        for record, old_namespace, old_name in self.records.unfinished_moves():
            self._follow(record, old_namespace, old_name, record.namespace, record.name)

    def _remove_stale_locks(self) -> None:
        # A Hub killed while it moved a reference leaves `main.lock`, and every later commit would
        # fail. This Hub holds the lock of the whole state folder, so nobody else is writing.
        for stale in self._folder.glob("*/*/*.git/**/*.lock"):
            stale.unlink()

    def _path(self, kind: Kind, namespace: str, name: str) -> Path:
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {KINDS}")
        return self._folder / kind / namespace / f"{name}.git"


def _commit_files(
    repository: GitRepository, files: Mapping[str, bytes], details: NewCommit
) -> None:
    # All of a first commit is new: one pack is quicker to put on disk than a file for each object.
    writer = repository.writer(loose_limit=0)
    changes = [AddFile(path, writer.add_blob(content)) for path, content in files.items()]
    repository.commit(MAIN, changes, details, writer)
