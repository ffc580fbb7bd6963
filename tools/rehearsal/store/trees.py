"""A git tree as a flat mapping from path to blob, the way the Hub's commit operations see it."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dulwich.object_store import BaseObjectStore
from dulwich.objects import ObjectID, Tree

from ..errors import bad_request, entry_not_found

REGULAR_FILE = 0o100644
DIRECTORY = 0o040000


@dataclass(frozen=True)
class AddFile:
    """Create or replace one file."""

    path: str
    blob_id: ObjectID


@dataclass(frozen=True)
class DeleteFile:
    """Remove one file; the path of a folder removes the folder, as on the real Hub."""

    path: str


@dataclass(frozen=True)
class DeleteFolder:
    """Remove a folder with everything in it."""

    path: str


Change = AddFile | DeleteFile | DeleteFolder


@dataclass(frozen=True)
class Leaf:
    """A file in a tree: git mode and object id of its blob."""

    mode: int
    blob_id: ObjectID


Files = dict[str, Leaf]


def read_files(store: BaseObjectStore, tree_id: ObjectID) -> Files:
    """Return all files of a tree, by path."""
    return {
        path: Leaf(mode, object_id)
        for path, mode, object_id in walk(store, tree_id)
        if not stat.S_ISDIR(mode)
    }


def walk(
    store: BaseObjectStore, tree_id: ObjectID, prefix: str = "", *, recursive: bool = True
) -> Iterator[tuple[str, int, ObjectID]]:
    """Yield path, mode and object id of every entry below a tree, folders before their content."""
    tree = store[tree_id]
    if not isinstance(tree, Tree):
        raise entry_not_found(prefix or "/")
    for name, mode, object_id in tree.iteritems():
        path = prefix + name.decode("utf-8", "replace")
        yield path, mode, object_id
        if recursive and stat.S_ISDIR(mode):
            yield from walk(store, object_id, path + "/")


def apply(files: Files, changes: Iterable[Change]) -> Files:
    """Return `files` after `changes`, in their order; `files` itself stays as it is.

    Raises 404 (EntryNotFound) for deleting what is not there, 400 where a file and a folder would
    have the same path.
    """
    result = dict(files)
    for change in changes:
        _apply_one(result, change)
    _refuse_file_as_folder(result)
    return result


def _apply_one(files: Files, change: Change) -> None:
    if isinstance(change, AddFile):
        files[change.path] = Leaf(REGULAR_FILE, change.blob_id)
        return
    if isinstance(change, DeleteFile) and change.path in files:
        doomed = [change.path]
    else:
        doomed = [path for path in files if path.startswith(change.path.rstrip("/") + "/")]
    if not doomed:
        raise entry_not_found(change.path)
    for path in doomed:
        del files[path]


def _refuse_file_as_folder(files: Files) -> None:
    for path in files:
        parent = path.rpartition("/")[0]
        while parent:
            if parent in files:
                raise bad_request(f"path {path!r} needs a folder where {parent!r} is a file")
            parent = parent.rpartition("/")[0]


def build(files: Files) -> tuple[ObjectID, list[Tree]]:
    """Return the root tree's id and all trees, deepest first, that hold `files`."""
    folders: dict[str, Tree] = {"": Tree()}
    for path, leaf in files.items():
        parent, _, name = path.rpartition("/")
        _folder(folders, parent).add(name.encode(), leaf.mode, leaf.blob_id)
    deepest_first = sorted((path for path in folders if path), key=_depth, reverse=True)
    for path in deepest_first:
        parent, _, name = path.rpartition("/")
        folders[parent].add(name.encode(), DIRECTORY, folders[path].id)
    return folders[""].id, [folders[path] for path in [*deepest_first, ""]]


def _depth(path: str) -> int:
    return path.count("/")


def _folder(folders: dict[str, Tree], path: str) -> Tree:
    if path not in folders:
        folders[path] = Tree()
        _folder(folders, path.rpartition("/")[0])
    return folders[path]
