"""What kind of thing a model repository is, and what runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..hub.models import ModelFacts, ModelFile
from .subjects import ModelKind
from .weights import weight_files

TORCH = "torch"
_TEXT_TASKS = frozenset({"text-generation", "image-text-to-text", "audio-text-to-text"})
# Libraries of the Hub's `library_name` that do not run on torch, and what runs them.
_FRAMEWORKS = {
    "fasttext": "fasttext",
    "flair": TORCH,
    "flax": "jax",
    "gguf": "llama.cpp",
    "jax": "jax",
    "keras": "tensorflow",
    "keras-hub": "tensorflow",
    "llama.cpp": "llama.cpp",
    "mlx": "mlx",
    "onnx": "onnx",
    "paddlenlp": "paddle",
    "paddleocr": "paddle",
    "sklearn": "scikit-learn",
    "spacy": "spacy",
    "tensorflow": "tensorflow",
    "tf-keras": "tensorflow",
    "tflite": "tensorflow",
    "transformers.js": "onnx",
}
_TORCH_LIBRARIES = frozenset({"transformers", "diffusers", "peft", "sentence-transformers", None})


def kind_of(facts: ModelFacts, files: Sequence[ModelFile]) -> ModelKind:
    """What the repository holds, by its files first and by the card where they are silent."""
    paths = {file.path for file in files}
    if _is_adapter(facts, paths):
        return "adapter"
    if "model_index.json" in paths or (facts.library == "diffusers" and not paths):
        return "diffusers pipeline"
    if weight_files(files) or facts.parameters:
        return _with_weights(facts, paths)
    if any(path.endswith(".gguf") for path in paths):
        return "gguf"
    if any(path.endswith(".onnx") for path in paths):
        return "onnx"
    return "other library" if facts.library not in _TORCH_LIBRARIES else "no weights"


def _is_adapter(facts: ModelFacts, paths: set[str]) -> bool:
    if "adapter_config.json" in paths or facts.library == "peft":
        return True
    whole = {"config.json", "model_index.json"} & paths
    return "lora" in facts.tags and "base_model" in facts.card and not whole


def _with_weights(facts: ModelFacts, paths: set[str]) -> ModelKind:
    if "modules.json" in paths or facts.library == "sentence-transformers":
        return "sentence-transformers"
    return "full weights" if facts.library in _TORCH_LIBRARIES else "other library"


def framework_of(facts: ModelFacts, kind: ModelKind) -> str:
    """What runs the model; torch unless its kind or its library says otherwise."""
    if kind == "gguf":
        return "llama.cpp"
    if kind == "onnx":
        return "onnx"
    return _FRAMEWORKS.get((facts.library or "").lower(), TORCH)


def is_text_generator(facts: ModelFacts, config: Mapping[str, Any]) -> bool:
    """Whether the model writes text token by token and so keeps a key-value cache."""
    architectures = config.get("architectures")
    named = architectures if isinstance(architectures, list) else []
    return facts.pipeline_tag in _TEXT_TASKS or any(
        str(name).endswith("ForCausalLM") for name in named
    )
