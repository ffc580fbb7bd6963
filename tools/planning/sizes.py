"""Reading sizes from the Hub: headers of the weights, else the configuration, else the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..context import Context
from ..hub.models import ModelCalls, ModelFacts, ModelFile
from ..problems import Problem
from .subjects import Component, Download, ModelKind
from .weights import (
    HEADERS,
    Weights,
    from_config,
    from_headers,
    from_sizes,
    weight_files,
)

MOST_HEADERS = 24
"""Headers read for one model; each costs a request or two."""
_LEAST_SECONDS = 4.0
_GGUF_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.gguf$)")
_NOT_A_MODEL = re.compile(r"(^|/)mmproj", re.IGNORECASE)
_USUAL_GGUF = ("q4_k_m", "q4_0", "q8_0")


class SizeReader:
    """Finds how large the weights of one model are."""

    def __init__(
        self, context: Context, calls: ModelCalls, facts: ModelFacts, files: Sequence[ModelFile]
    ) -> None:
        self._context = context
        self._calls = calls
        self._facts = facts
        self._files = files
        self._headers_left = MOST_HEADERS

    def weights(self, kind: ModelKind, config: Mapping[str, Any]) -> Weights:
        """The weights at the root of the repository."""
        if kind == "gguf":
            return self._gguf()
        if kind == "onnx":
            return self._onnx()
        if self._facts.parameters:
            return from_headers(self._facts.parameters, config, f"{HEADERS}, read by the Hub")
        return self._of_files(weight_files(self._files), config)

    def components(self, index: Mapping[str, Any]) -> tuple[Component, ...]:
        """The parts of a diffusers pipeline that have weights, largest first."""
        folders = {file.path.rpartition("/")[0] for file in self._files}
        named = [name for name, entry in index.items() if _is_component(entry)]
        wanted = [name for name in (named or sorted(folders)) if name and name in folders]
        found = [
            Component(name=name, weights=self._of_files(files, {}))
            for name in wanted
            if (files := weight_files(self._files, name))
        ]
        return tuple(sorted(found, key=lambda part: -(part.weights.stored_bytes or 0)))

    def _of_files(self, files: Sequence[ModelFile], config: Mapping[str, Any]) -> Weights:
        counted = self._headers(files)
        if counted:
            return from_headers(counted, config)
        return from_config(config) or from_sizes(files, config)

    def _headers(self, files: Sequence[ModelFile]) -> dict[str, int]:
        """Numbers by data type over all files; empty when one cannot be read."""
        readable = [file for file in files if file.path.endswith(".safetensors")]
        if not readable or len(readable) != len(files) or len(files) > self._headers_left:
            return {}
        counted: Counter[str] = Counter()
        for file in readable:
            if self._context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
                return {}
            self._headers_left -= 1
            try:
                counted.update(
                    self._calls.weight_header(self._facts.name, self._facts.sha, file.path)
                )
            except Problem:
                return {}
        return dict(counted)

    def _gguf(self) -> Weights:
        chosen = usual_gguf(gguf_choices(self._files))
        if chosen is None:
            return Weights()
        total = self._facts.gguf.get("total")
        return Weights(
            total=total if isinstance(total, int) and total > 0 else None,
            stored_bytes=chosen.size_bytes,
            origin=f"the size of {chosen.name}",
            is_quantized=True,
        )

    def _onnx(self) -> Weights:
        """The plain graph, or the largest one; ONNX files say nothing about precision."""
        found = [file for file in self._files if file.path.endswith(".onnx")]
        plain = [file for file in found if file.path.endswith("/model.onnx")]
        chosen = max(plain or found, key=lambda file: file.size_bytes)
        return Weights(
            stored_bytes=chosen.size_bytes,
            origin=f"the size of {chosen.path}",
            is_quantized=True,
        )


def _is_component(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(i, str) for i in entry)


def gguf_choices(files: Sequence[ModelFile]) -> tuple[Download, ...]:
    """The GGUF models of a repository, smallest first; the pieces of one count as one."""
    sizes: Counter[str] = Counter()
    for file in files:
        if file.path.endswith(".gguf") and not _NOT_A_MODEL.search(file.path):
            sizes[_GGUF_SHARD.sub("", file.path)] += file.size_bytes
    found = [Download(name=name, size_bytes=size) for name, size in sizes.items()]
    return tuple(sorted(found, key=lambda one: (one.size_bytes, one.name)))


def usual_gguf(choices: Sequence[Download]) -> Download | None:
    """The quantization that is usually taken, else the smallest file."""
    for wanted in _USUAL_GGUF:
        for choice in choices:
            if wanted in choice.name.lower():
                return choice
    return choices[0] if choices else None
