"""Waking a Space that sleeps, before it is called; never one whose hardware costs money."""

from __future__ import annotations

from ..app.deadline import DaemonThreads, Deadline
from ..app.web import get
from ..context import Context
from ..model import NextCall, Stage
from ..problems import Problem
from ..targets import App, app_token, find_app
from .account import known_hardware

POLL_SECONDS = 1.0


def awake_app(context: Context, target: str, *, seconds: float) -> App:
    """The app behind `target`, woken where it sleeps, within `seconds`.

    On the platform the first request is answered with an error while the container starts, so the
    runtime says when it is up.

    Raises:
        Problem: `not_running` when it runs no app, does not wake in time, or would cost money.
    """
    app = find_app(context, target)
    if app.runtime is None or app.runtime.stage != Stage.SLEEPING:
        return app
    _refuse_paid(context, app)
    deadline = Deadline(seconds)
    # Whatever the answer is, and whenever it comes: the request is what wakes the Space.
    DaemonThreads().submit(
        lambda: get(app.address, token=app_token(context, app), deadline=deadline)
    )
    return _until_running(context, app.name, deadline)


def _until_running(context: Context, space: str, deadline: Deadline) -> App:
    while True:
        runtime = context.hub.runtime(space)
        if runtime.stage != Stage.SLEEPING and not runtime.is_moving:
            return find_app(context, space)
        if deadline.left < POLL_SECONDS:
            raise _asleep(
                space,
                f"{space} slept and is {runtime.stage} {deadline.elapsed:.0f} s after it was woken",
                NextCall(tool="space_wait", arguments={"space": space}, why="until it runs"),
            )
        context.pause(POLL_SECONDS)


def _refuse_paid(context: Context, app: App) -> None:
    asked = app.runtime and (app.runtime.requested_hardware or app.runtime.hardware)
    flavors, _ = known_hardware(context)
    price = next((flavor.price_per_hour for flavor in flavors if flavor.name == asked), 0.0)
    if price:
        wake = {"space": app.name, "how": "wake"}
        raise _asleep(
            app.name,
            f"{app.name} sleeps on {asked}, which costs ${price:.2f} an hour once it is awake,"
            " so it was not woken",
            NextCall(tool="space_restart", arguments=wake, why="asks before it costs anything"),
        )


def _asleep(space: str, message: str, following: NextCall) -> Problem:
    return Problem("not_running", message, object=space, next=(following,))
