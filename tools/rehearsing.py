"""The two lists that end every rehearsal: what a CPU on this machine proves, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence

_PROVED = {
    "build": "the dependencies resolve and install with the platform's own resolver call",
    "start": "the app imports, starts and listens on its port",
    "answer": "its page and the called endpoints answer, and the output looks right by content",
}
_ALWAYS_OPEN = (
    "what the platform decides about the account (plan, slots, payment)",
    "Debian packages of the platform's image and of packages.txt",
)
_BY_HARDWARE = {
    "cpu": ("speed and memory on the platform's CPUs",),
    "zero": (
        "GPU memory and real CUDA kernels",
        "speed, and so the right `duration`",
        "ZeroGPU's queue and visitors' quotas as they are on the day",
    ),
    "gpu": ("GPU memory, CUDA kernels and wheels for that GPU", "speed", "price of idle hours"),
}


def proved(steps: Sequence[str]) -> tuple[str, ...]:
    """What the finished steps (`build`, `start`, `answer`) prove."""
    return tuple(_PROVED[step] for step in steps)


def not_proved(hardware: str, steps: Sequence[str]) -> tuple[str, ...]:
    """What stays open: steps that were not reached, and what only the live Space can show."""
    missing = [f"not reached: {text}" for step, text in _PROVED.items() if step not in steps]
    return (*missing, *_BY_HARDWARE[_kind(hardware)], *_ALWAYS_OPEN)


def _kind(hardware: str) -> str:
    if hardware.startswith("zero"):
        return "zero"
    return "cpu" if hardware.startswith("cpu") or hardware == "static" else "gpu"
