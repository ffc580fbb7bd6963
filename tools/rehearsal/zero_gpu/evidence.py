"""What a run on the rehearsal's ZeroGPU showed, and what it cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .torch_builds import TorchBuild

NEVER_PROVED = (
    "GPU memory: nothing here runs out of VRAM",
    "CUDA kernels, data types, torch.compile, and wheels for the card (flash-attn, bitsandbytes)",
    "speed: durations here are those of a processor",
    "how long the platform really queues, and what it lets an account use",
    "disk and time for packing the weights at the start",
)
_WITHOUT_TORCH = "everything that needs torch: it is not installed here"
_WITH_SHIM = (
    "what CUDA does: tensors stay on the processor, the package's own emulation stays on in the "
    "worker, and a tensor returned on cuda is reported by the rehearsal's own check"
)
_WITH_GPU_BUILD = "calls that use CUDA: torch is a GPU build and this machine has no GPU"


@dataclass
class Evidence:
    """Counts of one run of an app."""

    torch: TorchBuild = "absent"
    startup_report: bool = False
    calls: int = 0
    succeeded: int = 0
    failed: int = 0
    warm: int = 0
    queued: int = 0
    refused: int = 0
    overran: int = 0
    seconds_used: float = 0.0

    def told(self) -> dict[str, Any]:
        """Return the facts of the run as JSON fields."""
        return {
            "startupReport": self.startup_report,
            "calls": self.calls,
            "secondsUsed": round(self.seconds_used, 1),
            "proved": self._proved(),
            "notProved": self._not_proved(),
        }

    def _proved(self) -> list[str]:
        lines = {
            "a @spaces.GPU function was registered and launch() was reached": self.startup_report,
            f"GPU calls that returned through a forked worker, by pickle: {self.succeeded}": (
                self.succeeded
            ),
            f"calls that reused a warm worker: {self.warm}": self.warm,
            f"calls that waited in the queue: {self.queued}": self.queued,
            f"calls refused for their duration or quota: {self.refused}": self.refused,
            f"calls that failed in the worker: {self.failed}": self.failed,
            f"workers ended because they overran their duration: {self.overran}": self.overran,
        }
        return [line for line, seen in lines.items() if seen]

    def _not_proved(self) -> list[str]:
        about_torch = {"absent": _WITHOUT_TORCH, "cpu": _WITH_SHIM, "gpu": _WITH_GPU_BUILD}
        missing = [] if self.succeeded else ["no GPU call has returned yet"]
        return [*missing, about_torch[self.torch], *NEVER_PROVED]
