"""What the platform lets a namespace create: plan, payment method, age of the account.

The limits and the texts come from `knowledge/plans.yaml`; texts that nobody has reported are
phrased here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge import HardwareFlavor, hardware_flavor, hardware_flavors, refusals
from .errors import HubError, bad_request, payment_required
from .store.accounts import Owner
from .store.records import Visibility

SDKS = ("gradio", "docker", "static")
DEFAULT_HARDWARE = "cpu-basic"
ZERO_GPU = "zero-a10g"


@dataclass(frozen=True)
class Request:
    """A Space as somebody wants it to be."""

    sdk: str
    hardware: str
    owner: Owner
    zero_gpu_spaces: int
    """How many Spaces of the owner are on ZeroGPU already, this one not counted."""


def checked_sdk(sdk: str | None) -> str:
    """Return a known SDK. Raises 400 that names the allowed ones."""
    if sdk in SDKS:
        return sdk
    hint = "; Streamlit runs in a Docker Space" if sdk == "streamlit" else ""
    raise bad_request(f"sdk must be one of [{', '.join(SDKS)}], not {sdk!r}{hint}")


def check_visibility(owner: Owner, visibility: Visibility) -> None:
    """Raise 402 when the plan does not include the visibility."""
    if visibility == "protected" and not owner.plan.may_use_protected:
        raise payment_required(
            f"Visibility protected needs PRO, Team or Enterprise; {owner.name} has a"
            f" {owner.plan.title}. Use private or public."
        )


def check_creation(request: Request) -> None:
    """Raise 402 or 400 when the owner may not create this Space."""
    if request.sdk == "static":
        _check_static(request)
        return
    if request.hardware == DEFAULT_HARDWARE and not request.owner.plan.may_host_compute:
        raise payment_required(refusals().compute_needs_pro)
    _check_hardware(request)


def check_change(request: Request, current: str) -> None:
    """Raise 402 or 400 when the owner may not move a Space from `current` to other hardware."""
    if request.sdk == "static":
        raise bad_request("A static Space has no hardware")
    if request.hardware == current:
        return
    if request.hardware == DEFAULT_HARDWARE and not request.owner.plan.may_host_compute:
        raise payment_required(refusals().downgrade_needs_pro)
    _check_hardware(request)


def _check_static(request: Request) -> None:
    if request.hardware != DEFAULT_HARDWARE:
        raise bad_request(f"hardware {request.hardware!r}: a static Space has no hardware")


def _check_hardware(request: Request) -> None:
    flavor = _known_flavor(request.hardware)
    if flavor.name == ZERO_GPU:
        _check_zero_gpu(request)
    elif flavor.is_paid and not request.owner.can_pay:
        raise payment_required(
            f"Hardware {flavor.name} costs ${flavor.dollars_per_hour} per hour and"
            f" {request.owner.name} has no payment method. Add one or ask for a community grant."
        )


def _known_flavor(name: str) -> HardwareFlavor:
    flavor = hardware_flavor(name)
    if flavor is None:
        known = ", ".join(flavor.name for flavor in hardware_flavors())
        raise bad_request(f"hardware must be one of [{known}], not {name!r}")
    if flavor.dollars_per_hour is None:
        raise HubError(
            400, f"hardware {name} has no published price, so it can't be rehearsed; see the Hub"
        )
    return flavor


def _check_zero_gpu(request: Request) -> None:
    if request.sdk != "gradio":
        raise bad_request(f"hardware {ZERO_GPU} (ZeroGPU) needs sdk gradio, not {request.sdk}")
    plan, owner = request.owner.plan, request.owner
    in_good_standing = owner.email_verified and owner.age_days >= plan.zero_gpu_minimum_account_days
    if not in_good_standing:
        raise payment_required(refusals().zero_gpu_needs_pro)
    if request.zero_gpu_spaces >= plan.zero_gpu_spaces:
        raise payment_required(
            f"{refusals().zero_gpu_needs_pro} ({owner.name} hosts {request.zero_gpu_spaces}"
            f" ZeroGPU Spaces; the limit of a {plan.title} is {plan.zero_gpu_spaces}.)"
        )
