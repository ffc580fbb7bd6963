"""What the platform lets a namespace create: plan, payment method, age of the account.

The limits and the texts come from `knowledge/plans.yaml`, each with its date and source.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge import HardwareFlavor, Refusal, hardware_flavor, hardware_flavors, refusals
from .errors import HubError, bad_request
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
        raise _refused(refusals().protected_needs_plan, f"{owner.name} has a {owner.plan.title}.")


def check_creation(request: Request) -> None:
    """Raise 402 or 400 when the owner may not create this Space."""
    if request.sdk == "static":
        _check_static(request)
        return
    if request.hardware == DEFAULT_HARDWARE and not request.owner.plan.may_host_compute:
        raise _refused(refusals().compute_needs_pro)
    _check_hardware(request, refusals().paid_needs_payment)


def check_change(request: Request, current: str) -> None:
    """Raise 402, 403 or 400 when the owner may not move a Space away from `current`."""
    if request.sdk == "static":
        raise bad_request("A static Space has no hardware")
    if request.hardware == current:
        return
    if request.hardware == DEFAULT_HARDWARE and not request.owner.plan.may_host_compute:
        raise _refused(refusals().downgrade_needs_pro)
    _check_hardware(request, refusals().upgrade_needs_payment)


def _check_static(request: Request) -> None:
    if request.hardware != DEFAULT_HARDWARE:
        raise bad_request(f"hardware {request.hardware!r}: a static Space has no hardware")


def _check_hardware(request: Request, needs_payment: Refusal) -> None:
    flavor = _known_flavor(request.hardware)
    if flavor.name == ZERO_GPU:
        _check_zero_gpu(request)
    elif flavor.is_paid and not request.owner.can_pay:
        raise _refused(needs_payment, f"{flavor.name} costs ${flavor.dollars_per_hour} per hour.")


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
        raise _refused(refusals().zero_gpu_needs_pro)
    if request.zero_gpu_spaces >= plan.zero_gpu_spaces:
        raise _refused(
            refusals().zero_gpu_needs_pro,
            f"({owner.name} hosts {request.zero_gpu_spaces} ZeroGPU Spaces; the limit of a"
            f" {plan.title} is {plan.zero_gpu_spaces}.)",
        )


def _refused(refusal: Refusal, more: str = "") -> HubError:
    """Return a refusal as the platform words it, and what the rehearsal adds to it."""
    return HubError(refusal.status, f"{refusal.text} {more}".rstrip())
