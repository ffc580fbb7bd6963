"""Packages with CUDA code, and the wheels of them that are known for ZeroGPU's cards."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, load

Wheel = Literal["dataset", "index", "none"]


class WheelCell(Fact):
    """One combination of torch and CUDA for which the dataset holds wheels."""

    torch: str
    cuda: str
    pythons: tuple[str, ...]

    def folder(self, python: str) -> str:
        """Return the dataset's folder for a Python version, such as `wheels/pt211-cu130-cp312`."""
        torch = self.torch.removesuffix(".0").replace(".", "")
        cuda, tag = self.cuda.replace(".", ""), python.replace(".", "")
        return f"wheels/pt{torch}-cu{cuda}-cp{tag}"


class CudaExtension(Fact):
    """A package that compiles CUDA code; `modules` are the names it is imported by."""

    name: str
    modules: tuple[str, ...]
    wheel: Wheel
    note: str = ""


class WheelFacts(Fact):
    """All of it."""

    dataset: str
    cells: tuple[WheelCell, ...]
    extensions: tuple[CudaExtension, ...]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def wheel_facts() -> WheelFacts:
    """Return the known extensions and where wheels of them are."""
    return WheelFacts(**load("wheels.yaml"))
