"""`space_search`: prior art, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..failures import fenced
from ..hub.facts import Found
from ..model import NextCall, Result
from ..public_reading import read_publicly
from ..registry import Effect, tool
from .create import Sdk


class SearchResults(Result):
    """Spaces that match, best first, and where they were looked for."""

    outcome = "found"

    query: str
    searched: str
    note: str | None
    spaces: tuple[Found, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"{len(self.spaces)} Spaces for {self.query!r} on {self.searched}."
        if self.note:
            yield f"Note: {self.note}."
        yield from fenced(tuple(search_row(found) for found in self.spaces))


def search_row(found: Found) -> str:
    """A found Space on one line; the words are a stranger's."""
    where = ", ".join(word for word in (found.sdk, found.hardware, found.stage) if word)
    about = f" - {' '.join(found.about.split())[:120]}" if found.about else ""
    title = " ".join(found.title.split())[:80]
    return f"{found.space} ({where}; {found.likes} likes): {title}{about}"


class NothingFound(Result):
    """No Space matches."""

    outcome = "nothing_found"
    exit_code = 1

    query: str
    searched: str
    note: str | None

    @override
    def lines(self) -> Iterator[str]:
        yield f"No Space for {self.query!r} on {self.searched}."
        if self.note:
            yield f"Note: {self.note}."


@tool(
    title="Search Spaces",
    effect=Effect.READ,
    examples=({"query": "remove image background", "sdk": "gradio"},),
)
def space_search(
    context: Context,
    query: Annotated[str, Field(min_length=2, max_length=250)],
    sdk: Sdk | None = None,
    tags: Annotated[tuple[str, ...], Field(description="all of these, e.g. mcp-server")] = (),
    include_stopped: Annotated[bool, Field(description="also Spaces that do not run")] = False,
    most: Annotated[int, Field(ge=1, le=50)] = 10,
) -> SearchResults | NothingFound:
    """Use before building anything: Spaces that do something similar, best first, by meaning.
    Says where it looked; without a network that is a small seeded world only.

    Raises:
        Problem: the Hub's usual ones.
    """
    found, used, note = read_publicly(
        context,
        lambda place: place.hub.search(
            query, sdk=sdk, tags=tags, running_only=not include_stopped, most=most
        ),
    )
    searched = used.address.endpoint
    if not found:
        return NothingFound(query=query, searched=searched, note=note)
    reads = tuple(
        NextCall(tool="space_read", arguments={"space": hit.space}, why="how it is made")
        for hit in found[:2]
    )
    return SearchResults(query=query, searched=searched, note=note, spaces=found, next=reads)
