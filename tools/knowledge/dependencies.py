"""Which distributions an installation pulls in with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from .files import Fact, load


class Dependencies(Fact):
    """The platform's own installation by Gradio's major version, and what packages need."""

    platform: dict[int, str]
    needs: dict[str, str]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def _needs() -> dict[str, frozenset[str]]:
    """Every distribution that was looked at, with what it needs itself."""
    written = {name: frozenset(text.split()) for name, text in _dependencies().needs.items()}
    leaves = {name: frozenset[str]() for needed in written.values() for name in needed}
    return {**leaves, **written}


@lru_cache(maxsize=1)
def _dependencies() -> Dependencies:
    return Dependencies(**load("dependencies.yaml"))


def platform_distributions(major: int) -> frozenset[str]:
    """Return all that the platform installs for a Gradio major version, as canonical names."""
    by_major = _dependencies().platform
    known = max((one for one in by_major if one <= major), default=min(by_major))
    return frozenset(by_major[known].split())


def is_known_distribution(name: str) -> bool:
    """Whether it was looked at what a distribution (canonical name) needs."""
    return name in _needs()


def is_a_dependency(name: str) -> bool:
    """Whether something that was looked at needs this distribution, so that others may, too."""
    return any(name in needed for needed in _needs().values())


def with_dependencies(names: Iterable[str]) -> frozenset[str]:
    """Return these distributions and all that they pull in, as far as it was looked at."""
    needs = _needs()
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs.get(name, ())
    return frozenset(found)
