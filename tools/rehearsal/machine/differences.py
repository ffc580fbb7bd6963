"""Where a rehearsal is known to differ from the platform."""

from __future__ import annotations

from collections.abc import Iterable

from .source import SpaceSettings


def known_differences(
    noted: Iterable[str], settings: SpaceSettings | None, *, is_played: bool
) -> list[str]:
    """Return one sentence for each difference.

    Args:
        noted: what was seen while the app started.
        settings: of the Space; None for one that has no hardware.
        is_played: whether the machine plays its accelerator, as it does ZeroGPU's.
    """
    found = list(noted)
    hardware = settings.hardware if settings else ""
    if hardware and not hardware.startswith("cpu") and not is_played:
        found.append(f"hardware {hardware}: the app runs on the processor of this machine")
    return found
