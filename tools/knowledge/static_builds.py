"""Where the tools that build web pages put what they make."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load, records


class StaticBuild(Fact):
    """A tool, recognised by `words` in a script; its `config` may move the folder by `option`."""

    words: str
    folder: str
    config: str = ""
    option: str = ""
    as_of: date
    source: str


@lru_cache(maxsize=1)
def static_builds() -> tuple[StaticBuild, ...]:
    """Return every known tool."""
    return tuple(StaticBuild(**record) for record in records("static_builds.yaml", "builds"))


@lru_cache(maxsize=1)
def builds_elsewhere() -> frozenset[str]:
    """Return packages whose projects put the result somewhere of their own."""
    return frozenset(load("static_builds.yaml")["unless"])
