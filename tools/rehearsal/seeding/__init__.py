"""The world a rehearsal Hub starts with: Spaces, models and datasets from a plain folder."""

from __future__ import annotations

from .facts import Facts, World
from .folder import WorldError
from .sowing import OWN_WORLD, seed_worlds

__all__ = ["OWN_WORLD", "Facts", "World", "WorldError", "seed_worlds"]
