"""A model of one matrix: the next word depends on this one alone."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

from .configuration_tiny import TinyConfig


class TinyForCausalLM(PreTrainedModel):
    """Embeds each word and reads the next one off it."""

    config_class = TinyConfig

    def __init__(self, config: TinyConfig) -> None:
        super().__init__(config)
        self.embed = torch.nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = torch.nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def forward(self, input_ids: torch.LongTensor, **_other: object) -> CausalLMOutput:
        """Return the scores of the words that may follow."""
        return CausalLMOutput(logits=self.head(self.embed(input_ids)))
