"""The two lists that end every rehearsal: what a CPU on this machine proves, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

Step = Literal["build", "start", "answer"]

_PROVED: Mapping[Step, str] = {
    "build": "the dependencies resolve and install with the platform's own resolver call",
    "start": "the app imports, starts and listens on its port",
    "answer": "its page and the called endpoints answer, and the output looks right by content",
}
# A static Space is not built from requirements and starts no program.
_PROVED_OF_A_PAGE: Mapping[Step, str] = {
    "start": "its files are served as they are",
    "answer": "its page answers as HTML",
}
_ACCOUNT = "what the platform decides about the account (plan, slots, payment)"
_SYSTEM = "Debian packages of the platform's image and of packages.txt"
_OPEN_OF_A_PAGE = ("what the page's scripts do: none was run in a browser",)
_BY_HARDWARE = {
    "cpu": ("speed and memory on the platform's CPUs",),
    "zero": (
        "GPU memory and real CUDA kernels",
        "speed, and so the right `duration`",
        "ZeroGPU's queue and visitors' quotas as they are on the day",
    ),
    "gpu": ("GPU memory, CUDA kernels and wheels for that GPU", "speed", "price of idle hours"),
}


def proved(steps: Sequence[Step], sdk: str = "gradio") -> tuple[str, ...]:
    """What the finished steps (`build`, `start`, `answer`) prove for an app of that SDK."""
    known = _steps_of(sdk)
    return tuple(known[step] for step in steps if step in known)


def not_proved(hardware: str, steps: Sequence[Step], sdk: str = "gradio") -> tuple[str, ...]:
    """What stays open: steps that were not reached, and what only the live Space can show."""
    known = _steps_of(sdk)
    missing = [f"not reached: {text}" for step, text in known.items() if step not in steps]
    if sdk == "static":
        return (*missing, *_OPEN_OF_A_PAGE, _ACCOUNT)
    return (*missing, *_BY_HARDWARE[_kind(hardware)], _ACCOUNT, _SYSTEM)


def _steps_of(sdk: str) -> Mapping[Step, str]:
    return _PROVED_OF_A_PAGE if sdk == "static" else _PROVED


def _kind(hardware: str) -> str:
    if hardware.startswith("zero"):
        return "zero"
    return "cpu" if hardware.startswith("cpu") else "gpu"
