"""A commit on its way in: what has arrived, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import RLock

from dulwich.objects import ObjectID

from . import front_matter, ndjson
from .call import Call
from .errors import bad_request
from .store.discussions import PULL_REQUESTS, Discussion, Discussions
from .store.git import GitRepository
from .store.records import RepositoryRecord
from .store.revisions import NewCommit
from .store.trees import AddFile, Change, DeleteFile, DeleteFolder

MAIN_REFERENCE = "refs/heads/main"


@dataclass(frozen=True)
class MadeCommit:
    """A commit that is on disk."""

    id: str
    changed_main: bool = False
    pull_request: int | None = None


class Upload:
    """Takes a commit's body line by line, then makes the commit."""

    def __init__(self, record: RepositoryRecord, repository: GitRepository, lock: RLock) -> None:
        self._record = record
        self._repository = repository
        self._lock = lock
        self._writer = repository.writer()
        self._header: ndjson.Header | None = None
        self._changes: list[Change] = []

    @classmethod
    async def receive(
        cls, call: Call, record: RepositoryRecord, repository: GitRepository
    ) -> Upload:
        """Read the body of a request. Raises 400 for a line that is wrong."""
        upload = cls(record, repository, call.hub.repositories.lock(record))
        async for line in ndjson.lines(call.request.stream()):
            await call.in_thread(partial(upload.take, line))
        return upload

    def take(self, line: bytes) -> None:
        """Add one line; a file's content goes to the object store, not into this object."""
        operation = ndjson.parse(line)
        if isinstance(operation, ndjson.Header):
            self._header = operation
        elif isinstance(operation, ndjson.Deletion):
            kind = DeleteFolder if operation.is_folder else DeleteFile
            self._changes.append(kind(operation.path))
        elif isinstance(operation, ndjson.StoredFile):
            self._changes.append(AddFile(operation.path, self._stored(operation)))
        else:
            self._check_card(operation)
            blob_id = self._writer.add_blob(operation.content)
            self._changes.append(AddFile(operation.path, blob_id))

    def _stored(self, file: ndjson.StoredFile) -> ObjectID:
        blob_id = self._repository.blob_with_checksum(file.checksum)
        if blob_id is None:
            raise bad_request(
                f"lfsFile: the content of {file.path!r} is not in this repository; send it with"
                " the commit, this Hub takes every file as a regular one (see preupload)"
            )
        return blob_id

    def _check_card(self, file: ndjson.FileContent) -> None:
        if file.path != "README.md":
            return
        text = file.content.decode("utf-8", "replace")
        found = front_matter.errors(text, self._record.kind[:-1])
        if found:
            raise bad_request("Invalid metadata in README.md: " + "; ".join(found))

    def commit(self, author: str, revision: str) -> MadeCommit:
        """Commit to an existing branch or pull request, named by `revision`."""
        header, details = self._details(author)
        with self._lock:
            reference = self._repository.writable_reference(revision)
            old = self._repository.references()[reference]
            new = self._repository.commit(
                reference, self._changes, details, self._writer, header.parent_commit
            )
        is_new = new != old
        return MadeCommit(new, changed_main=is_new and reference == MAIN_REFERENCE)

    def commit_to_new_pull_request(
        self, discussions: Discussions, author: str, revision: str
    ) -> MadeCommit:
        """Commit to a new pull request based on `revision`, and open its discussion."""
        header, details = self._details(author)
        with self._lock:
            # Not a commit id: a pull request is to be merged somewhere.
            reference = self._repository.writable_reference(revision)
            base = self._repository.references()[reference]
            number = next_number(self._repository, discussions, self._record)
            new = self._repository.branch_off(
                f"{PULL_REQUESTS}{number}",
                base,
                self._changes,
                details,
                self._writer,
                header.parent_commit,
            )
            discussion = Discussion(number, header.summary, author, "open", is_pull_request=True)
            discussions.open(self._record, discussion, header.description)
        return MadeCommit(new, pull_request=number)

    def _details(self, author: str) -> tuple[ndjson.Header, NewCommit]:
        if self._header is None:
            raise bad_request('a commit needs a line with the key "header"')
        return self._header, NewCommit(self._header.summary, self._header.description, author)


def next_number(
    repository: GitRepository, discussions: Discussions, record: RepositoryRecord
) -> int:
    """Return a number that no discussion and no pull request has; hold the repository's lock."""
    taken = [
        int(name.removeprefix(PULL_REQUESTS))
        for name in repository.references()
        if name.startswith(PULL_REQUESTS)
    ]
    return max([discussions.newest(record), *taken]) + 1
