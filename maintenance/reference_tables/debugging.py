"""The table of `references/debugging.md`: limits at which the platform stops a Space."""

from __future__ import annotations

from collections.abc import Callable

from tools.knowledge.hardware import hardware_flavor
from tools.knowledge.runtime import RuntimeDefaults, runtime_defaults

from .markdown import sourced, table

HOUR = 3600
ZERO_GPU = "zero-a10g"


def limits() -> str:
    """Idle time, memory and disk, with the platform's message for each."""
    facts = runtime_defaults()
    rows = [
        ("idle on free hardware", f"{facts.free_sleep_seconds / HOUR:g} hours", "stage SLEEPING"),
        ("memory", "that of the flavor", _message(facts.memory.message, _memory("cpu-basic"))),
        ("disk", _disk(facts), _message(facts.disk.message, f"{facts.disk.default_gigabytes}G")),
    ]
    body = table(("limit", "how much", "what you see"), rows)
    return sourced(body, facts.source, facts.as_of)


def _message(template: str, limit: str) -> str:
    return f"`{template.format(limit=limit)}`"


def _memory(name: str) -> str:
    """A flavor's memory as the platform's message writes it, such as `16Gi`."""
    flavor = hardware_flavor(name)
    if flavor is None:
        raise ValueError(f"hardware.yaml has no {name}")
    return flavor.ram.removesuffix(" GB") + "Gi"


def _disk(facts: RuntimeDefaults) -> str:
    """The sizes of the flavors that most Spaces run on; large GPUs have more, unasked."""
    sizes = facts.disk.gigabytes
    shared = f"{sizes[ZERO_GPU]} on {ZERO_GPU}"
    return f"{facts.disk.default_gigabytes} GB, {shared}, up to {max(sizes.values())} on large GPUs"


TABLES: dict[str, Callable[[], str]] = {"debugging-limits": limits}
