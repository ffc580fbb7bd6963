"""Telling a damaged repository from one that lacks something: which file, and what can be done."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path

from dulwich.errors import (
    ChecksumMismatch,
    FileFormatException,
    ObjectFormatException,
    WrongObjectException,
)
from dulwich.file import FileLocked
from dulwich.objects import ObjectID
from dulwich.refs import Ref

from ..errors import HubError
from ..machine.source import UnreadableSpaceError

ADVICE = "put a copy of it in its place, or delete the repository and upload its files again"

UNREADABLE = 422
"""Not 500: huggingface_hub 2.4.0 would send the request again for half a minute."""

_UNREADABLE = (
    ChecksumMismatch,
    FileFormatException,
    ObjectFormatException,
    WrongObjectException,
    zlib.error,
)
_OBJECT = re.compile(rb"[0-9a-f]{40}")


class DamagedError(HubError, UnreadableSpaceError):
    """Something that was stored cannot be read any more; names the file."""

    def __init__(self, file: Path, what: str, advice: str = ADVICE) -> None:
        super().__init__(UNREADABLE, f"{file} {what}: {advice}", code="DamagedStorage")


def of_object(folder: Path, error: BaseException | None) -> DamagedError | None:
    """Return the damage that `error` stands for, or None.

    Args:
        folder: the repository.
        error: what dulwich raised while objects were read.
    """
    if isinstance(error, FileLocked):
        return None
    if isinstance(error, KeyError) and error.args and _is_object(error.args[0]):
        number = error.args[0].decode()
        return DamagedError(folder / "objects" / number[:2] / number[2:], "is missing")
    if isinstance(error, _UNREADABLE):
        return DamagedError(folder / "objects", f"has a file that cannot be read ({error})")
    return None


def check_references(folder: Path, found: Mapping[Ref, ObjectID], names: Collection[Ref]) -> None:
    """Raise DamagedError for a reference that is there and does not name a commit."""
    for name in names:
        if not _is_object(found.get(name)):
            raise DamagedError(folder / name.decode(), "does not name a commit")


def _is_object(value: object) -> bool:
    return isinstance(value, bytes) and _OBJECT.fullmatch(value) is not None
