"""Hardware flavors: their memory, what fits, and the cheapest that does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..hub.facts import Hardware
from ..knowledge import hardware_flavor, zero_gpu_facts
from ..model import Model
from .memory import MemoryNeed, in_words
from .route import Fits

ZERO_GPU = "zero-a10g"
CPU_BASIC = "cpu-basic"
GIGABYTE = 10**9
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*GB")


class Fit(Model):
    """Whether an app fits a flavor; `size` is ZeroGPU's, `cards` how many GPUs must share it."""

    fits: Fits
    why: str
    size: str | None = None
    cards: int = 1


def gpu_bytes(flavor: Hardware) -> int | None:
    """Memory of all GPUs of a flavor together, None for one without a GPU or an unknown one."""
    known = hardware_flavor(flavor.name)
    if known is not None:
        return _bytes(known.accelerator.vram) if known.accelerator else None
    return _bytes(flavor.accelerator or "")


def ram_bytes(name: str) -> int | None:
    """Main memory of a flavor, None where nobody published it."""
    known = hardware_flavor(name)
    return _bytes(known.ram) if known else None


def cards_of(flavor: Hardware) -> int:
    """How many GPUs a flavor has, 1 where nobody says."""
    known = hardware_flavor(flavor.name)
    return known.accelerator.quantity if known and known.accelerator else 1


def _bytes(text: str) -> int | None:
    found = _SIZE.search(text)
    return round(float(found.group(1)) * GIGABYTE) if found else None


def fit(flavor: Hardware, need: MemoryNeed | None) -> Fit:
    """Whether `need` fits the memory of a flavor: its GPUs', or the main memory without any."""
    if need is None:
        return Fit(fits="unknown", why="the size is not known")
    if flavor.name == ZERO_GPU:
        return _zero_gpu(need)
    available = gpu_bytes(flavor) or ram_bytes(flavor.name)
    if available is None:
        return Fit(fits="unknown", why=f"the memory of {flavor.name} is not published")
    cards = cards_of(flavor)
    shared = f" over {cards} GPUs" if cards > 1 else ""
    room = f"{_taken(need)} in {available / GIGABYTE:.0f} GB{shared}"
    return Fit(fits="yes" if need.total_bytes <= available else "no", why=room, cards=cards)


def _zero_gpu(need: MemoryNeed) -> Fit:
    """`large` is half a card, `xlarge` the whole; above a threshold the package counts it."""
    half, whole = _zero_gpu_sizes()
    facts = zero_gpu_facts()
    room = _taken(need)
    if need.weights_bytes <= facts.xlarge_threshold_bytes and need.total_bytes <= half:
        return Fit(fits="yes", why=f"{room} in {half / GIGABYTE:.0f} GB (large)", size="large")
    if need.total_bytes > whole:
        return Fit(fits="no", why=f"{room} in {whole / GIGABYTE:.0f} GB (xlarge)")
    return Fit(fits="yes", why=f"{room} in {whole / GIGABYTE:.0f} GB (xlarge)", size="xlarge")


def _taken(need: MemoryNeed) -> str:
    return f"{in_words(need.total_bytes)} ({need.precision})"


def _zero_gpu_sizes() -> tuple[int, int]:
    """Memory of half a card and of a whole one; the flavor's entry describes the half."""
    known = hardware_flavor(ZERO_GPU)
    half = _bytes(known.accelerator.vram) if known and known.accelerator else None
    half = half or 48 * GIGABYTE
    return half, 2 * half


def crosses_threshold(weights_bytes: int) -> bool:
    """Whether ZeroGPU counts every call as `xlarge`, by the weights loaded at module level."""
    return weights_bytes > zero_gpu_facts().xlarge_threshold_bytes


def smallest_gpu(flavors: Sequence[Hardware], need: MemoryNeed | None) -> Hardware | None:
    """The cheapest dedicated GPU that `need` fits; the cheapest of all when it is unknown."""
    dedicated = [
        flavor
        for flavor in flavors
        if gpu_bytes(flavor) is not None and flavor.name != ZERO_GPU and flavor.price_per_hour > 0
    ]
    fitting = [one for one in dedicated if need is None or fit(one, need).fits == "yes"]
    return min(fitting, key=lambda one: (one.price_per_hour, cards_of(one)), default=None)
