"""Picking single files of a folder by path or by pattern."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from .ignoring import is_pattern
from .model import FolderProblem

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass
class Selection:
    """Which paths the caller asked for; everything when nothing was asked for."""

    named: frozenset[str] = frozenset()
    """Files and folders given by their exact path."""
    patterns: tuple[str, ...] = ()
    _spec: GitIgnoreSpec = field(init=False)

    def __post_init__(self) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(f"/{pattern}" for pattern in self.patterns)

    @property
    def is_everything(self) -> bool:
        """Whether the caller made no selection."""
        return not self.named and not self.patterns

    def holds(self, path: str) -> bool:
        """Whether a file is asked for, itself or through a folder above it."""
        if self.is_everything or path in self.named:
            return True
        above = (str(parent) for parent in PurePath(path).parents)
        return any(parent in self.named for parent in above) or self._spec.match_file(path)

    def named_at(self, path: str) -> list[str]:
        """Return the exact paths asked for that are this one or lie below it."""
        return sorted(name for name in self.named if name == path or name.startswith(f"{path}/"))

    def may_hold_something_in(self, folder: str) -> bool:
        """Whether it is worth looking into a folder."""
        if self.is_everything or self.patterns or self.holds(folder):
            return True
        return any(name.startswith(f"{folder}/") for name in self.named)


def selection_of(only: Sequence[str], folder: Path) -> Selection:
    """Sort what was asked for into exact paths and patterns.

    Raises FolderProblem (`path_outside_folder`, `nothing_matches`) for a path that leads out of
    the folder or names no file in it.
    """
    named: set[str] = set()
    patterns: list[str] = []
    for asked in only:
        path = _inside(asked, folder)
        if os.path.lexists(folder / path):
            named.add(path)
        elif any(sign in path for sign in "*?[") and is_pattern(f"/{path}"):
            patterns.append(path)
        else:
            raise FolderProblem("nothing_matches", f"There is no {asked!r} in {folder}.")
    return Selection(frozenset(named), tuple(patterns))


def _inside(asked: str, folder: Path) -> str:
    """Return the path relative to the folder, without looking at the disk."""
    path = os.path.normpath(folder / asked)
    if "\0" in asked or not asked or not Path(path).is_relative_to(folder) or path == str(folder):
        raise FolderProblem(
            "path_outside_folder",
            f"{asked!r} is not a file inside {folder}; give paths relative to that folder.",
        )
    return os.path.relpath(path, folder)
