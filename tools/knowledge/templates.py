"""Space templates that the platform's documentation names."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, records


class SpaceTemplate(Fact):
    """A Space that the platform offers as a starting point."""

    name: str
    repo_id: str
    sdk: Literal["gradio", "docker", "static"]
    preferred_private: bool
    """Whether a Space made from it should be private unless somebody says otherwise."""
    as_of: date
    source: str


@lru_cache(maxsize=1)
def space_templates() -> tuple[SpaceTemplate, ...]:
    """Return every known template."""
    return tuple(SpaceTemplate(**record) for record in records("templates.yaml", "templates"))
