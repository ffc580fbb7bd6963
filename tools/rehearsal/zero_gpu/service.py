"""ZeroGPU as the Hub sees it: devices by their secret, visitors, quotas."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ...knowledge import zero_gpu_facts
from ..options import OptionError
from ..store.accounts import Account
from .desk import Desk
from .device import Device
from .ledger import Ledger
from .limits import Limits
from .torch_builds import torch_build
from .visitors import Visitor, VisitorTokens

FLAVOR = "zero-a10g"
"""The hardware flavor of ZeroGPU; the name is older than the card (2026-05-13)."""

PATH = "/api/rehearsal/zero-gpu"
"""Where the device API is on the Hub; a device's secret follows."""

TORCH_VARIABLE = "HUGGINGFACE_SPACES_ZERO_GPU_TORCH"
"""Set to `cpu` when the Hub starts, to rehearse with a CPU build of torch."""

FindAccount = Callable[[str], Account | None]


@dataclass(frozen=True)
class Quota:
    """GPU seconds of a visitor."""

    base: int
    left: float
    resets_at: datetime | None
    """None when nothing was used."""


class ZeroGpu:
    """The rehearsal's ZeroGPU."""

    def __init__(
        self,
        ledger_file: Path,
        endpoint: Callable[[], str],
        find_account: FindAccount,
        spent: Callable[[str | None], bool] = lambda _space: False,
    ) -> None:
        """Prepare.

        Args:
            ledger_file: where the used quotas are kept.
            endpoint: returns the Hub's own address.
            find_account: returns the account of an access token.
            spent: whether quotas count as used up, for one Space or (None) altogether.

        Raises:
            LedgerDamagedError: the file is there and cannot be read.
            OptionError: the environment asks for a torch that nobody knows.
        """
        self.desk = Desk(Ledger(ledger_file), Limits.of_knowledge(), spent)
        self.tokens = VisitorTokens()
        self._endpoint = endpoint
        self._find_account = find_account
        self._devices: dict[str, Device] = {}
        self._cpu_torch = _asks_for_cpu_torch()

    def open(self, space: str, marker: str, python: Path) -> ZeroGpuPlace:
        """Return a device for a new run of a Space, and what its process must be told.

        Args:
            space: its full name.
            marker: what its processes carry.
            python: the interpreter of its environment.
        """
        torch = torch_build(python)
        self._devices = {key: held for key, held in self._devices.items() if not held.closed}
        device = Device(space, marker, self.desk, torch)
        self._devices[device.secret] = device
        url = f"{self._endpoint()}{PATH}/{device.secret}"
        return ZeroGpuPlace(device, url, emulates=self._cpu_torch and torch == "cpu")

    def device(self, secret: str) -> Device | None:
        """Return the device with this secret, if its app still runs."""
        device = self._devices.get(secret)
        return None if device is None or device.closed else device

    def visitor_token(self, access_token: str) -> str | None:
        """Return what the platform's proxy adds for the account behind an access token."""
        account = self._find_account(access_token)
        if account is None:
            return None
        seconds = self.desk.limits.visitor_token_seconds
        return self.tokens.mint(Visitor.of(account), seconds)

    def quota(self, visitor: Visitor) -> Quota:
        """Return what a visitor has and has left."""
        key, base = f"account:{visitor.name}", visitor.quota_seconds
        usage = self.desk.ledger.usage(key)
        if not usage.since:
            return Quota(base, 0.0 if self.desk.spent(None) else float(base), None)
        left = 0.0 if self.desk.spent(None) else max(0.0, base - usage.seconds)
        seconds = self.desk.ledger.seconds_until_reset(key)
        return Quota(base, left, datetime.now(timezone.utc) + timedelta(seconds=seconds))


@dataclass(frozen=True)
class ZeroGpuPlace:
    """One run of an app on ZeroGPU."""

    device: Device
    url: str
    emulates: bool
    """Whether the start hook makes a CPU build of torch do."""

    def environment(self) -> dict[str, str]:
        """Return the variables of the app's process: the package's two, and the start hook's."""
        return {
            "SPACES_ZERO_GPU": "true",
            "SPACES_ZERO_DEVICE_API_URL": self.url,
            "REHEARSAL_ZERO_GPU_CARD": zero_gpu_facts().card,
            **({"REHEARSAL_ZERO_GPU_TORCH": "cpu"} if self.emulates else {}),
        }

    @property
    def warning(self) -> str | None:
        """What somebody who reads the run log must know of this machine's torch."""
        if self.device.torch == "gpu":
            return (
                "this machine has no GPU for the installed torch: calls that use CUDA fail; a CPU "
                f"build of torch can be rehearsed by starting the Hub with {TORCH_VARIABLE}=cpu"
            )
        if self.device.torch == "cpu" and not self.emulates:
            return (
                "the package `spaces` cannot be imported with a CPU build of torch; start the Hub "
                f"with {TORCH_VARIABLE}=cpu to rehearse with it"
            )
        return None


def _asks_for_cpu_torch() -> bool:
    asked = os.environ.get(TORCH_VARIABLE, "")
    if asked not in {"", "cpu"}:
        raise OptionError(f"{TORCH_VARIABLE} must be `cpu` or not set, not {asked!r}")
    return asked == "cpu"
