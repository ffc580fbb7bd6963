"""What a model offers to transformers.js: the bytes a visitor downloads, by data type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..hub.models import ModelFile
from ..knowledge.model_tasks import model_tasks
from .subjects import Download

_ONNX = re.compile(r"^onnx/(?P<stem>[^/]+)\.onnx(?P<data>_data(?:_\d+)?)?$")
# One merged decoder replaces the pair; transformers.js loads only it.
_REPLACED_BY_MERGED = ("decoder_model", "decoder_with_past_model")


def browser_downloads(files: Sequence[ModelFile]) -> tuple[Download, ...]:
    """Bytes per data type of the ONNX files, smallest first, tokenizer and configuration included.

    A data type counts only when every part of the model comes in it.
    """
    sizes = _sizes_by_type(files)
    parts = {part for found in sizes.values() for part in found}
    extras = sum(file.size_bytes for file in files if _is_small_text(file.path))
    whole = [
        Download(name=kind, size_bytes=sum(found.values()) + extras)
        for kind, found in sizes.items()
        if set(found) == parts
    ]
    return tuple(sorted(whole, key=lambda one: (one.size_bytes, one.name)))


def _sizes_by_type(files: Sequence[ModelFile]) -> dict[str, dict[str, int]]:
    """Data type -> part of the model -> bytes; external data counts to its part."""
    found: dict[str, dict[str, int]] = {}
    for file in files:
        match = _ONNX.match(file.path)
        if match is None:
            continue
        part, kind = _split(match["stem"])
        parts = found.setdefault(kind, {})
        parts[part] = parts.get(part, 0) + file.size_bytes
    if any("decoder_model_merged" in parts for parts in found.values()):
        found = {
            kind: {part: size for part, size in parts.items() if part not in _REPLACED_BY_MERGED}
            for kind, parts in found.items()
        }
    return {kind: parts for kind, parts in found.items() if parts}


def _split(stem: str) -> tuple[str, str]:
    """`decoder_model_merged_q4` is the part `decoder_model_merged` as `q4`."""
    suffixes = model_tasks().onnx_suffixes
    for suffix in sorted(filter(None, suffixes), key=len, reverse=True):
        if stem.endswith(suffix):
            return stem.removesuffix(suffix), suffixes[suffix]
    return stem, suffixes[""]


def _is_small_text(path: str) -> bool:
    return "/" not in path and path.endswith((".json", ".txt"))
