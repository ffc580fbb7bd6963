"""Tiny files to send to an app that wants one: image, sound, video, 3D model, text.

All are made here, so that a smoke test needs no network and sends nothing of the user's.
"""

from __future__ import annotations

import io
import json
import math
import struct
import wave
from collections.abc import Callable, Mapping
from pathlib import Path

from .video import motion_jpeg_mp4

SIDE = 64
SAMPLE_RATE = 16_000
TONE_HERTZ = 440
TONE_SECONDS = 0.5
VIDEO_FRAMES = 8


def png() -> bytes:
    """A picture of 64 x 64 pixels with a gradient in every color."""
    return _picture("PNG", 0)


def wav() -> bytes:
    """Half a second of a 440 Hz tone: 16 bit, one channel, 16 kHz, the rate speech models use."""
    count = int(SAMPLE_RATE * TONE_SECONDS)
    samples = (
        int(12_000 * math.sin(2 * math.pi * TONE_HERTZ * index / SAMPLE_RATE))
        for index in range(count)
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(struct.pack(f"<{count}h", *samples))
    return file.getvalue()


def mp4() -> bytes:
    """Eight moving frames, one second, as Motion JPEG in an MP4 container."""
    frames = [_picture("JPEG", shift * 24) for shift in range(VIDEO_FRAMES)]
    return motion_jpeg_mp4(frames, side=SIDE, frames_per_second=VIDEO_FRAMES)


def _picture(image_format: str, shift: int) -> bytes:
    from PIL import Image

    rows = range(0, 4 * SIDE, 4)
    pixels = bytes(
        part for y in rows for x in rows for part in ((x + shift) % 256, y, (x + y) // 2)
    )
    file = io.BytesIO()
    Image.frombytes("RGB", (SIDE, SIDE), pixels).save(file, image_format)
    return file.getvalue()


def glb() -> bytes:
    """One triangle as binary glTF 2.0."""
    corners = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    scene = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 3,
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [1, 1, 0],
            }
        ],
        "bufferViews": [{"buffer": 0, "byteLength": len(corners)}],
        "buffers": [{"byteLength": len(corners)}],
    }
    described = json.dumps(scene).encode("ascii")
    described += b" " * (-len(described) % 4)
    chunks = struct.pack("<I4s", len(described), b"JSON") + described
    chunks += struct.pack("<I4s", len(corners), b"BIN\0") + corners
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def plain_text() -> bytes:
    """Two short sentences."""
    return b"This is a short test document.\nIt has two sentences.\n"


def csv() -> bytes:
    """A table with a header and two rows."""
    return b"name,value\nfirst,1\nsecond,2\n"


MAKERS: Mapping[str, Callable[[], bytes]] = {
    ".png": png,
    ".wav": wav,
    ".mp4": mp4,
    ".glb": glb,
    ".txt": plain_text,
    ".md": plain_text,
    ".csv": csv,
    ".json": lambda: b'{"name": "test", "values": [1, 2]}\n',
}
"""How to make a file, by its extension."""

CATEGORIES: Mapping[str, str] = {
    "image": ".png",
    "audio": ".wav",
    "video": ".mp4",
    "text": ".txt",
    "file": ".txt",
}
"""The extension for each of the categories that `file_types` of gr.File may name."""


def make(folder: Path, extension: str) -> Path:
    """Write a tiny file with this extension into `folder` and return its path.

    Raises KeyError for an extension that is not in `MAKERS`.
    """
    content = MAKERS[extension]()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sample{extension}"
    path.write_bytes(content)
    return path
