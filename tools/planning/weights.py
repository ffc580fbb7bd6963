"""How large a model's weights are: by number and data type, with where each number comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field

from ..hub.models import ModelFile
from ..knowledge.precisions import precision_facts
from ..model import Model
from .architecture import language_part, parameters_from_config

HEADERS = "safetensors headers"
FROM_CONFIG = "computed from config.json"
FROM_SIZES = "file sizes"
SUFFIXES = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx")
_FLOATING = frozenset({"F64", "F32", "F16", "BF16"})
_DTYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"}
_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.)")
# A variant stands between the name and its ending: `model.fp16.safetensors`.
_VARIANT = re.compile(r"\.(fp16|bf16|fp32|non_ema|ema|int8|fp8)(?=[.-])")
_NOT_WEIGHTS = re.compile(r"(optimizer|scheduler|training_args|rng_state|scaler)[^/]*$")


class Weights(Model):
    """The weights of a model, or of several together.

    `parameters` counts numbers by the data type's safetensors name; `total` is their sum, None
    when nobody says. `stored_bytes` is what the files hold. `origin` says where the counts come
    from. `is_quantized` means that they cannot be converted by multiplying.
    """

    parameters: dict[str, int] = Field(default_factory=dict)
    total: int | None = None
    stored_bytes: int | None = None
    origin: str = "unknown"
    is_quantized: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known of the size."""
        return self.total is not None or self.stored_bytes is not None

    def plus(self, other: Weights) -> Weights:
        """Both in memory together."""
        if not self.is_known or not other.is_known:
            return Weights()
        counts = Counter(self.parameters) + Counter(other.parameters)
        totals = (self.total, other.total)
        sizes = (self.stored_bytes, other.stored_bytes)
        return Weights(
            parameters=dict(counts),
            total=None if None in totals else sum(total or 0 for total in totals),
            stored_bytes=None if None in sizes else sum(size or 0 for size in sizes),
            origin=" and ".join(dict.fromkeys((self.origin, other.origin))),
            is_quantized=self.is_quantized or other.is_quantized,
        )


def from_headers(
    parameters: Mapping[str, int], config: Mapping[str, Any], origin: str = HEADERS
) -> Weights:
    """Weights whose numbers have been counted."""
    total = sum(parameters.values())
    counted = sum(count * element_bytes(kind) for kind, count in parameters.items())
    floating = sum(count for kind, count in parameters.items() if kind in _FLOATING)
    return Weights(
        parameters=dict(parameters),
        total=total,
        stored_bytes=round(counted),
        origin=origin,
        is_quantized="quantization_config" in config or floating < total / 2,
    )


def from_config(config: Mapping[str, Any]) -> Weights | None:
    """Weights of an architecture whose layout is documented; None for any other."""
    total = parameters_from_config(config)
    if total is None or "quantization_config" in config:
        return None
    kind = data_type(config) or "F32"
    return from_headers({kind: total}, config, FROM_CONFIG)


def from_sizes(files: Sequence[ModelFile], config: Mapping[str, Any]) -> Weights:
    """Weights of which only the files' sizes are known; the count needs a known data type."""
    stored = sum(file.size_bytes for file in files)
    if not stored:
        return Weights()
    kind = data_type(config)
    if kind is None or "quantization_config" in config:
        return Weights(stored_bytes=stored, origin=FROM_SIZES, is_quantized=True)
    total = round(stored / element_bytes(kind))
    return Weights(
        parameters={kind: total},
        total=total,
        stored_bytes=stored,
        origin=f"{FROM_SIZES}, as {kind}",
    )


def data_type(config: Mapping[str, Any]) -> str | None:
    """The data type that the configuration names, as safetensors spells it."""
    for part in (config, language_part(config)):
        named = part.get("dtype") or part.get("torch_dtype")
        if isinstance(named, str):
            return _DTYPES.get(named.removeprefix("torch."))
    return None


def element_bytes(kind: str) -> float:
    """Bytes of one number; a data type nobody has described counts as one byte."""
    return precision_facts().element_bytes.get(kind, 1)


def weight_files(files: Iterable[ModelFile], folder: str = "") -> tuple[ModelFile, ...]:
    """The weight files that a library loads from one folder of a repository: one set, not all.

    Safetensors before other formats, the plain set before a variant such as `fp16`.
    """
    here = [file for file in files if _folder_of(file.path) == folder]
    for suffix in (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack"):
        found = [
            file
            for file in here
            if file.path.endswith(suffix) and not _NOT_WEIGHTS.search(file.path)
        ]
        if found:
            return _one_set(found)
    return ()


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _one_set(files: Sequence[ModelFile]) -> tuple[ModelFile, ...]:
    plain = [file for file in files if not _VARIANT.search(file.path)] or list(files)
    sets: dict[str, list[ModelFile]] = {}
    for file in plain:
        sets.setdefault(_SHARD.sub("", file.path), []).append(file)
    names = sorted(sets, key=lambda name: (_preference(name), name))
    return tuple(sets[names[0]])


def _preference(name: str) -> int:
    """The names that libraries look for come before single-file copies for other programs."""
    stem = name.rpartition("/")[2].partition(".")[0]
    known = ("model", "diffusion_pytorch_model", "adapter_model", "pytorch_lora_weights")
    order = (*known, "pytorch_model")
    return order.index(stem) if stem in order else len(order)
