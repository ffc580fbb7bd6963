"""What a Gradio release asks of other packages, as far as the releases were read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class NeededRange(Fact):
    """A specifier that every release read from `first` to `last` has, both included."""

    first: str
    last: str
    needs: str


class GradioNeeds(Fact):
    """The ranges by canonical package name."""

    packages: dict[str, tuple[NeededRange, ...]]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def _gradio_needs() -> GradioNeeds:
    return GradioNeeds(**load("gradio_needs.yaml"))


@lru_cache(maxsize=8)
def gradio_needs(version: str) -> dict[str, str]:
    """Return package name to specifier for one release, such as `{"mcp": "<2.0.0,>=1.21.0"}`.

    A package is left out where nobody read what this release asks of it; a version that is none
    gives nothing.
    """
    from packaging.version import InvalidVersion, Version

    try:
        asked = Version(version)
    except InvalidVersion:
        return {}
    return {
        name: found.needs
        for name, ranges in _gradio_needs().packages.items()
        for found in ranges
        if Version(found.first) <= asked <= Version(found.last)
    }
