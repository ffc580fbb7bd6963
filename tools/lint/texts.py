"""The files of a project as text, from a folder or from memory, bounded in number and size."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

LARGEST_TEXT = 2_000_000
"""Bytes. Nobody writes a longer source file; data is not read."""
MOST_FILES = 20_000
LEFT_OUT = frozenset(
    {
        ".git",
        ".venv",
        "venv",
        "env",
        "node_modules",
        "__pycache__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".cache",
        ".gradio",
        ".idea",
        ".vscode",
    }
)
"""Folders that are not looked into: environments, caches and what other tools keep."""

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_LARGEST_POINTER = 1024


class Texts(Protocol):
    """Where a project's files come from."""

    @property
    def paths(self) -> frozenset[str]:
        """Paths from the root, with `/`."""
        ...

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by path."""
        ...

    def get(self, path: str) -> str | None:
        """The text of a file, or None."""
        ...


class FolderTexts:
    """Files of a folder on this machine. Links that lead out of the folder are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by path."""
        found: dict[str, int] = {}
        for folder, names, files in os.walk(self._root):
            names[:] = sorted(name for name in names if not _is_left_out(Path(folder, name)))
            for name in sorted(files):
                path = Path(folder, name)
                try:
                    about = path.stat()
                except OSError:
                    continue  # a dangling link, or gone meanwhile
                if not stat.S_ISREG(about.st_mode):
                    continue  # reading a pipe waits for somebody to write into it
                found[path.relative_to(self._root).as_posix()] = about.st_size
                if len(found) >= MOST_FILES:
                    return found
        return found

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths from the root, with `/`."""
        return frozenset(self.sizes)

    def get(self, path: str) -> str | None:
        """The text of a file, or None when it is no text, too large or outside."""
        if self.sizes.get(path, LARGEST_TEXT + 1) > LARGEST_TEXT:
            return None
        content = self._content(path)
        return as_text(content) if content is not None else None

    def pointers(self) -> tuple[str, ...]:
        """Paths at which git-lfs left a pointer in the place of a file."""
        small = sorted(path for path, size in self.sizes.items() if size <= _LARGEST_POINTER)
        return tuple(path for path in small if (self._content(path) or b"").startswith(_POINTER))

    def _content(self, path: str) -> bytes | None:
        try:
            absolute = (self._root / path).resolve()
            return absolute.read_bytes() if absolute.is_relative_to(self._root) else None
        except OSError:
            return None


def _is_left_out(folder: Path) -> bool:
    if folder.name == "env":  # a good name for a package of the app, too
        return any((folder / inside).exists() for inside in ("pyvenv.cfg", "lib", "Lib"))
    return folder.name in LEFT_OUT or (folder / "pyvenv.cfg").exists()


class MemoryTexts:
    """Files that somebody holds in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(files)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Bytes by path."""
        return {path: len(text.encode("utf-8", "replace")) for path, text in self._files.items()}

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths from the root, with `/`."""
        return frozenset(self._files)

    def get(self, path: str) -> str | None:
        """The text of a file, or None."""
        text = self._files.get(path)
        return text if text is not None and len(text) <= LARGEST_TEXT else None


def as_text(content: bytes) -> str | None:
    """Bytes as text; None for binary ones. What is not UTF-8 is read as well as it can be.

    None also for what git-lfs leaves in the place of a file that was not fetched.
    """
    if b"\0" in content[:8_000] or content.startswith(_POINTER):
        return None
    return content.decode("utf-8", "replace")


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors and Python count them.

    `str.splitlines` also splits at form feeds and other characters, which would shift the numbers.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
