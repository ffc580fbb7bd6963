"""Sizes of blobs, so that listing a tree does not read every file."""

from __future__ import annotations

import threading

from dulwich.object_store import BaseObjectStore
from dulwich.objects import ObjectID

from .large_files import Checksums

MAXIMUM = 200_000


class BlobSizes:
    """Remembers how many bytes a blob has, by its object id. Safe to use from several threads."""

    def __init__(self) -> None:
        self._sizes: dict[ObjectID, int] = {}
        self._lock = threading.Lock()
        self.checksums = Checksums()

    def remember(self, blob_id: ObjectID, size: int) -> None:
        """Note the size in bytes of a blob."""
        with self._lock:
            if len(self._sizes) >= MAXIMUM:
                self._sizes.clear()
            self._sizes[blob_id] = size

    def of(self, store: BaseObjectStore, blob_id: ObjectID) -> int:
        """Return the size in bytes of a blob in `store`, reading it when it is not known yet."""
        size = self._sizes.get(blob_id)
        if size is None:
            size = store[blob_id].raw_length()
            self.remember(blob_id, size)
        return size
