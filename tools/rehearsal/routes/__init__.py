"""The Hub's HTTP routes, one module per family."""

from __future__ import annotations

from dataclasses import replace

from ..router import Route
from . import (
    accounts,
    catalog,
    commits,
    contents,
    discussion_changes,
    discussions,
    environment,
    faults,
    history,
    inference,
    information,
    likes,
    logs,
    pages,
    rehearsal,
    repositories,
    runtime,
    settings,
    short_names,
    zero_gpu,
)
from .passing_on import reading_through

READ_THROUGH = (information, contents)
"""Families that may answer for a repository of another Hub."""


def all_routes() -> list[Route]:
    """Return every route. Order matters where patterns overlap: the literal ones come first."""
    families = (
        accounts,
        catalog,
        rehearsal,
        inference,
        faults,
        zero_gpu,
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
        discussion_changes,
        likes,
        pages,
        short_names,
    )
    return [
        replace(route, handler=reading_through(route.handler)) if family in READ_THROUGH else route
        for family in families
        for route in family.ROUTES
    ]
