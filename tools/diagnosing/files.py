"""The files of a Space's revision: all of them listed, the telling ones read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from ..hub import Hub
from ..hub.facts import RemoteFile
from ..lint.texts import as_text
from ..problems import Problem

MOST_FILES = 40
LARGEST_BYTES = 300_000
_FIRST = ("README.md", "requirements.txt", "packages.txt", "pre-requirements.txt", "Dockerfile")
_ENDINGS = (".py", ".txt", ".html", ".toml", ".yaml", ".yml", ".json", ".sh")


class RemoteTexts:
    """A revision's files for the linter: every path is known, the text of those that were read."""

    def __init__(self, listed: Mapping[str, RemoteFile], texts: Mapping[str, str]) -> None:
        self._listed = listed
        self._texts = texts

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths from the root, with `/`."""
        return frozenset(self._listed)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by path."""
        return {path: file.size_bytes for path, file in self._listed.items()}

    @property
    def read(self) -> int:
        """How many files were read."""
        return len(self._texts)

    def get(self, path: str) -> str | None:
        """The text of a file that was read, or None."""
        return self._texts.get(path)


def fetch_texts(
    hub: Hub, space: str, revision: str, remaining: Callable[[float], float], *, seconds: float
) -> RemoteTexts:
    """List a revision and read its small text files, the most telling first, within `seconds`.

    Raises:
        Problem: when the revision cannot be listed.
    """
    listed = hub.files(space, revision)
    texts: dict[str, str] = {}
    deadline = time.monotonic() + remaining(seconds)
    for path in sorted(filter(_is_telling, listed), key=_order)[:MOST_FILES]:
        if time.monotonic() > deadline:
            break
        if listed[path].size_bytes > LARGEST_BYTES or listed[path].is_large:
            continue
        try:
            text = as_text(hub.file(space, revision, path, most_bytes=LARGEST_BYTES))
        except Problem:
            continue  # one unreadable file is no reason to look at none
        if text is not None:
            texts[path] = text
    return RemoteTexts(listed, texts)


def changed_paths(
    before: Mapping[str, RemoteFile], after: Mapping[str, RemoteFile]
) -> tuple[str, ...]:
    """The paths whose content differs between two revisions, sorted."""
    return tuple(
        path
        for path in sorted(before.keys() | after.keys())
        if path not in before or path not in after or before[path].digest != after[path].digest
    )


def _is_telling(path: str) -> bool:
    return path in _FIRST or path.endswith(_ENDINGS)


def _order(path: str) -> tuple[int, int, int, str]:
    """The named files, then Python near the root, then the rest near the root."""
    first = _FIRST.index(path) if path in _FIRST else len(_FIRST)
    return first, int(not path.endswith(".py")), len(PurePosixPath(path).parts), path
