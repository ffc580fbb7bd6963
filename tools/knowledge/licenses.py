"""Identifiers that `license` in a card may have."""

from __future__ import annotations

from functools import lru_cache

from .files import load


@lru_cache(maxsize=1)
def licenses() -> tuple[str, ...]:
    """Return every identifier, in the order of the documentation."""
    return tuple(str(identifier) for identifier in load("licenses.yaml")["licenses"])
