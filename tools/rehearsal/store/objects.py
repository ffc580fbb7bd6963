"""Writing git objects durably: few as loose files, many as one pack."""

from __future__ import annotations

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID, ShaFile

from .sizes import BlobSizes

LOOSE_LIMIT = 50
"""More new objects than this go into one pack: one file to sync instead of a thousand."""

BUFFER_LIMIT = 64 * 1024 * 1024
"""Bytes kept in memory before they are written out, so that a large upload stays bounded."""

UNCOMPRESSED_FROM = 1024 * 1024
"""Blobs from this size (bytes) are stored, not deflated: mostly images and weights, and zlib takes
a second for 50 MB."""


class ObjectWriter:
    """Collects the objects of one commit and writes them to an object store."""

    def __init__(
        self, store: DiskObjectStore, sizes: BlobSizes, loose_limit: int = LOOSE_LIMIT
    ) -> None:
        self._store = store
        self._sizes = sizes
        self._loose_limit = loose_limit
        self._pending: list[ShaFile] = []
        self._pending_bytes = 0

    def add_blob(self, content: bytes) -> ObjectID:
        """Add a file's content and return its object id."""
        blob = Blob.from_string(content)
        self._sizes.remember(blob.id, len(content))
        if len(content) >= UNCOMPRESSED_FROM:
            self._write_loose(blob, compression=0)
            return blob.id
        self.add(blob)
        return blob.id

    def add(self, item: ShaFile) -> None:
        """Add any object."""
        self._pending.append(item)
        self._pending_bytes += item.raw_length()
        if self._pending_bytes > BUFFER_LIMIT:
            self.flush()

    def flush(self) -> None:
        """Put everything collected so far on disk, synced; returns when it is there."""
        pending, self._pending, self._pending_bytes = self._pending, [], 0
        if len(pending) > self._loose_limit:
            self._store.pack_compression_level = 1
            self._store.add_objects([(item, None) for item in pending])
            return
        for item in pending:
            self._write_loose(item, compression=1)

    def _write_loose(self, item: ShaFile, compression: int) -> None:
        self._store.loose_compression_level = compression
        self._store.add_object(item)
