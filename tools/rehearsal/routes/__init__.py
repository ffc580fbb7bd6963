"""The Hub's HTTP routes, one module per family."""

from __future__ import annotations

from ..router import Route
from . import (
    accounts,
    catalog,
    commits,
    contents,
    discussions,
    environment,
    history,
    information,
    logs,
    pages,
    rehearsal,
    repositories,
    runtime,
    settings,
)


def all_routes() -> list[Route]:
    """Return every route. Order matters where patterns overlap: the literal ones come first."""
    families = (
        accounts,
        catalog,
        rehearsal,
        repositories,
        information,
        settings,
        runtime,
        environment,
        logs,
        commits,
        history,
        contents,
        discussions,
        pages,
    )
    return [route for family in families for route in family.ROUTES]
