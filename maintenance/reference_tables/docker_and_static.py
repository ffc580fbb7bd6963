"""The table of `references/docker-and-static.md`: the Hub's own templates."""

from __future__ import annotations

from collections.abc import Callable

from tools.knowledge.templates import space_templates

from .markdown import sourced, table


def hub_templates() -> str:
    """The Hub's own templates that its documentation names."""
    found = space_templates()
    rows = [
        (one.name, f"`{one.repo_id}`", one.sdk, "private" if one.preferred_private else "public")
        for one in found
    ]
    body = table(("name", "Space", "sdk", "meant to be"), rows)
    return sourced(body, found[0].source, min(one.as_of for one in found))


TABLES: dict[str, Callable[[], str]] = {"hub-templates": hub_templates}
