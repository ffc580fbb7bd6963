"""ZeroGPU in numbers: what is published, and what the rehearsal chose where nothing is."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class ZeroGpuFacts(Fact):
    """What the platform, or its package, says. Durations in seconds, sizes in bytes."""

    package: str
    """The requirement that the platform adds to the build of a ZeroGPU Space."""
    torch: str
    """The requirement that the platform adds for torch."""
    card: str
    """The GPU's model, by which the package chooses its settings."""
    default_duration_seconds: int
    duration_factor: float
    """What the package multiplies durations by on this card, unless the size is `xlarge`."""
    xlarge_threshold_bytes: int
    """Above this many bytes of tensors at the start, the size defaults to `xlarge`."""
    xlarge_quota_factor: int
    unauthenticated_quota_seconds: int
    quota_window_seconds: int
    """A quota is whole again this long after its first use."""
    queue_seconds: int
    """How long a request waits for a GPU; part of the package's text."""
    as_of: date
    source: str


class UnpublishedNumber(Fact):
    """A number that decides something and that the platform keeps to itself."""

    name: str
    platform: float | None
    rehearsal: float | None
    """What the rehearsal Hub uses; None is no limit."""
    note: str


@lru_cache(maxsize=1)
def zero_gpu_facts() -> ZeroGpuFacts:
    """Return what is published of ZeroGPU."""
    parsed = load("zero_gpu.yaml")
    origin = {"as_of": parsed["as_of"], "source": parsed["source"]}
    return ZeroGpuFacts(**origin, **parsed["published"])


@lru_cache(maxsize=1)
def unpublished_numbers() -> dict[str, UnpublishedNumber]:
    """Return the rehearsal's own choices by name."""
    numbers = (UnpublishedNumber(**record) for record in load("zero_gpu.yaml")["unpublished"])
    return {number.name: number for number in numbers}
