"""The configuration of a model that transformers does not know."""

from __future__ import annotations

from transformers import PretrainedConfig


class TinyConfig(PretrainedConfig):
    """Sizes of the model."""

    model_type = "tiny_custom"

    def __init__(self, hidden_size: int = 16, vocab_size: int = 64, **other: object) -> None:
        self.hidden_size = hidden_size
        self.vocab_size = vocab_size
        super().__init__(**other)
