"""The tables of `references/zerogpu.md`: sizes, memory, accounts, durations."""

from __future__ import annotations

from collections.abc import Callable

from tools.knowledge import ZeroGpuFacts, hardware_flavor, plans, zero_gpu_facts
from tools.knowledge.precisions import precision_facts

from .markdown import sourced, table

HALF_CARD = "zero-a10g"
WHOLE_CARD = "rtx-pro-6000"
GIGABYTE = 10**9
GIBIBYTE = 2**30
DAY = 86_400
DURATIONS = (None, 20, 33, 80, 200, 100_000)
ORGANISATIONS = {"team", "enterprise"}


def sizes() -> str:
    """What each `size` gets, and what it costs."""
    facts = zero_gpu_facts()
    rows = [
        (
            "`large`, the default",
            "half",
            f"{_memory(HALF_CARD):g}",
            "1x",
            f"{facts.duration_factor:g}x",
        ),
        ("`xlarge`", "whole", f"{_memory(WHOLE_CARD):g}", f"{facts.xlarge_quota_factor}x", "1x"),
    ]
    header = ("size", "of the card", "memory, GB", "quota per second", "`duration` is sent as")
    return sourced(table(header, rows), _sources(facts), facts.as_of)


def memory() -> str:
    """The largest model for each precision, by its weights and the assumed room beside them."""
    facts, zero_gpu = precision_facts(), zero_gpu_facts()
    share = facts.assumptions.activation_share
    rows = []
    for precision in facts.precisions:
        width = precision.bytes_per_parameter
        bounds = (
            _memory(HALF_CARD) / (1 + share),
            zero_gpu.xlarge_threshold_bytes / GIGABYTE,
            _memory(WHOLE_CARD) / (1 + share),
        )
        rows.append((precision.title, f"{width:g}", *(f"{int(size / width)}B" for size in bounds)))
    header = (
        "weights in",
        "GB per 1B parameters",
        f"`large`, {share:.0%} of the weights left free",
        f"weights of {zero_gpu.xlarge_threshold_bytes / GIBIBYTE:g} GiB",
        f"`xlarge`, {share:.0%} left free",
    )
    source = f"{_sources(zero_gpu)}; the rest is arithmetic"
    return sourced(table(header, rows), source, zero_gpu.as_of)


def accounts() -> str:
    """What a visitor may use and what a host may create."""
    facts = zero_gpu_facts()
    rows: list[tuple[str, str, str, str, str]] = [
        ("not logged in", _minutes(facts.unauthenticated_quota_seconds), "low", "", "")
    ]
    for plan in plans():
        hosts = f"{plan.zero_gpu_spaces}"
        if plan.zero_gpu_minimum_account_days:
            hosts += f", verified and older than {plan.zero_gpu_minimum_account_days} days"
        minutes = _minutes(plan.zero_gpu_quota_seconds)
        minutes += " + credits" if plan.may_host_compute else ""
        other = "yes" if plan.may_host_compute else "no"
        title = f"{plan.title}, each member" if plan.name in ORGANISATIONS else plan.title
        hosts += " in all" if plan.name in ORGANISATIONS else ""
        rows.append((title, minutes, plan.zero_gpu_priority, hosts, other))
    header = (
        "account",
        "GPU minutes a day as a visitor",
        "queue priority",
        "ZeroGPU Spaces it may host",
        "Gradio on `cpu-basic`",
    )
    return sourced(table(header, rows), _first(plans()[0].source), plans()[0].as_of)


def durations() -> str:
    """What the package sends for a `duration`, by size."""
    facts = zero_gpu_facts()
    rows = [
        (
            "not given" if asked is None else f"`duration={asked}`",
            sent(asked, factor=facts.duration_factor),
            sent(asked, factor=1),
        )
        for asked in DURATIONS
    ]
    return sourced(
        table(
            (
                "declared",
                "sent for `large`, s",
                "sent for `xlarge`, s; quota is asked for twice that",
            ),
            rows,
        ),
        _first(facts.source),
        facts.as_of,
    )


def sent(asked: int | None, *, factor: float) -> int:
    """Return the seconds that the package asks for.

    Args:
        asked: the `duration`; None when there is none.
        factor: of the size. The package takes the seconds of a time span, without its days.
    """
    seconds = zero_gpu_facts().default_duration_seconds if asked is None else asked % DAY
    return round(seconds * factor)


def _memory(flavor: str) -> float:
    """Return the gigabytes of a flavor's GPU.

    Raises:
        LookupError: the flavor is unknown, or has no GPU.
    """
    known = hardware_flavor(flavor)
    if known is None or known.accelerator is None:
        raise LookupError(f"no GPU memory is known of {flavor}")
    return float(known.accelerator.vram.removesuffix("GB"))


def _sources(facts: ZeroGpuFacts) -> str:
    """Return the package and the page: the two first sources of the file."""
    return ";".join(facts.source.split(";")[:2])


def _first(source: str) -> str:
    return source.partition(";")[0]


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:g}"


TABLES: dict[str, Callable[[], str]] = {
    "zero-gpu-sizes": sizes,
    "zero-gpu-memory": memory,
    "zero-gpu-accounts": accounts,
    "zero-gpu-durations": durations,
}
