"""torch and its family: what fits together, what a Python has, what ZeroGPU accepts."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class PythonWheels(Fact):
    """The oldest and the newest torch with wheels for one Python; None is the newest there is."""

    first: str
    last: str | None


class ZeroGpuTorch(Fact):
    """The pins of torch that ZeroGPU's documentation names."""

    documented: tuple[str, ...]


class TorchFacts(Fact):
    """All of it. Versions are plain releases such as `2.11.0`."""

    torchvision: dict[str, str]
    """torch to the torchvision that requires it."""
    last_torchaudio: str
    torchaudio_for: str
    """The releases of torch beside which the last torchaudio works, such as `>=2.11,<2.15`."""
    pythons: dict[str, PythonWheels]
    releases: tuple[str, ...]
    """Releases from 2.5 on, oldest first."""
    zero_gpu: ZeroGpuTorch
    old_below: str
    as_of: date
    source: str


@lru_cache(maxsize=1)
def torch_facts() -> TorchFacts:
    """Return what is known of torch's releases."""
    return TorchFacts(**load("torch.yaml"))
