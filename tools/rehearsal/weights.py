"""What the headers of weight files say, without reading the weights.

Formats: safetensors (8 bytes of length, then JSON) and GGUF version 2 and 3.
"""

from __future__ import annotations

import json
import math
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_HEADER = 25_000_000
"""Bytes; huggingface_hub 2.4.0 reads no longer safetensors header either."""

MOST_REMEMBERED = 2000

_GGUF_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?"} | {
    10: "Q",
    11: "q",
    12: "d",
}
_GGUF_TEXT = 8
_GGUF_LIST = 9


@dataclass(frozen=True)
class WeightSummary:
    """The contents of one weight file, or of several together."""

    parameters: Mapping[str, int] = field(default_factory=dict)
    """How many numbers there are of each data type, such as `BF16`; empty when unreadable."""
    architecture: str | None = None
    context_length: int | None = None

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return sum(self.parameters.values())


class WeightSummaries:
    """Summaries by the id of the file's blob; each file is read once. Safe in several threads."""

    def __init__(self) -> None:
        self._known: dict[str, WeightSummary] = {}
        self._lock = threading.Lock()

    def of(self, path: str, blob_id: str, read: Callable[[], bytes]) -> WeightSummary:
        """Return the summary of a `.safetensors` or `.gguf` file; an empty one for a broken one."""
        known = self._known.get(blob_id)
        if known is None:
            known = summary(path, read())
            with self._lock:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[blob_id] = known
        return known


def summary(path: str, content: bytes) -> WeightSummary:
    """Return what the header of a weight file says; an empty summary when it is damaged."""
    try:
        if path.endswith(".gguf"):
            return _gguf(content)
        return WeightSummary(_safetensors(content))
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        return WeightSummary()


def _safetensors(content: bytes) -> dict[str, int]:
    (length,) = struct.unpack_from("<Q", content)
    if length > LARGEST_HEADER:
        raise ValueError("the header is too long")
    header: dict[str, Any] = json.loads(content[8 : 8 + length])
    counts: Counter[str] = Counter()
    for name, tensor in header.items():
        if name != "__metadata__":
            counts[str(tensor["dtype"])] += math.prod(map(int, tensor["shape"]))
    return dict(counts)


def _gguf(content: bytes) -> WeightSummary:
    reader = _Reader(content)
    magic, version, tensors, pairs = reader.numbers("4sIQQ")
    if magic != b"GGUF" or version not in {2, 3}:
        raise ValueError("not GGUF")
    metadata = {reader.text(): reader.value() for _ in range(pairs)}
    total = 0
    for _ in range(tensors):
        reader.text()
        (dimensions,) = reader.numbers("I")
        total += math.prod(reader.numbers(f"{dimensions}Q"))
        reader.numbers("IQ")
    architecture = metadata.get("general.architecture")
    length = metadata.get(f"{architecture}.context_length")
    return WeightSummary(
        {"GGUF": total},
        str(architecture) if architecture else None,
        length if isinstance(length, int) else None,
    )


class _Reader:
    """Reads GGUF's values one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._content, self._position)
        self._position += struct.calcsize("<" + form)
        return found

    def text(self) -> str:
        (length,) = self.numbers("Q")
        (text,) = self.numbers(f"{length}s")
        return str(text, "utf-8", "replace")

    def value(self) -> Any:
        (kind,) = self.numbers("I")
        return self._value(kind)

    def _value(self, kind: int) -> Any:
        if kind == _GGUF_TEXT:
            return self.text()
        if kind == _GGUF_LIST:
            inner, count = self.numbers("IQ")
            return [self._value(inner) for _ in range(count)]
        return self.numbers(_GGUF_NUMBERS[kind])[0]
