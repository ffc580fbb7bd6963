"""What a person means by "the app": a Space by name, or the address of any running app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from .app.web import AppToken
from .context import Context
from .hub.facts import RuntimeFacts, SpaceFacts
from .model import Model, NextCall, Stage, space_name
from .problems import Problem

ZERO_GPU = "zero-a10g"
_SPACE_PAGE = re.compile(r"^https?://[^/]+/spaces/")


def _space_or_address(value: str) -> str:
    text = value.strip()
    is_app_address = text.startswith(("http://", "https://")) and not _SPACE_PAGE.match(text)
    return text if is_app_address else space_name(text)


SpaceOrAddress = Annotated[
    str,
    AfterValidator(_space_or_address),
    Field(description="namespace/name, or a running app's URL"),
]


class App(Model):
    """An app that can be talked to; `space` and `runtime` are None for a bare address."""

    name: str
    address: str
    space: SpaceFacts | None
    runtime: RuntimeFacts | None

    @property
    def is_zero_gpu(self) -> bool:
        """Whether a call of the app may spend ZeroGPU seconds."""
        return self.runtime is not None and ZERO_GPU in (
            self.runtime.hardware,
            self.runtime.requested_hardware,
        )

    def lines(self) -> Iterator[str]:
        """The app in one line."""
        yield f"{self.name} at {self.address}"


def find_app(context: Context, target: str) -> App:
    """The app behind a Space's name or an address; it may sleep.

    Raises:
        Problem: `not_running` when the Space has no app to talk to right now; it carries the call
            that shows why, or waits for it.
    """
    if target.startswith(("http://", "https://")):
        return App(name=target, address=target, space=None, runtime=None)
    space = context.hub.space(target)
    runtime = context.hub.runtime(target)
    answers = runtime.stage.startswith("RUNNING") or runtime.stage == Stage.SLEEPING
    if not answers or space.host is None:
        raise _not_running(space, runtime)
    return App(name=space.name, address=space.host, space=space, runtime=runtime)


def app_token(context: Context, app: App) -> AppToken | None:
    """The token to show to the app, which runs code of its owner's: only where it is needed.

    A private Space lets nobody in without it; on ZeroGPU it says whose quota a call spends. It
    never goes to an address outside the Hub that issued it.
    """
    token = context.address.token
    if token is None or app.space is None:
        return None
    host = urlsplit(app.address).hostname or ""
    served_by = {
        "huggingface": host.endswith(".hf.space"),
        "rehearsal": host == "127.0.0.1",
        "other": host == urlsplit(context.address.endpoint).hostname,
    }
    if not served_by[context.address.kind] or not (app.space.private or app.is_zero_gpu):
        return None
    return AppToken(token, for_front=app.space.private and host.endswith(".hf.space"))


def _not_running(space: SpaceFacts, runtime: RuntimeFacts) -> Problem:
    here = {"space": space.name}
    if runtime.is_moving:
        following = NextCall(tool="space_wait", arguments=here, why="until it runs")
    else:
        following = NextCall(tool="space_status", arguments=here, why="why it does not run")
    reason = f" ({runtime.not_rehearsed})" if runtime.not_rehearsed else ""
    return Problem(
        "not_running",
        f"{space.name} is {runtime.stage}{reason}, so there is no app to talk to",
        object=space.name,
        next=(following,),
    )
