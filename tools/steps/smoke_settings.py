"""What a smoke test is told about its surroundings: a login, a GPU, where its baseline lies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..app.login import Login
from ..context import Context
from ..environment_values import holds_token
from ..problems import Problem, bad_argument
from ..settings import state_folder
from ..targets import App

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MEANT_FOR_A_LOGIN = re.compile(r"AUTH|LOGIN", re.IGNORECASE)


def app_login(name: str, environment: Mapping[str, str]) -> Login:
    """The user name and password that the environment variable `name` holds.

    The value goes to the app, so a variable has to be meant for that: its name holds AUTH or LOGIN,
    and its value is no token and no address with a password in it.

    Raises:
        Problem: `bad_argument`, `not_in_environment`. Neither repeats a value.
    """
    if not _NAME.fullmatch(name) or holds_token(name):
        raise bad_argument("auth", "takes the name of an environment variable, never a value")
    if not _MEANT_FOR_A_LOGIN.search(name):
        raise bad_argument(
            "auth", f"goes to the app, so the variable's name holds AUTH or LOGIN; {name} does not"
        )
    value = environment.get(name)
    if not value:
        raise Problem(
            "not_in_environment",
            f"the environment variable {name} is not set",
            object=name,
            advice=f"the person sets {name}=USER:PASSWORD where the server is started",
        )
    user, colon, password = value.partition(":")
    if not (user and colon and password) or "://" in value or holds_token(value):
        raise bad_argument("auth", f"the value of {name} has another form than USER:PASSWORD")
    return Login(user, password)


def expects_gpu(context: Context, app: App) -> bool:
    """Whether the app runs on a GPU. A rehearsal has none, whatever hardware was asked for."""
    if app.runtime is None or context.address.kind == "rehearsal":
        return False
    hardware = app.runtime.hardware or ""
    return bool(hardware) and not hardware.startswith("cpu")


def baseline_path(context: Context, app: App) -> Path:
    """The file of the app's golden record, which is another one on each Hub."""
    hub = context.address.endpoint if app.space else ""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{hub}-{app.name}".lower()).strip("-.")
    return state_folder() / "baselines" / f"{name}.json"
