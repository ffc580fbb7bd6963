"""Bytes per number, and what an estimate of memory assumes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, load

PrecisionName = Literal["fp32", "bf16", "int8", "nf4"]


class Precision(Fact):
    """One way to hold the weights in memory."""

    name: PrecisionName
    title: str
    bytes_per_parameter: float


class Assumptions(Fact):
    """What an estimate takes for granted; each is printed with the estimate."""

    context_tokens: int
    batch: int
    activation_share: float
    """Memory beside weights and key-value cache, as a share of the weights."""
    cpu_parameters: int
    """Up to this many parameters a model is offered the free CPU."""
    cpu_gguf_bytes: int
    """Up to this size a GGUF file is offered the free CPU."""
    browser_bytes: int
    """Up to this download a model is offered a page that runs in the visitor's browser."""


class PrecisionFacts(Fact):
    """All of it."""

    element_bytes: dict[str, float]
    """Bytes of one number by the data type's name in a safetensors header."""
    precisions: tuple[Precision, ...]
    assumptions: Assumptions
    as_of: date
    source: str


@lru_cache(maxsize=1)
def precision_facts() -> PrecisionFacts:
    """Return bytes per number and the assumptions of an estimate."""
    return PrecisionFacts(**load("precisions.yaml"))
