"""What `config.json` alone says: parameters of documented architectures, and the key-value cache.

Used where no header of the weights can be read. Layouts are those of the classes in transformers;
an architecture that is not described here stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Config = Mapping[str, Any]


@dataclass(frozen=True)
class _Decoder:
    """How a family of decoders differs from Llama."""

    norms: int = 2
    """Norms per layer, each as wide as the model."""
    attention_bias: bool = False
    """A bias on the query, key and value projections."""
    head_norms: bool = False
    """A norm for queries and one for keys, each as wide as a head."""
    tied: bool = False
    """Whether input and output embeddings are one matrix where the configuration is silent."""


# Model classes of transformers 4.57 and 5.23.
_DECODERS = {
    "gemma": _Decoder(tied=True),
    "gemma2": _Decoder(norms=4, tied=True),
    "gemma3_text": _Decoder(norms=4, head_norms=True, tied=True),
    "llama": _Decoder(),
    "mistral": _Decoder(),
    "phi3": _Decoder(),
    "qwen2": _Decoder(attention_bias=True),
    "qwen3": _Decoder(head_norms=True),
}


def language_part(config: Config) -> Config:
    """The language model's own configuration: nested in models that also see or hear."""
    nested = config.get("text_config")
    return nested if isinstance(nested, Mapping) else config


def parameters_from_config(config: Config) -> int | None:
    """How many parameters the weights hold, exact for the families described here, else None."""
    family = str(config.get("model_type", ""))
    try:
        if family in _DECODERS:
            return _decoder(config, _DECODERS[family])
        return _bert(config) if family == "bert" else None
    except (KeyError, TypeError, ValueError):
        return None


def _decoder(config: Config, family: _Decoder) -> int:
    hidden, layers = int(config["hidden_size"]), int(config["num_hidden_layers"])
    query = int(config["num_attention_heads"]) * head_width(config)
    keys = key_value_heads(config) * head_width(config)
    attention = hidden * query + 2 * hidden * keys + query * hidden
    if family.attention_bias or config.get("attention_bias"):
        attention += query + 2 * keys
    if config.get("attention_bias"):
        attention += hidden
    if family.head_norms:
        attention += 2 * head_width(config)
    feed_forward = 3 * hidden * int(config["intermediate_size"])
    embeddings = int(config["vocab_size"]) * hidden
    tied = bool(config.get("tie_word_embeddings", family.tied))
    per_layer = attention + feed_forward + family.norms * hidden
    return layers * per_layer + hidden + embeddings * (1 if tied else 2)


def _bert(config: Config) -> int:
    """The encoder with its pooler, as sentence-embedding models publish it."""
    hidden, wide = int(config["hidden_size"]), int(config["intermediate_size"])
    positions = int(config["vocab_size"]) + int(config["max_position_embeddings"])
    kinds = int(config.get("type_vocab_size", 2))
    embeddings = (positions + kinds) * hidden + 2 * hidden
    attention = 4 * (hidden * hidden + hidden) + 2 * hidden
    feed_forward = 2 * hidden * wide + wide + hidden + 2 * hidden
    pooler = hidden * hidden + hidden
    return embeddings + int(config["num_hidden_layers"]) * (attention + feed_forward) + pooler


def head_width(config: Config) -> int:
    """Numbers per attention head."""
    stated = config.get("head_dim")
    return int(stated or int(config["hidden_size"]) // int(config["num_attention_heads"]))


def key_value_heads(config: Config) -> int:
    """Heads whose keys and values are kept; as many as there are heads unless they are shared."""
    return int(config.get("num_key_value_heads") or config["num_attention_heads"])


def key_value_cache_bytes(config: Config, *, tokens: int, batch: int, width: float) -> int | None:
    """Bytes of the key-value cache, `width` bytes per number; None when the layout is another.

    Layers with a sliding window are counted in full, so this is an upper bound for them.
    """
    part = language_part(config)
    if "kv_lora_rank" in part or part.get("is_encoder_decoder"):
        return None
    try:
        per_token = 2 * _attention_layers(part) * key_value_heads(part) * head_width(part)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return int(per_token * tokens * batch * width)


def _attention_layers(config: Config) -> int:
    """Layers that keep keys and values; hybrid models name the kind of each layer."""
    kinds = config.get("layer_types")
    if isinstance(kinds, list) and kinds:
        return sum("attention" in str(kind) and "linear" not in str(kind) for kind in kinds)
    return int(config["num_hidden_layers"])
