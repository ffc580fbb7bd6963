"""One bare git repository: reading revisions and adding commits, through dulwich."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import pathspec
from dulwich.config import StackedConfig
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.patch import write_tree_diff
from dulwich.refs import Ref
from dulwich.repo import Repo

from ..errors import entry_not_found, revision_not_found, stale_parent
from . import damage, large_files, trees
from .objects import LOOSE_LIMIT, ObjectWriter
from .revisions import (
    CommitRecord,
    Entry,
    File,
    Folder,
    NewCommit,
    commit_object,
    commit_record,
)
from .sizes import BlobSizes

DEFAULT_REVISION = "main"
WRITABLE_REFERENCES = ("refs/heads/", "refs/pr/")
_COMMIT_ID = re.compile(r"[0-9a-f]{40}")
_ABBREVIATED_COMMIT_ID = re.compile(r"[0-9a-f]{7,39}")


class GitRepository:
    """An open bare repository; use it as a context manager, and not in two threads at once."""

    def __init__(self, folder: Path, sizes: BlobSizes) -> None:
        self._folder = folder
        self._repo = Repo(os.fspath(folder))
        self._store = self._repo.object_store
        self._store.fsync_object_files = True
        self._sizes = sizes

    @classmethod
    def create(cls, folder: Path, sizes: BlobSizes) -> GitRepository:
        """Create an empty bare repository in `folder`, whose parents are made as needed."""
        folder.mkdir(parents=True)
        # An empty configuration: the person's own ~/.gitconfig must not shape the Hub.
        Repo.init_bare(
            os.fspath(folder), config=StackedConfig([]), default_branch=DEFAULT_REVISION.encode()
        ).close()
        return cls(folder, sizes)

    def __enter__(self) -> GitRepository:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._repo.close()
        found = damage.of_object(self._folder, error)
        if found is not None:
            raise found from error

    def writer(self, loose_limit: int = LOOSE_LIMIT) -> ObjectWriter:
        """Return a writer for the objects of a commit to come; more than the limit make a pack."""
        return ObjectWriter(self._store, self._sizes, loose_limit)

    def references(self) -> dict[str, str]:
        """Return every reference (`refs/heads/main`, ...) with its full commit id."""
        found = self._repo.refs.as_dict()
        named = {name for name in self._repo.refs.allkeys() if name.startswith(b"refs/")}
        damage.check_references(self._folder, found, named)
        return {name.decode(): found[name].decode() for name in named}

    def resolve(self, revision: str) -> str:
        """Return the full commit id of a branch, tag, `refs/...` or (abbreviated) commit id.

        Raises 404 RevisionNotFound.
        """
        references = self.references()
        for reference in _candidate_references(revision):
            found = references.get(reference.decode())
            if found is not None:
                return found
        commit_id = self._commit_called(revision)
        if commit_id is None:
            raise revision_not_found(revision)
        return commit_id

    def writable_reference(self, revision: str) -> str:
        """Return the full name of a branch or pull request. Raises 404 RevisionNotFound."""
        name = revision if revision.startswith("refs/") else f"refs/heads/{revision}"
        if not name.startswith(WRITABLE_REFERENCES) or name not in self.references():
            raise revision_not_found(revision)
        return name

    def _commit_called(self, revision: str) -> str | None:
        if _COMMIT_ID.fullmatch(revision):
            candidates: Iterable[ObjectID] = [ObjectID(revision.encode())]
        elif _ABBREVIATED_COMMIT_ID.fullmatch(revision):
            candidates = list(self._store.iter_prefix(revision.encode()))
        else:
            return None
        commits = [c for c in candidates if c in self._store and isinstance(self._store[c], Commit)]
        return commits[0].decode() if len(commits) == 1 else None

    def head(self) -> str | None:
        """Return the commit id of `main`, or None in a repository without commits."""
        return self.references().get(f"refs/heads/{DEFAULT_REVISION}")

    def commit(
        self,
        reference: str,
        changes: Sequence[trees.Change],
        details: NewCommit,
        writer: ObjectWriter,
        parent: str | None = None,
    ) -> str:
        """Add a commit on `reference` and return its id once it is on disk.

        `writer` has the content of the files to add. `parent` is the commit that the caller
        believes to be the head; 412 when it is not. A commit that changes nothing is not made: the
        head's id is returned. Raises also what `trees.apply` raises; then nothing changes.
        """
        old = self.references().get(reference)
        _check_parent(parent, old)
        new = self._write_commit(old, changes, details, writer)
        if new != old:
            self._move(reference, old, new)
        return new

    def branch_off(
        self,
        reference: str,
        base: str,
        changes: Sequence[trees.Change],
        details: NewCommit,
        writer: ObjectWriter,
        parent: str | None = None,
    ) -> str:
        """Add a commit on top of `base` under the new name `reference`; else like `commit`."""
        _check_parent(parent, base)
        new = self._write_commit(base, changes, details, writer)
        self._move(reference, None, new)
        return new

    def _write_commit(
        self,
        parent: str | None,
        changes: Sequence[trees.Change],
        details: NewCommit,
        writer: ObjectWriter,
    ) -> str:
        tree_id, new_trees = trees.build(trees.apply(self.files(parent), changes))
        if parent is not None and self._tree_id(parent) == tree_id:
            return parent
        commit = commit_object(tree_id, parent, details)
        for item in [*new_trees, commit]:
            writer.add(item)
        writer.flush()
        return commit.id.decode()

    def _move(self, reference: str, old: str | None, new: str) -> None:
        if old is None:
            moved = self._repo.refs.add_if_new(_reference(reference), _object(new))
        else:
            moved = self._repo.refs.set_if_equals(_reference(reference), _object(old), _object(new))
        if not moved:
            raise stale_parent(old or "none", self.references().get(reference))

    def squash(self, reference: str, details: NewCommit) -> str:
        """Replace the history of `reference` by one commit with the same files; return its id."""
        old = self.references()[reference]
        writer = self.writer()
        commit = commit_object(self._tree_id(old), None, details)
        writer.add(commit)
        writer.flush()
        new: str = commit.id.decode()
        self._move(reference, old, new)
        return new

    def difference(self, old: str, new: str) -> str:
        """Return what changes from commit `old` to commit `new`, as git prints it."""
        output = io.BytesIO()
        write_tree_diff(output, self._store, self._tree_id(old), self._tree_id(new))
        return output.getvalue().decode("utf-8", "replace")

    def point(self, reference: str, commit_id: str) -> None:
        """Create `reference` at a commit. Raises 412 when it exists already."""
        self._move(reference, None, commit_id)

    def unpoint(self, reference: str) -> None:
        """Remove `reference`; nothing happens when it is not there."""
        self._repo.refs.remove_if_equals(_reference(reference), None)

    def _tree_id(self, commit_id: str) -> ObjectID:
        commit = self._store[_object(commit_id)]
        if not isinstance(commit, Commit):
            raise revision_not_found(commit_id)
        tree_id: ObjectID = commit.tree
        return tree_id

    def files(self, commit_id: str | None) -> trees.Files:
        """Return every file of a commit by path; none for None."""
        if commit_id is None:
            return {}
        return trees.read_files(self._store, self._tree_id(commit_id))

    def entries(self, commit_id: str, folder: str = "", *, recursive: bool = False) -> list[Entry]:
        """Return what a folder holds. Raises 404 EntryNotFound when there is no such folder."""
        tree_id = self._tree_id(commit_id)
        if folder:
            found = self.entry(commit_id, folder)
            if not isinstance(found, Folder):
                raise entry_not_found(folder, commit_id)
            tree_id = _object(found.tree_id)
        prefix = folder + "/" if folder else ""
        walked = trees.walk(self._store, tree_id, prefix, recursive=recursive)
        large = self._large_patterns(commit_id)
        return [self._entry(path, mode, object_id, large) for path, mode, object_id in walked]

    def _large_patterns(self, commit_id: str) -> pathspec.GitIgnoreSpec:
        root = self._store[self._tree_id(commit_id)]
        name = large_files.ATTRIBUTES.encode()
        if not isinstance(root, Tree) or name not in root:
            return large_files.patterns(b"")
        return large_files.patterns(self._store[root[name][1]].as_raw_string())

    def _entry(
        self, path: str, mode: int, object_id: ObjectID, large: pathspec.GitIgnoreSpec
    ) -> Entry:
        if stat.S_ISDIR(mode):
            return Folder(path, object_id.decode())
        size = self._sizes.of(self._store, object_id)
        pointer = self._pointer(object_id, size) if large.match_file(path) else None
        return File(path, object_id.decode(), size, pointer)

    def _pointer(self, blob_id: ObjectID, size: int) -> large_files.Pointer | None:
        checksums = self._sizes.checksums
        checksum = checksums.known(blob_id)
        if checksum is None:
            blob = self._store[blob_id]
            checksum = checksums.of(blob) if isinstance(blob, Blob) else None
        return large_files.Pointer(checksum, size) if checksum else None

    def blob_with_checksum(self, checksum: str) -> ObjectID | None:
        """Return the blob of this repository with a SHA-256 that somebody was told, or None."""
        known = self._sizes.checksums.blobs(checksum)
        return next((blob_id for blob_id in known if blob_id in self._store), None)

    def entry(self, commit_id: str, path: str) -> Entry | None:
        """Return the file or folder at `path`, or None."""
        mode, object_id = trees.DIRECTORY, self._tree_id(commit_id)
        for segment in path.split("/"):
            tree = self._store[object_id]
            if not isinstance(tree, Tree) or segment.encode() not in tree:
                return None
            mode, object_id = tree[segment.encode()]
        return self._entry(path, mode, object_id, self._large_patterns(commit_id))

    def read(self, file: File) -> bytes:
        """Return a file's content."""
        blob = self._store[_object(file.blob_id)]
        if not isinstance(blob, Blob):
            raise entry_not_found(file.path)
        return blob.data

    def read_path(self, commit_id: str, path: str) -> bytes | None:
        """Return the content of the file at `path`, or None when there is no such file."""
        found = self.entry(commit_id, path)
        return self.read(found) if isinstance(found, File) else None

    def history(self, commit_id: str) -> Iterator[CommitRecord]:
        """Yield a commit and its ancestors, newest first (histories are linear here)."""
        current: ObjectID | None = _object(commit_id)
        while current is not None:
            commit = self._store[current]
            if not isinstance(commit, Commit):
                return
            yield commit_record(commit)
            current = commit.parents[0] if commit.parents else None

    def last_changes(self, commit_id: str, paths: Iterable[str]) -> dict[str, CommitRecord]:
        """Return, for each of `paths` (files or folders), the commit that made it what it is.

        Every path must exist at `commit_id`.
        """
        now = self._object_ids(commit_id)
        open_paths = {path: now[path] for path in paths}
        found: dict[str, CommitRecord] = {}
        newer, *older = self.history(commit_id)
        for record in older:
            then = self._object_ids(record.id) if open_paths else {}
            for path in [p for p, object_id in open_paths.items() if then.get(p) != object_id]:
                found[path] = newer
                del open_paths[path]
            newer = record
        return found | dict.fromkeys(open_paths, newer)

    def _object_ids(self, commit_id: str) -> dict[str, ObjectID]:
        walked = trees.walk(self._store, self._tree_id(commit_id))
        return {path: object_id for path, _, object_id in walked}

    def export(self, commit_id: str, folder: Path) -> None:
        """Write the files of a commit into an existing folder."""
        for path, leaf in self.files(commit_id).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            blob = self._store[leaf.blob_id]
            if isinstance(blob, Blob):
                target.write_bytes(blob.data)

    def contents(self, commit_id: str) -> dict[str, bytes]:
        """Return the content of every file of a commit, by path."""
        return {
            path: self._store[leaf.blob_id].as_raw_string()
            for path, leaf in self.files(commit_id).items()
        }


def _check_parent(parent: str | None, head: str | None) -> None:
    if parent is not None and (head is None or not head.startswith(parent)):
        raise stale_parent(parent, head)


def _object(identifier: str) -> ObjectID:
    return ObjectID(identifier.encode())


def _reference(name: str) -> Ref:
    return Ref(name.encode())


def _candidate_references(revision: str) -> list[Ref]:
    if revision.startswith("refs/"):
        return [_reference(revision)]
    return [_reference(f"refs/heads/{revision}"), _reference(f"refs/tags/{revision}")]
