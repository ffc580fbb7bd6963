"""What an account may create, judged before the Hub is asked.

The Hub has the last word; a judgement of `try` says that accounts like this one have been both
accepted and refused (July to October 2026).
"""

from __future__ import annotations

from typing import Literal

from .hub.facts import Account, Hardware
from .knowledge import plan
from .knowledge.plans import Plan, PlanName
from .model import Model

May = Literal["yes", "no", "try"]
# Roles of a member of an organisation: hub-docs organizations-security, and for no_access
# programmatic-user-access-control; stored copies looked up on 2026-11-23.
_ROLES: dict[str, May] = {
    "admin": "yes",
    "write": "yes",
    "contributor": "yes",
    "read": "no",
    "no_access": "no",
}
# Plan names as hub-docs spaces-get-user-plan (2025-10-07) has them. That `plus` may do what
# `enterprise` may is our assumption; a plan not named here is judged as free.
_PAID_PLANS: dict[str, PlanName] = {
    "pro": "pro",
    "team": "team",
    "enterprise": "enterprise",
    "plus": "enterprise",
}


class Permission(Model):
    """Whether a Space on `hardware` may be created, and why (not)."""

    hardware: str
    may_create: May
    why: str
    price_per_hour: float


class Namespace(Model):
    """Where a Space would live, and the plan that counts there."""

    name: str
    plan: PlanName
    can_pay: bool
    is_organisation: bool
    may_write: May = "yes"


def namespace_of(account: Account, name: str) -> Namespace | None:
    """The account itself or one of its organisations; None when it is neither."""
    if name.lower() == account.name.lower():
        return Namespace(
            name=account.name, plan=account.plan, can_pay=account.can_pay, is_organisation=False
        )
    found = account.owns(name)
    if found is None:
        return None
    known = _PAID_PLANS.get((found.plan or "").lower(), "free")
    return Namespace(
        name=found.name,
        plan=known,
        can_pay=found.can_pay,
        is_organisation=True,
        may_write=_ROLES.get((found.role or "").lower(), "try"),
    )


def static_permission() -> Permission:
    """Static Spaces run in the visitor's browser: everybody may create them."""
    return Permission(
        hardware="static", may_create="yes", why="static Spaces are free to all", price_per_hour=0
    )


def permission(namespace: Namespace, flavor: Hardware) -> Permission:
    """Whether `namespace` may create a Gradio or Docker Space on `flavor` today."""
    rules = plan(namespace.plan)
    if namespace.may_write == "no":
        why = f"the account's role in {namespace.name} does not allow it"
        return Permission(
            hardware=flavor.name, may_create="no", why=why, price_per_hour=flavor.price_per_hour
        )
    if flavor.name == "zero-a10g":
        may, why = _zero_gpu(namespace, rules)
    elif flavor.price_per_hour > 0:
        may, why = _paid(namespace)
    else:
        may, why = _free_compute(rules)
    return Permission(
        hardware=flavor.name, may_create=may, why=why, price_per_hour=flavor.price_per_hour
    )


def _free_compute(rules: Plan) -> tuple[May, str]:
    if rules.may_host_compute:
        return "yes", f"included in the plan ({rules.title})"
    return "no", (
        "since July 2026 a Gradio or Docker Space needs PRO, Team or Enterprise, cpu-basic included"
        f" (402; as of {rules.as_of})"
    )


def _zero_gpu(namespace: Namespace, rules: Plan) -> tuple[May, str]:
    slots = f"{rules.zero_gpu_spaces} ZeroGPU Spaces on this plan"
    if rules.name == "free" and namespace.is_organisation:
        return "no", "an organisation needs Team or Enterprise to host on ZeroGPU"
    if rules.name == "free":
        return "try", (
            f"{slots}, for verified accounts older than {rules.zero_gpu_minimum_account_days} days;"
            " some are refused with 402 all the same"
        )
    return "yes", slots


def _paid(namespace: Namespace) -> tuple[May, str]:
    if namespace.can_pay:
        return "yes", "billed by the minute while Starting or Running"
    return "no", "needs a payment method or prepaid credits"
