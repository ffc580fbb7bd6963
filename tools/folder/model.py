"""The plan of an upload, and the ways in which there can be none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

FolderProblemCode: TypeAlias = Literal[
    "folder_missing",
    "not_a_folder",
    "folder_empty",
    "path_outside_folder",
    "nothing_matches",
]


class PlannedFile(BaseModel):
    """One file that would be sent."""

    model_config = ConfigDict(frozen=True)

    path_in_repo: str
    """Relative, with slashes."""
    local: Path
    """The file to read; for a symlink the file it leads to."""
    size_bytes: int
    modified_ns: int
    """When the file was last changed, in nanoseconds since 1970."""


class Refusal(BaseModel):
    """One reason not to upload. The secret itself is never part of it."""

    model_config = ConfigDict(frozen=True)

    path: str
    line: int | None
    """Where in the file, counted from 1; None when the file as a whole is the reason."""
    reason: str


class FolderPlan(BaseModel):
    """What an upload of a folder would send, leave out, and refuse.

    An upload goes ahead only when `refusals` is empty.
    """

    model_config = ConfigDict(frozen=True)

    files: tuple[PlannedFile, ...]
    """Sorted by path; refused files are not among them."""
    ignored: tuple[str, ...]
    """The first twenty things left out, each with the rule: `data.bin (.gitignore: *.bin)`."""
    ignored_total: int
    """How many were left out; a folder left out as a whole counts once."""
    refusals: tuple[Refusal, ...]
    total_bytes: int


class FolderProblem(Exception):  # noqa: N818 - the name says what callers show, as in problems.py
    """There is no plan to make: the folder or the selection is wrong."""

    def __init__(self, code: FolderProblemCode, message: str) -> None:
        super().__init__(message)
        self.code: FolderProblemCode = code
        self.message = message
