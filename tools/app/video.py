"""A minimal MP4 writer for a handful of JPEG frames.

Python has no video encoder, and a smoke test should not need one. Motion JPEG is a codec of whole
JPEG pictures, so only the container has to be written: ISO/IEC 14496-12 boxes with the sample entry
`jpeg` of the QuickTime file format. PyAV 18.1, OpenCV 5.0 and ffmpeg decode it (2026-11-23);
browsers do not, which a handler on a server does not mind.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

IDENTITY_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TICKS_PER_SECOND = 600
RESOLUTION = 72 << 16


def motion_jpeg_mp4(frames: Sequence[bytes], *, side: int, frames_per_second: int) -> bytes:
    """Return an MP4 file that shows `frames`, JPEG pictures of `side` x `side` pixels, in order."""
    file_type = _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isomiso2mp41")
    data = _box(b"mdat", b"".join(frames))
    ticks = TICKS_PER_SECOND // frames_per_second
    duration = ticks * len(frames)
    movie_header = struct.pack(">4I", 0, 0, TICKS_PER_SECOND, duration)
    movie_header += struct.pack(">IH", 0x10000, 0x100) + bytes(10) + IDENTITY_MATRIX + bytes(24)
    movie_header += struct.pack(">I", 2)
    first_frame = len(file_type) + 8
    track = _track(frames, side=side, ticks=ticks, first_frame=first_frame)
    return file_type + data + _box(b"moov", _full(b"mvhd", movie_header) + track)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, content: bytes, flags: int = 0) -> bytes:
    """A box that begins with version 0 and three bytes of flags."""
    return _box(kind, struct.pack(">I", flags) + content)


def _track(frames: Sequence[bytes], *, side: int, ticks: int, first_frame: int) -> bytes:
    duration = ticks * len(frames)
    header = struct.pack(">5I", 0, 0, 1, 0, duration) + bytes(16) + IDENTITY_MATRIX
    header += struct.pack(">2I", side << 16, side << 16)
    media_header = struct.pack(">4I2H", 0, 0, TICKS_PER_SECOND, duration, 0x55C4, 0)
    handler = bytes(4) + b"vide" + bytes(12) + b"video\0"
    reference = _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", flags=1))
    information = _full(b"vmhd", bytes(8), flags=1) + _box(b"dinf", reference)
    information += _sample_table(frames, side=side, ticks=ticks, first_frame=first_frame)
    media = _full(b"mdhd", media_header) + _full(b"hdlr", handler) + _box(b"minf", information)
    return _box(b"trak", _full(b"tkhd", header, flags=3) + _box(b"mdia", media))


def _sample_table(frames: Sequence[bytes], *, side: int, ticks: int, first_frame: int) -> bytes:
    count = len(frames)
    entry = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">2H", side, side)
    entry += struct.pack(">3IH", RESOLUTION, RESOLUTION, 0, 1) + bytes(32)
    entry += struct.pack(">Hh", 24, -1)
    sizes = struct.pack(f">{count}I", *map(len, frames))
    return _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1) + _box(b"jpeg", entry))
        + _full(b"stts", struct.pack(">3I", 1, count, ticks))
        + _full(b"stsc", struct.pack(">4I", 1, 1, count, 1))
        + _full(b"stsz", struct.pack(">2I", 0, count) + sizes)
        + _full(b"stco", struct.pack(">2I", 1, first_frame)),
    )
