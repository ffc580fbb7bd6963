"""How much memory a model takes, by precision: weights, key-value cache, and a stated margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..knowledge.precisions import precision_facts
from ..model import Model
from .architecture import key_value_cache_bytes
from .weights import Weights

GIBIBYTE = 1024**3
AS_STORED = "as stored"


def in_words(size: int) -> str:
    """Bytes for a person: in GiB, or in a smaller unit where that would say 0.0."""
    for unit, bytes_of_unit in (("GiB", GIBIBYTE), ("MiB", 1024**2)):
        if size >= bytes_of_unit // 10:
            return f"{size / bytes_of_unit:.1f} {unit}"
    return f"{size:,} bytes"


class MemoryNeed(Model):
    """Memory in bytes at one precision, `batch` 1; the cache is None where there is none."""

    precision: str
    weights_bytes: int
    key_value_cache_bytes: int | None
    margin_bytes: int
    total_bytes: int
    total_gib: float

    @property
    def text(self) -> str:
        """`bf16 or fp16 17.1 GiB`."""
        return f"{self.precision} {in_words(self.total_bytes)}"


class Memory(Model):
    """An estimate for every precision that makes sense, and what it assumes."""

    needs: tuple[MemoryNeed, ...]
    assumptions: tuple[str, ...]

    def at(self, precision: str) -> MemoryNeed | None:
        """The estimate of one precision by its title, or None."""
        return next((need for need in self.needs if need.precision == precision), None)

    @property
    def usual(self) -> MemoryNeed | None:
        """What a GPU app loads: 16 bits, or the weights as they are stored when quantized."""
        return self.at(sixteen_bits()) or self.at(AS_STORED)

    @property
    def smallest(self) -> MemoryNeed | None:
        """The least that any precision takes."""
        return min(self.needs, key=lambda need: need.total_bytes, default=None)


def sixteen_bits() -> str:
    """The title of the 16-bit precision."""
    return next(one.title for one in precision_facts().precisions if one.name == "bf16")


def estimate(weights: Weights, config: Mapping[str, Any], *, has_cache: bool) -> Memory | None:
    """Memory for `weights`; None when their size is unknown.

    `has_cache` says whether the model generates text token by token and so keeps a cache.
    """
    rows = _weight_rows(weights)
    if not rows:
        return None
    needs = tuple(_need(title, size, config, has_cache=has_cache) for title, size in rows)
    has_numbers = any(need.key_value_cache_bytes is not None for need in needs)
    return Memory(needs=needs, assumptions=_assumptions(has_cache=has_cache, known=has_numbers))


def together(weights: Weights, parts: Sequence[Memory]) -> Memory | None:
    """Memory for the weights of several models, with the caches that `parts` have alone."""
    plain = estimate(weights, {}, has_cache=False)
    if plain is None:
        return None
    assumptions = (text for part in (plain, *parts) for text in part.assumptions)
    return Memory(
        needs=tuple(_with_caches(need, parts) for need in plain.needs),
        assumptions=tuple(dict.fromkeys(assumptions)),
    )


def _with_caches(need: MemoryNeed, parts: Sequence[Memory]) -> MemoryNeed:
    alone = (part.at(need.precision) or part.usual for part in parts)
    caches = [one.key_value_cache_bytes for one in alone if one and one.key_value_cache_bytes]
    if not caches:
        return need
    total = need.total_bytes + sum(caches)
    return need.model_copy(
        update={
            "key_value_cache_bytes": sum(caches),
            "total_bytes": total,
            "total_gib": round(total / GIBIBYTE, 2),
        }
    )


def _weight_rows(weights: Weights) -> list[tuple[str, int]]:
    """Bytes of the weights by precision; quantized ones only as they are stored."""
    if weights.total is None or weights.is_quantized:
        return [(AS_STORED, weights.stored_bytes)] if weights.stored_bytes else []
    return [
        (precision.title, round(weights.total * precision.bytes_per_parameter))
        for precision in precision_facts().precisions
    ]


def _need(title: str, size: int, config: Mapping[str, Any], *, has_cache: bool) -> MemoryNeed:
    assumed = precision_facts().assumptions
    width = 4.0 if title == "fp32" else 2.0
    tokens, batch = assumed.context_tokens, assumed.batch
    cache = (
        key_value_cache_bytes(config, tokens=tokens, batch=batch, width=width)
        if has_cache
        else None
    )
    margin = round(size * assumed.activation_share)
    total = size + (cache or 0) + margin
    return MemoryNeed(
        precision=title,
        weights_bytes=size,
        key_value_cache_bytes=cache,
        margin_bytes=margin,
        total_bytes=total,
        total_gib=round(total / GIBIBYTE, 2),
    )


def _assumptions(*, has_cache: bool, known: bool) -> tuple[str, ...]:
    assumed = precision_facts().assumptions
    share = f"activations and buffers: {assumed.activation_share:.0%} of the weights"
    if not has_cache:
        return (share,)
    tokens = f"{assumed.context_tokens:,} tokens, batch {assumed.batch}"
    if known:
        return (share, f"key-value cache: {tokens}, 16 bits (fp32: 32), from config.json")
    return (share, "key-value cache: not counted, config.json does not say its layout")
