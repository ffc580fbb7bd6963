"""Files by their content, and whether an output is a result."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tools.app import media
from tools.app.content import examine, media_type
from tools.app.files import NotFetched, is_file, local_file, name_of
from tools.app.interface import Result
from tools.app.values import judge, render

from .strategies import COMPONENTS, JSON, OUTPUTS, unhurried


@unhurried
@given(st.binary(max_size=200) | st.sampled_from([make() for make in media.MAKERS.values()]))
def test_any_file_is_examined(data: bytes) -> None:
    content = examine(data)
    assert content.kind
    for cut in (1, len(data) // 2):
        examine(data[:cut])


@pytest.mark.parametrize(
    ("extension", "kind"),
    [
        (".png", "image/png"),
        (".wav", "audio/wav"),
        (".mp4", "video/mp4"),
        (".glb", "model/gltf-binary"),
        (".txt", "text/plain"),
        (".json", "application/json"),
    ],
)
def test_our_own_files_are_what_they_claim(extension: str, kind: str) -> None:
    content = examine(media.MAKERS[extension]())
    assert (content.kind, content.problem) == (kind, "")


def test_our_own_media_have_the_measures_they_should() -> None:
    assert examine(media.png()).width == 64
    assert examine(media.wav()).duration_seconds == 0.5
    assert examine(media.mp4()).duration_seconds == 1.0


def picture(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def sound(samples: Sequence[int], width: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, width, 8000, 0, "NONE", ""))
        out.writeframes(b"".join((each % 256**width).to_bytes(width, "little") for each in samples))
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize(
    ("color", "problem"), [("black", "all black"), ("red", "one color"), ("white", "one color")]
)
def test_flat_pictures(kind: str, color: str, problem: str) -> None:
    assert problem in examine(picture(Image.new("RGB", (40, 30), color), kind)).problem


def test_pictures_that_show_something_or_cannot_be_read() -> None:
    drawn = Image.new("RGB", (40, 30))
    drawn.putpixel((1, 1), (200, 0, 0))
    assert examine(picture(drawn, "PNG")).problem == ""
    assert "transparent" in examine(picture(Image.new("RGBA", (4, 4), (9, 9, 9, 0)), "PNG")).problem
    assert "decoded" in examine(picture(drawn, "PNG")[:60]).problem


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_silent_and_loud_sounds(width: int) -> None:
    middle = 128 if width == 1 else 0
    loud = 2 ** (8 * width - 2)
    assert examine(sound([middle] * 800, width)).problem == "the sound is silent"
    wave_of_two = [middle + sign * loud for sign in (1, -1)] * 400
    assert examine(sound(wave_of_two, width)).problem == ""
    assert examine(sound([], width)).problem == "the sound has no samples"


def test_broken_scenes() -> None:
    assert "cut" in examine(media.glb()[:-4]).problem
    assert "inside its header" in examine(b"glTF\x02").problem
    empty = b'{"asset":{"version":"2.0"}} '
    scene = struct.pack("<4sII", b"glTF", 2, 20 + len(empty))
    scene += struct.pack("<I4s", len(empty), b"JSON") + empty
    assert examine(scene).problem == "the scene has no mesh"
    assert examine(b"").problem == "the file is empty"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"ply\nformat", "model/ply"),
        (b"<!DOCTYPE html>", "text/html"),
        (b"a\0b", "application/octet-stream"),
    ],
)
def test_kinds_by_content(start: bytes, kind: str) -> None:
    assert media_type(start) == kind


@given(value=JSON, component=COMPONENTS | OUTPUTS)
def test_any_output_is_judged(value: Any, component: str) -> None:
    def fetch(file: dict[str, Any]) -> NotFetched:
        return NotFetched(name_of(file), "not here")

    judgement = judge(Result("", component, {}), value, fetch)
    assert judgement.evidence.what
    assert len(judgement.rendering) <= 500
    assert len(render(value)) <= 500


@pytest.mark.parametrize(
    ("component", "value", "weight"),
    [
        ("Textbox", "fine", "plausible"),
        ("Textbox", "❌ Error: no", "suspicious"),
        ("Textbox", "Errors were made by all", "plausible"),
        ("Textbox", "", "empty"),
        ("Number", 0, "plausible"),
        ("Number", math.nan, "suspicious"),
        ("Json", {"a": [1, math.inf]}, "suspicious"),
        ("Json", {}, "empty"),
        ("Checkbox", False, "plausible"),
        ("Image", None, "suspicious"),
        ("Label", {"label": None, "confidences": []}, "empty"),
        ("Dataframe", {"headers": ["a"], "data": [], "metadata": None}, "empty"),
        ("Dataframe", {"headers": ["a"], "data": [[1]], "metadata": None}, "plausible"),
        ("Html", "<div></div>", "empty"),
        ("Html", "<div><img src='x'></div>", "plausible"),
        ("Chatbot", [{"role": "user", "content": "hi"}], "empty"),
        ("Chatbot", [{"role": "assistant", "content": [{"type": "text", "text": ""}]}], "empty"),
        ("Chatbot", [["hi", "hello"]], "plausible"),
        ("Textbox", {"__type__": "update", "value": "new"}, "plausible"),
        ("Textbox", {"__type__": "update", "visible": True}, "neutral"),
    ],
)
def test_values_without_files(component: str, value: Any, weight: str) -> None:
    judged = judge(Result("", component, {}), value, lambda _: NotFetched("", ""))
    assert judged.weight == weight, judged.evidence


def test_a_page_instead_of_a_picture_is_suspicious(tmp_path: Path) -> None:
    page = tmp_path / "image.png"
    page.write_bytes(b"<!doctype html><p>Not found")
    judged = judge(Result("", "Image", {}), local_file(page), lambda _: page)
    assert is_file(local_file(page))
    assert judged.weight == "suspicious"
    assert "text/html" in judged.evidence.what
