"""Files that are described instead of stored: `model.safetensors.yaml` makes `model.safetensors`.

The values are made up, small and the same every time. Formats: safetensors as its README describes
it, GGUF version 3 as ggml's documentation does, ONNX as one Identity node (protobuf by hand).
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

ALIGNMENT = 32
"""Bytes; where GGUF's data begins and each of its tensors."""

MOST_PARAMETERS = 1_000_000

DataType = Literal["F32", "F16", "BF16", "I64"]


class RecipeError(ValueError):
    """A description nothing can be made from."""


class Weights(BaseModel):
    """The tensors of a file: name to shape. `{layer}` in a name stands for 0 to `layers` - 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dtype: DataType = "F32"
    layers: int = 1
    metadata: dict[str, str | int | float | bool] = {}
    tensors: dict[str, list[int]]

    def shapes(self) -> dict[str, list[int]]:
        """Return every tensor's shape, layers written out."""
        found = {
            name.replace("{layer}", str(layer)): shape
            for name, shape in self.tensors.items()
            for layer in (range(self.layers) if "{layer}" in name else [0])
        }
        if sum(math.prod(shape) for shape in found.values()) > MOST_PARAMETERS:
            raise RecipeError(f"more than {MOST_PARAMETERS} parameters; a world is for small ones")
        return found


def made_by(name: str) -> str | None:
    """Return the file that the recipe `name` makes, or None when `name` is no recipe."""
    made = name.removesuffix(".yaml")
    return made if made != name and _baker(made) else None


def bake(made: str, text: str) -> bytes:
    """Return the content of the file `made`, described by the YAML in `text`.

    Raises RecipeError.
    """
    baker = _baker(made)
    if baker is None:
        raise RecipeError(f"{made} is none of [{', '.join(_BAKERS)}]")
    try:
        weights = Weights.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise RecipeError(str(error)) from error
    return baker(weights)


def _baker(made: str) -> Callable[[Weights], bytes] | None:
    return next((_BAKERS[suffix] for suffix in _BAKERS if made.endswith(suffix)), None)


def _safetensors(weights: Weights) -> bytes:
    header: dict[str, Any] = {}
    if weights.metadata:
        header["__metadata__"] = {key: str(value) for key, value in weights.metadata.items()}
    data = b""
    for name, shape in weights.shapes().items():
        tensor = _values(name, math.prod(shape), weights.dtype)
        offsets = [len(data), len(data) + len(tensor)]
        header[name] = {"dtype": weights.dtype, "shape": shape, "data_offsets": offsets}
        data += tensor
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def _gguf(weights: Weights) -> bytes:
    pairs = [_gguf_text(key) + _gguf_value(value) for key, value in weights.metadata.items()]
    shapes = weights.shapes()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(pairs)) + b"".join(pairs)
    data = b""
    for name, shape in shapes.items():
        head += _gguf_text(name) + struct.pack("<I", len(shape))
        # Type 0 is F32, the only one here.
        head += struct.pack(f"<{len(shape)}QIQ", *shape, 0, len(data))
        data += _aligned(_values(name, math.prod(shape), "F32"))
    return _aligned(head) + data


def _gguf_text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _gguf_value(value: str | float | bool) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    return struct.pack("<I", 8) + _gguf_text(value)


def _aligned(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % ALIGNMENT)


def _onnx(weights: Weights) -> bytes:
    """Return a model that gives its input back: one Identity node, no weights."""
    name = str(weights.metadata.get("name", "identity"))
    node = _field(1, b"input") + _field(2, b"output") + _field(4, b"Identity")
    graph = _field(1, node) + _field(2, name.encode())
    graph += _field(11, _onnx_value("input")) + _field(12, _onnx_value("output"))
    version = b"\x10\x11"  # field 2, opset 17
    return b"\x08\x08" + _field(2, b"rehearsal") + _field(7, graph) + _field(8, version)


def _onnx_value(name: str) -> bytes:
    tensor = b"\x08\x01" + _field(2, _field(1, b"\x08\x01"))  # float32, one dimension of 1
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    """Return a length-delimited protobuf field; content of 128 bytes and more takes two bytes."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + content


def _values(name: str, count: int, dtype: str) -> bytes:
    """Return `count` small numbers that depend on the tensor's name alone."""
    noise = hashlib.shake_256(name.encode()).digest(count)
    return b"".join(_pack((byte - 127.5) / 2550, dtype) for byte in noise)


def _pack(value: float, dtype: str) -> bytes:
    if dtype == "BF16":
        # A bfloat16 is the upper half of a float32.
        return struct.pack("<f", value)[2:]
    if dtype == "F16":
        return struct.pack("<e", value)
    if dtype == "I64":
        return struct.pack("<q", round(value * 1000))
    return struct.pack("<f", value)


_BAKERS: Mapping[str, Callable[[Weights], bytes]] = {
    ".safetensors": _safetensors,
    ".gguf": _gguf,
    ".onnx": _onnx,
}
