"""Files that the platform keeps outside of git, with a small pointer in their place.

Here their content is in git like everybody's; what clients are told of them (SHA-256, size of the
pointer, id of the pointer) is what they would be told there.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass

import pathspec
from dulwich.objects import Blob, ObjectID

ATTRIBUTES = ".gitattributes"
_LFS = re.compile(r"\s+(?:\S+\s+)*filter=lfs(?:\s|$)")
_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{checksum}\nsize {size}\n"


@dataclass(frozen=True)
class Pointer:
    """What git would hold instead of a large file (git-lfs docs/spec.md, version 1)."""

    checksum: str
    """SHA-256 of the content, 64 hexadecimal digits."""
    size: int
    """Bytes of the content."""

    @property
    def content(self) -> bytes:
        """The pointer file."""
        return _POINTER.format(checksum=self.checksum, size=self.size).encode()

    @property
    def blob_id(self) -> str:
        """The git object id of the pointer file."""
        return str(Blob.from_string(self.content).id.decode())


def patterns(attributes: bytes) -> pathspec.GitIgnoreSpec:
    """Return what the lines with `filter=lfs` of a `.gitattributes` match."""
    lines = attributes.decode("utf-8", "replace").splitlines()
    found = (_LFS.search(line) and line.split(None, 1)[0] for line in lines if line.strip())
    return pathspec.GitIgnoreSpec.from_lines(pattern for pattern in found if pattern)


class Checksums:
    """Remembers the SHA-256 of blobs, by object id. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[ObjectID, str] = {}
        self._lock = threading.Lock()

    def of(self, blob: Blob) -> str:
        """Return the SHA-256 of a blob's content."""
        return self.known(blob.id) or self._remember(blob)

    def known(self, blob_id: ObjectID) -> str | None:
        """Return the SHA-256 of a blob when it was computed before."""
        with self._lock:
            return self._known.get(blob_id)

    def _remember(self, blob: Blob) -> str:
        checksum = hashlib.sha256(blob.data).hexdigest()
        with self._lock:
            self._known[blob.id] = checksum
        return checksum

    def blobs(self, checksum: str) -> list[ObjectID]:
        """Return the known blobs whose content has a SHA-256."""
        with self._lock:
            return [blob_id for blob_id, known in self._known.items() if known == checksum]
