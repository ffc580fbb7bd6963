"""Silent fallbacks: an app that answers, but not with what was asked for or paid for.

The lines are what libraries and apps print when they go on without the GPU or in another number
format; the sizes are what a picture has against the width and height that were sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .interface import Function
from .report import Evidence, ProducedFile

LONGEST_LINE = 400
MOST_LINES = 3

_NO_GPU = re.compile(
    r"GPU device not used"
    r"|\b(?:cuda|gpu)\b[^.\n]{0,30}\b(?:is )?(?:not (?:available|found|detected)|unavailable)\b"
    r"|\bno (?:cuda )?(?:gpus?|cuda)(?:[- ]capable)?(?: devices?)?[^.\n]{0,20}"
    r"\b(?:found|detected|available)\b"
    r"|\bfound no nvidia driver\b|\bnot compiled with cuda\b"
    r"|\b(?:fall(?:ing)? ?back|fell back|defaulting|switch(?:ing|ed)|revert(?:ing|ed))"
    r"[^.\n]{0,40}\b(?:to|on) (?:the )?cpu\b"
    r"|\b(?:using|running (?:on|with)|device set to use|loaded (?:on|to)|moved to)"
    r" (?:device:? ?)?(?:the )?cpu\b"
    r"|\bdevice\s*[:=]\s*['\"]?cpu\b",
    re.IGNORECASE,
)
_NUMBER_FORMAT = re.compile(
    r"\b(?:fall(?:ing)? ?back|fell back|defaulting|switch(?:ing|ed)|revert(?:ing|ed)|upcast\w*"
    r"|down ?cast\w*)[^.\n]{0,40}\bto (?:torch\.)?(?:float\d+|fp\d+|bf16|bfloat16|full precision)"
    r"|\b(?:bfloat16|bf16|float16|fp16|fp8|float8)\b[^.\n]{0,30}\bnot supported\b",
    re.IGNORECASE,
)
_SERVER = re.compile(r"Error launching MCP server:")
"""Gradio goes on without its MCP server when the package is missing (6.31.0, 2026-11-22)."""


def in_log(lines: Sequence[str], *, expects_gpu: bool) -> list[Evidence]:
    """What the lines say about falling back, at most three lines of each kind, each once.

    `expects_gpu` says that the app has a GPU: without one the CPU and its formats are right.
    """
    kinds = [(_SERVER, "it runs without its MCP server")]
    if expects_gpu:
        kinds += [
            (_NO_GPU, "it seems to use the CPU although the Space has a GPU"),
            (_NUMBER_FORMAT, "it fell back to another number format"),
        ]
    return [
        Evidence(what=f"{what}: {line.strip()}", ok=False)
        for pattern, what in kinds
        for line in _matching(lines, pattern)
    ]


def _matching(lines: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    found = (line for line in lines if pattern.search(line[:LONGEST_LINE]))
    return list(dict.fromkeys(line[:LONGEST_LINE] for line in found))[:MOST_LINES]


def in_size(
    function: Function, values: Mapping[str, Any], files: Sequence[ProducedFile]
) -> Evidence | None:
    """Evidence against pictures that are not as large as the payload asked for.

    Silent where the call also sends a picture: then width and height may mean a part of it.
    """
    asked = _asked(function, values)
    pictures = [file for file in files if file.kind.startswith("image/") and file.width]
    if asked is None or not pictures:
        return None
    got = {(file.width, file.height) for file in pictures}
    if asked in got:
        return None
    width, height = pictures[0].width, pictures[0].height
    what = f"asked for {asked[0]}x{asked[1]}, got {width}x{height}"
    return Evidence(what=f"{what}: the size is snapped or ignored", ok=False, is_ours=True)


def _asked(function: Function, values: Mapping[str, Any]) -> tuple[int, int] | None:
    if any(each.component.lower() in {"image", "imageeditor", "video"} for each in function.inputs):
        return None
    width = list(_sizes("width", values))
    height = list(_sizes("height", values))
    return (width[0], height[0]) if len(width) == len(height) == 1 else None


def _sizes(side: str, values: Mapping[str, Any]) -> Iterator[int]:
    name = re.compile(rf"(?:image_|output_|target_|img_|out_)?(?:{side}|{side[0]})(?:_px)?")
    for parameter, value in values.items():
        is_size = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_size and value == int(value) and value >= 16 and name.fullmatch(parameter.lower()):
            yield int(value)
