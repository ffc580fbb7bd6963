"""What a file really is, by its first bytes, and signs that a model produced nothing: a black
picture, a silent sound, a scene without a mesh.
"""

from __future__ import annotations

import array
import io
import json
import struct
import sys
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .schema import items, mapping

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 64 * 1024 * 1024
MOST_FRAMES = 10 * 1024 * 1024
FLAT = 2
"""Largest spread of a color, of 255, that still counts as one color: lossy formats add noise."""
ONE_COLOR = "the whole picture has one color"
SILENT = 0.001
"""Largest sample, of 1.0, that still counts as silence."""


@dataclass(frozen=True)
class Content:
    """The kind of a file (a media type), its measures, and what is wrong with it, if anything."""

    kind: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    problem: str = ""


def examine(data: bytes) -> Content:
    """Recognize the file and look inside where that is cheap. Never raises."""
    if not data:
        return Content("empty", problem="the file is empty")
    kind = media_type(data)
    look = _LOOKS.get(kind.partition("/")[0]) or _LOOKS.get(kind)
    return look(data, kind) if look else Content(kind)


def media_type(data: bytes) -> str:
    """The media type by magic bytes; text without NUL bytes is text/..., the rest octet-stream."""
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], "application/octet-stream")
    if data[4:8] == b"ftyp":
        return _FTYP.get(data[8:12], "video/mp4")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    if data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE0 == 0xE0:
        return "audio/mpeg"
    return _text_type(data)


_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP = {
    b"avif": "image/avif",
    b"heic": "image/heic",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"ID3": "audio/mpeg",
    b"fLaC": "audio/flac",
    b"OggS": "audio/ogg",
    b"\x1a\x45\xdf\xa3": "video/webm",
    b"glTF": "model/gltf-binary",
    b"ply\n": "model/ply",
    b"ply\r": "model/ply",
    b"%PDF": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
    b"\x93NUMPY": "application/x-numpy",
}


def _text_type(data: bytes) -> str:
    start = data[:4096]
    if b"\0" in start:
        return "application/octet-stream"
    words = start.lstrip().lower()
    if words.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if b"<svg" in words[:500]:
        return "image/svg+xml"
    return "application/json" if words[:1] in (b"{", b"[") else "text/plain"


def _image(data: bytes, kind: str) -> Content:
    if kind == "image/svg+xml":
        return Content(kind)
    from PIL import Image

    bomb = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                return Content(kind, width, height)
            return Content(kind, width, height, problem=_flatness(image))
    except (*bomb, OSError, SyntaxError, ValueError) as error:
        known = kind in {"image/avif", "image/heic"}  # PIL may lack the decoder
        problem = "" if known else f"the picture cannot be decoded: {error}"
        return Content(kind, problem=problem)


def _flatness(image: Image.Image) -> str:
    """Say that the picture has a single color; empty when it shows something."""
    if _range(image.convert("RGBA").getchannel("A"))[1] == 0:
        return "the picture is fully transparent"
    ranges = [_range(channel) for channel in image.convert("RGB").split()]
    if any(high - low > FLAT for low, high in ranges):
        return ""
    if max(high for _, high in ranges) <= FLAT:
        return "the picture is all black, which is what NaN values or a safety checker leave"
    return ONE_COLOR


def _range(channel: Image.Image) -> tuple[int, int]:
    """The lowest and highest value, 0 to 255, of a picture with one 8-bit channel."""
    used = [value for value, count in enumerate(channel.histogram()) if count]
    return (used[0], used[-1]) if used else (0, 0)


def _audio(data: bytes, kind: str) -> Content:
    if kind != "audio/wav":
        return Content(kind)
    try:
        with wave.open(io.BytesIO(data)) as sound:
            frames, width, rate = sound.getnframes(), sound.getsampwidth(), sound.getframerate()
            loudest = _peak(sound.readframes(min(frames, MOST_FRAMES)), width)
    except (wave.Error, EOFError):
        return Content(kind)  # a float or compressed WAV, which the wave module does not read
    seconds = frames / rate if rate else 0.0
    if not frames:
        return Content(kind, duration_seconds=0.0, problem="the sound has no samples")
    silent = "the sound is silent" if loudest <= SILENT else ""
    return Content(kind, duration_seconds=round(seconds, 3), problem=silent)


def _peak(frames: bytes, width: int) -> float:
    """The loudest sample as a share of the largest possible one."""
    if width == 1:
        return max((abs(sample - 128) for sample in frames), default=0) / 128
    if width == 2:
        samples = array.array("h", frames[: len(frames) // 2 * 2])
        if sys.byteorder == "big":
            samples.byteswap()
        return max(map(abs, samples), default=0) / 0x8000
    top_bytes = frames[width - 1 :: width]
    return max((min(byte, 255 - byte) for byte in top_bytes), default=0) / 128


def _video(data: bytes, kind: str) -> Content:
    """The duration from the movie header of an MP4, ISO/IEC 14496-12 section 8.2.2."""
    start = data.find(b"mvhd")
    layout = ">II" if data[start + 4 : start + 5] == b"\0" else ">IQ"
    offset = start + (16 if layout == ">II" else 24)
    if start < 0 or len(data) < offset + struct.calcsize(layout):
        return Content(kind)
    scale, duration = struct.unpack_from(layout, data, offset)
    fragmented = b"moof" in data  # then the header may say 0 although there are frames
    seconds = round(duration / scale, 3) if scale else None
    empty = "the video has no duration" if not duration and not fragmented else ""
    return Content(kind, duration_seconds=seconds, problem=empty)


def _gltf(data: bytes, kind: str) -> Content:
    if len(data) < 20:
        return Content(kind, problem="the glTF file ends inside its header")
    length, described = struct.unpack_from("<I", data, 8)[0], struct.unpack_from("<I", data, 12)[0]
    if length > len(data):
        return Content(kind, problem=f"the glTF file is cut: {len(data)} of {length} bytes")
    try:
        scene = json.loads(data[20 : 20 + described])
    except ValueError:
        return Content(kind, problem="the glTF file has no readable scene")
    meshes = items(mapping(scene).get("meshes"))
    return Content(kind, problem="" if meshes else "the scene has no mesh")


_LOOKS: Mapping[str, Callable[[bytes, str], Content]] = {
    "image": _image,
    "audio": _audio,
    "video": _video,
    "model/gltf-binary": _gltf,
}
