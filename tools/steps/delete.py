"""`space_delete`: remove a Space for good, after a person agreed to its full name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typing_extensions import override

from ..context import Context
from ..model import NextCall, Result, SpaceName, short_revision
from ..policy import Demand
from ..problems import Problem
from ..registry import Effect, Toolset, tool


class Deleted(Result):
    """The Space is gone: repository, secrets, logs. `last_revision` was its head."""

    outcome = "deleted"

    space: str
    last_revision: str | None

    @override
    def lines(self) -> Iterator[str]:
        yield f"Deleted {self.space}; its head was {short_revision(self.last_revision)}."


def name_to_agree(context: Context, arguments: dict[str, Any]) -> Demand:
    """Deleting is always agreed to; the Space is looked up first, so the name is a real one."""
    facts = context.hub.space(arguments["space"])
    kind = "private" if facts.private else "public"
    return Demand(
        what=f"delete the {kind} {facts.sdk} Space {facts.name} and its whole history, for good",
        object=facts.name,
    )


@tool(
    title="Delete a Space",
    effect=Effect.DESTROY,
    toolset=Toolset.OPERATE,
    examples=({"space": "me/demo"},),
    demand=name_to_agree,
)
def space_delete(context: Context, space: SpaceName) -> Deleted:
    """Use only when the person wants a Space gone: deletes it with its history and secrets. The
    first call answers with a code to show to the person; it cannot be undone.

    Raises:
        Problem: `consent_needed`, `not_found`, `forbidden`. Nothing is deleted then.
    """
    facts = context.hub.space(space)
    try:
        context.hub.delete_space(space)
    except Problem as problem:
        if problem.code not in ("hub_unreachable", "hub_error") or _is_there(context, space):
            raise
    following = NextCall(tool="account_status", why="what the account may create now")
    return Deleted(space=facts.name, last_revision=facts.sha, next=(following,))


def _is_there(context: Context, space: str) -> bool:
    """Whether the Space still exists; unknown counts as yes, so that a loss is not called done."""
    try:
        context.hub.space(space)
    except Problem as problem:
        return problem.code != "not_found"
    return True
