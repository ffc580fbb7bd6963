"""The tables of `references/grants.md`: what is hosted without a grant, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tools.knowledge.hardware import HardwareFlavor, hardware_flavor, hardware_flavors
from tools.knowledge.plans import Plan, plans
from tools.knowledge.subscriptions import subscriptions

from .markdown import sourced, table

FLAVORS = ("t4-small", "l4x1", "l40sx1", "a100-large")
HOURS_PER_MONTH = 730


def hosting() -> str:
    """What each plan may host before anybody needs a grant."""
    rows = [(plan.title, plan.zero_gpu_spaces, _age(plan), _compute(plan)) for plan in plans()]
    header = ("account", "ZeroGPU Spaces", "account age", "Gradio or Docker on cpu-basic")
    first = plans()[0]
    return sourced(table(header, rows), first.source, first.as_of)


def prices() -> str:
    """One PRO subscription and some single GPUs, by the hour and by a month without sleep."""
    pro = subscriptions()["pro"]
    rows = [row for name in FLAVORS if (row := _row(name)) is not None]
    header = ("flavor", "GPU memory", "$ per hour", "$ per month, never asleep")
    flavor = hardware_flavors()[0]
    paid = sourced(table(header, rows), flavor.source, flavor.as_of)
    return f"{paid} PRO: ${pro.dollars_per_month} a month, from {pro.source}."


def _age(plan: Plan) -> str:
    days = plan.zero_gpu_minimum_account_days
    return f"older than {days} days" if days else "any"


def _compute(plan: Plan) -> str:
    return "yes" if plan.may_host_compute else "no, static only"


def _row(name: str) -> tuple[str, str, str, str] | None:
    flavor = hardware_flavor(name)
    if flavor is None or flavor.dollars_per_hour is None or flavor.accelerator is None:
        return None
    return (f"`{name}`", flavor.accelerator.vram, _dollars(flavor), _month(flavor.dollars_per_hour))


def _dollars(flavor: HardwareFlavor) -> str:
    return f"{flavor.dollars_per_hour:.2f}"


def _month(per_hour: Decimal) -> str:
    return f"{per_hour * HOURS_PER_MONTH:.0f}"


TABLES: dict[str, Callable[[], str]] = {"grants-hosting": hosting, "grants-prices": prices}
