"""`space_restart`: start a Space anew, build it without cache, pause it, wake it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..model import NextCall, Result, SpaceName, Stage
from ..policy import Demand
from ..problems import bad_argument
from ..registry import Effect, Toolset, tool
from .account import known_hardware, require_live_price

How = Literal["restart", "factory", "pause", "wake"]
_DONE = {
    "restart": "is restarting with the build it has",
    "factory": "is being built again without any cache",
    "pause": "is paused; nothing serves and nothing is billed until it is restarted",
    "wake": "is waking up",
}


class Restarted(Result):
    """The Hub accepted it; the stage is what the Hub says right afterwards."""

    outcome = "accepted"

    space: str
    how: How
    stage: str

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} {_DONE[self.how]}; stage {self.stage}."


def billing_to_agree(context: Context, arguments: dict[str, Any]) -> Demand | None:
    """Starting paid hardware that stands still starts its billing."""
    if arguments["how"] == "pause":
        return None
    runtime = context.hub.runtime(arguments["space"])
    asked = runtime.requested_hardware or runtime.hardware
    flavors, is_live = known_hardware(context)
    price = next((flavor.price_per_hour for flavor in flavors if flavor.name == asked), 0.0)
    if price == 0 or runtime.stage.startswith("RUNNING"):
        return None
    require_live_price(str(asked), is_live=is_live)
    what = f"start {arguments['space']} on {asked}, which bills while it starts and runs"
    return Demand(what=what, object=arguments["space"], price_per_hour=price)


@tool(
    title="Restart or pause a Space",
    effect=Effect.COST,
    toolset=Toolset.OPERATE,
    examples=({"space": "me/demo", "how": "restart"},),
    demand=billing_to_agree,
)
def space_restart(
    context: Context,
    space: SpaceName,
    how: Annotated[How, Field(description="factory: build without cache")] = "restart",
) -> Restarted:
    """Use when a Space hangs, or to pause or wake it. Changes no code: a failing app fails
    again.

    Raises:
        Problem: `bad_argument` for waking what does not sleep, `forbidden`, `consent_needed` when
            paid hardware starts, and the Hub's usual ones.
    """
    hub = context.hub
    if how == "pause":
        hub.pause(space)
    else:
        stage = hub.runtime(space).stage
        if how == "wake" and stage not in (Stage.SLEEPING, Stage.STOPPED, Stage.PAUSED):
            raise bad_argument("how", f"is `wake`, but {space} is {stage} and does not sleep")
        hub.restart(space, factory=how == "factory")
    arguments = {"space": space}
    following = NextCall(tool="space_wait", arguments=arguments, why="until the head runs")
    return Restarted(
        space=space,
        how=how,
        stage=hub.runtime(space).stage,
        next=() if how == "pause" else (following,),
    )
