"""Walking a folder once, and sorting what is there into files to send, ignored and refused."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from .ignoring import GitIgnore, is_left_out_folder, rule_for_file, rule_for_folder
from .model import FolderPlan, FolderProblem, PlannedFile, Refusal
from .secret_files import refusal_by_name, refusals_by_content
from .selection import Selection, selection_of

LARGEST_FILE = 50_000_000_000
"""Bytes. The disk of a Space has 50 GB (hub-docs, spaces-overview, 2026-08-22)."""

_IGNORED_SHOWN = 20
_BAD_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def plan_folder(folder: Path, *, only: Sequence[str] = ()) -> FolderPlan:
    """Say what an upload of a folder would send, and everything that speaks against it.

    `only` narrows the plan to single files: paths relative to the folder, or patterns as in a
    .gitignore file. Files that .gitignore names are left out, never refused, unless `only` asks
    for one of them by its exact path.
    Raises FolderProblem when there is nothing to plan: `folder_missing`, `not_a_folder`,
    `folder_empty`, `path_outside_folder`, `nothing_matches`. Nothing is changed on disk.
    """
    root = _checked(folder)
    planner = _Planner(root, selection_of(only, root))
    planner.walk()
    return planner.plan()


def leave_out(plan: FolderPlan, gitignore: str, *, whose: str) -> FolderPlan:
    """The plan without the files that one more .gitignore names; `ignored` says so first.

    `gitignore` is the text of that file, `whose` says where it comes from: `the Space's`.
    """
    rules = GitIgnore().with_lines(gitignore.splitlines(), "")
    left_out = {
        file: f"{file.path_in_repo} ({whose} {rule})"
        for file in plan.files
        if (rule := rules.rule_for(file.path_in_repo, is_folder=False))
    }
    kept = tuple(file for file in plan.files if file not in left_out)
    return FolderPlan(
        files=kept,
        ignored=(*left_out.values(), *plan.ignored)[:_IGNORED_SHOWN],
        ignored_total=plan.ignored_total + len(left_out),
        refusals=plan.refusals,
        total_bytes=sum(file.size_bytes for file in kept),
    )


def _checked(folder: Path) -> Path:
    if not os.path.lexists(folder):
        raise FolderProblem("folder_missing", f"There is no folder {folder}.")
    if not folder.is_dir():
        raise FolderProblem("not_a_folder", f"{folder} is not a folder.")
    return folder.resolve()


class _Planner:
    def __init__(self, root: Path, selection: Selection) -> None:
        self._root = root
        self._selection = selection
        self._files: list[PlannedFile] = []
        self._ignored: list[str] = []
        self._refusals: list[Refusal] = []

    def walk(self) -> None:
        """Look at everything below the root."""
        self._walk(self._root, "", GitIgnore(), (os.path.realpath(self._root),))

    def plan(self) -> FolderPlan:
        """Sum up; raises FolderProblem when nothing at all is left."""
        if not self._files and not self._refusals:
            raise self._nothing_left()
        return FolderPlan(
            files=tuple(sorted(self._files, key=lambda file: file.path_in_repo)),
            ignored=tuple(self._ignored[:_IGNORED_SHOWN]),
            ignored_total=len(self._ignored),
            refusals=tuple(self._refusals),
            total_bytes=sum(file.size_bytes for file in self._files),
        )

    def _nothing_left(self) -> FolderProblem:
        if not self._selection.is_everything:
            asked = ", ".join([*sorted(self._selection.named), *self._selection.patterns])
            return FolderProblem("nothing_matches", f"No file to send matches {asked}.")
        left_out = f" ({len(self._ignored)} ignored)" if self._ignored else ""
        return FolderProblem("folder_empty", f"{self._root} holds no file to send{left_out}.")

    def _walk(
        self, folder: Path, prefix: str, gitignore: GitIgnore, above: tuple[str, ...]
    ) -> None:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self._refuse(prefix.rstrip("/"), f"the folder cannot be read: {error.strerror}")
            return
        gitignore = gitignore.entering(folder, prefix)
        for entry in entries:
            path = prefix + entry.name
            if _BAD_IN_NAMES.search(entry.name) or not _is_utf8(entry.name):
                self._look_at_bad_name(path, gitignore)
            elif entry.is_symlink():
                self._look_at_link(entry, path, gitignore, above)
            elif entry.is_dir(follow_symlinks=False):
                self._look_at_folder(Path(entry.path), path, gitignore, above)
            else:
                self._look_at_file(Path(entry.path), path, gitignore)

    def _look_at_folder(
        self, folder: Path, path: str, gitignore: GitIgnore, above: tuple[str, ...]
    ) -> None:
        if not self._selection.may_hold_something_in(path):
            return
        rule = rule_for_folder(folder.name, folder) or gitignore.rule_for(path, is_folder=True)
        if rule:
            self._leave_out(f"{path}/", rule)
            return
        real = os.path.realpath(folder)
        if real in above:
            self._refuse(path, "the symlink leads back to a folder above it")
        else:
            self._walk(folder, f"{path}/", gitignore, (*above, real))

    def _look_at_link(
        self, entry: os.DirEntry[str], path: str, gitignore: GitIgnore, above: tuple[str, ...]
    ) -> None:
        link = Path(entry.path)
        is_folder = link.is_dir()
        wanted = self._selection.may_hold_something_in if is_folder else self._selection.holds
        if not wanted(path):
            return
        built_in = rule_for_folder(entry.name, link) if is_folder else rule_for_file(entry.name)
        rule = built_in or gitignore.rule_for(path, is_folder=False)
        if rule:
            self._leave_out(path, rule)
            return
        reason = self._what_is_wrong_with_link(link)
        if reason:
            self._refuse(path, reason)
        elif is_folder:
            self._look_at_folder(link, path, gitignore, above)
        else:
            self._look_at_file(link, path, gitignore)

    def _what_is_wrong_with_link(self, link: Path) -> str | None:
        target = Path(os.path.realpath(link))
        if not target.is_relative_to(self._root):
            return "the symlink leads out of the folder"
        if not target.exists():
            return "the symlink leads nowhere"
        if any(is_left_out_folder(part) for part in target.relative_to(self._root).parts):
            return "the symlink leads into a folder that is never uploaded"
        if target.is_dir() and os.path.realpath(link.parent) != str(link.parent):
            # Followed as well, a few links could stand for millions of files.
            return "a symlink to a folder, inside a folder that is itself reached by a symlink"
        hidden = refusal_by_name(target.name, target.name)
        return f"the symlink leads to {target.name}: {hidden.reason}" if hidden else None

    def _look_at_file(self, local: Path, path: str, gitignore: GitIgnore) -> None:
        if not self._selection.holds(path):
            return
        rule = rule_for_file(local.name) or gitignore.rule_for(path, is_folder=False)
        if rule:
            self._leave_out(path, rule)
            return
        try:
            refusals = list(self._refusals_of(local, path))
            status = local.stat()
        except OSError as error:
            self._refuse(path, f"the file cannot be read: {error.strerror}")
            return
        self._refusals += refusals
        if not refusals:
            real = Path(os.path.realpath(local)) if local.is_symlink() else local
            self._files.append(
                PlannedFile(
                    path_in_repo=path,
                    local=real,
                    size_bytes=status.st_size,
                    modified_ns=status.st_mtime_ns,
                )
            )

    def _refusals_of(self, local: Path, path: str) -> Iterator[Refusal]:
        status = local.stat()
        by_name = refusal_by_name(path, local.name)
        if by_name:
            yield by_name
        elif not stat.S_ISREG(status.st_mode):
            yield Refusal(path=path, line=None, reason="not a regular file")
        elif status.st_size > LARGEST_FILE:
            yield Refusal(path=path, line=None, reason="larger than the 50 GB disk of a Space")
        else:
            yield from refusals_by_content(path, local.name, local)

    def _leave_out(self, path: str, rule: str) -> None:
        asked = self._selection.named_at(path.rstrip("/"))
        for name in asked:
            self._refuse(name, f"asked for, but left out by a rule ({rule})")
        if not asked and self._selection.holds(path.rstrip("/")):
            self._ignored.append(f"{path} ({rule})")

    def _look_at_bad_name(self, path: str, gitignore: GitIgnore) -> None:
        readable = path.encode("utf-8", "replace").decode("utf-8")
        if not self._selection.holds(readable) or gitignore.rule_for(readable, is_folder=False):
            return
        self._refuse(
            path.encode("unicode_escape").decode("ascii"),
            "the name holds a backslash, a control character or bytes that are not UTF-8",
        )

    def _refuse(self, path: str, reason: str) -> None:
        self._refusals.append(Refusal(path=path, line=None, reason=reason))


def _is_utf8(name: str) -> bool:
    """File systems hand out other bytes as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
