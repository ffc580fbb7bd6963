"""What each subscription plan may create and use."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, load, records

PlanName = Literal["free", "pro", "team", "enterprise"]


class Plan(Fact):
    """The limits of one plan that concern Spaces."""

    name: PlanName
    title: str
    may_host_compute: bool
    """Gradio and Docker Spaces on `cpu-basic`. Static Spaces are free to everybody."""
    may_use_protected: bool
    """Visibility `protected`: the code private, the app public."""
    zero_gpu_spaces: int
    """How many Spaces the namespace may host on ZeroGPU."""
    zero_gpu_minimum_account_days: int
    """Age the account must have before it may host on ZeroGPU."""
    zero_gpu_quota_seconds: int
    zero_gpu_priority: str
    """Place in the queue: `medium` or `highest`."""
    """GPU seconds a visitor on this plan has each day."""
    as_of: date
    source: str


class Refusal(Fact):
    """One refusal: HTTP status and text."""

    status: Literal[402, 403]
    text: str
    reported: bool
    """Whether the text is the platform's, as people quoted it; else only the rule is published."""
    as_of: date
    source: str


class Refusals(Fact):
    """What the platform says when a plan or the billing does not cover something."""

    compute_needs_pro: Refusal
    """A Gradio or Docker Space on `cpu-basic`, created or duplicated by a free account."""
    zero_gpu_needs_pro: Refusal
    """One more Space on ZeroGPU than the plan hosts, or an account too young for any."""
    downgrade_needs_pro: Refusal
    """A free account's Space moved from other hardware to `cpu-basic`."""
    upgrade_needs_payment: Refusal
    """A Space moved to paid hardware without a payment method."""
    paid_needs_payment: Refusal
    """A Space created on paid hardware without a payment method."""
    protected_needs_plan: Refusal
    """Visibility `protected` on a free account."""


@lru_cache(maxsize=1)
def plans() -> tuple[Plan, ...]:
    """Return every plan, the free one first."""
    return tuple(Plan(**record) for record in records("plans.yaml", "plans"))


def plan(name: PlanName) -> Plan:
    """Return the plan called `name`. Raises KeyError for a plan that is not described."""
    return {known.name: known for known in plans()}[name]


@lru_cache(maxsize=1)
def refusals() -> Refusals:
    """Return the platform's refusals of what is not paid for."""
    return Refusals(**load("plans.yaml")["refusals"])
