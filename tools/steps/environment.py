"""`space_environment`: a Space's secrets and variables by name, no value through the model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..environment_values import (
    read_env_file,
    refuse_both_kinds,
    secret_values,
    variable_values,
)
from ..hub.facts import Setting
from ..model import NextCall, Result, SpaceName
from ..policy import Demand
from ..problems import Problem
from ..registry import Effect, Toolset, tool


class Environment(Result):
    """Names and dates of what is set now, and what this call changed."""

    outcome = "environment"

    space: str
    secrets: tuple[Setting, ...]
    variables: tuple[Setting, ...]
    set_now: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[str, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"Secrets of {self.space}: {_listed(self.secrets)}."
        yield f"Variables (public): {_listed(self.variables)}."
        if self.set_now:
            yield f"Set now: {', '.join(self.set_now)}; the Space restarts."
        if self.removed:
            yield f"Removed: {', '.join(self.removed)}; the Space restarts."
        for warning in self.warnings:
            yield f"Warning: {warning}"


def removal_to_agree(context: Context, arguments: dict[str, Any]) -> Demand | None:  # noqa: ARG001 - one shape
    """A removed secret cannot be read back from anywhere, so it is agreed to."""
    names = ", ".join(arguments["remove"])
    if not names:
        return None
    space = arguments["space"]
    return Demand(what=f"remove {names} from {space}; a secret's value is then lost", object=space)


@tool(
    title="Secrets and variables",
    effect=Effect.DESTROY,
    toolset=Toolset.OPERATE,
    examples=({"space": "me/demo", "secrets": ["HF_TOKEN"]},),
    demand=removal_to_agree,
)
def space_environment(
    context: Context,
    space: SpaceName,
    secrets: Annotated[
        tuple[str, ...], Field(description="environment-variable names, never values")
    ] = (),
    variables: Annotated[tuple[str, ...], Field(description="NAME=value, public")] = (),
    env_file: Annotated[str | None, Field(description=".env file to take them from")] = None,
    remove: Annotated[tuple[str, ...], Field(description="names to remove")] = (),
) -> Environment:
    """Use to list, set or remove a Space's secrets and variables. Values come from environment
    variables or a .env file by name; only names and dates are ever shown. Setting restarts it.

    Raises:
        Problem: `bad_argument`, `not_in_environment`, `token_in_variable`, `not_set`,
            `secret_on_static`, `name_taken`, `consent_needed` for removing. Nothing is set or
            removed then.
    """
    hub = context.hub
    file = read_env_file(context.folder(env_file, field="env_file")) if env_file else {}
    private = secret_values(secrets, file, os.environ)
    public = variable_values(variables, file, os.environ)
    removals = _removals(context, space, remove)
    warnings = _warnings(context, space, private, public)
    secrets_there = [found.name for found in hub.secrets(space)] if public else []
    variables_there = [found.name for found in hub.variables(space)] if private else []
    refuse_both_kinds({*private, *secrets_there}, {*public, *variables_there}, space)
    for name, value in private.items():
        hub.set_secret(space, name, value)
    for name, value in public.items():
        hub.set_variable(space, name, value)
    for name, is_secret in removals.items():
        (hub.delete_secret if is_secret else hub.delete_variable)(space, name)
    changed = bool(private or public or removals)
    return Environment(
        space=space,
        secrets=hub.secrets(space),
        variables=hub.variables(space),
        set_now=(*private, *public),
        removed=tuple(removals),
        warnings=warnings,
        next=_next(space) if changed else (),
    )


def _removals(context: Context, space: str, names: tuple[str, ...]) -> dict[str, bool]:
    """Each name to remove, with whether it is a secret; unknown names change nothing."""
    if not names:
        return {}
    secrets = {found.name for found in context.hub.secrets(space)}
    known = secrets | {found.name for found in context.hub.variables(space)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Problem(
            "not_set",
            f"{space} has no secret or variable {', '.join(unknown)}; it has:"
            f" {', '.join(sorted(known)) or 'none'}",
            object=unknown[0],
        )
    return {name: name in secrets for name in names}


def _warnings(
    context: Context, space: str, private: dict[str, str], public: dict[str, str]
) -> tuple[str, ...]:
    facts = context.hub.space(space)
    if private and facts.sdk == "static":
        raise Problem(
            "secret_on_static",
            f"{space} is static: its secrets are handed to every visitor's browser"
            " (hub-docs, 2026-07-21)",
            object=space,
            advice="keep the secret out of it, or use a gradio or docker Space",
        )
    suspicious = [name for name in public if name.endswith(("_TOKEN", "_KEY", "_SECRET"))]
    return tuple(
        f"{name} is a variable, and variables are public; is it meant to be a secret?"
        for name in suspicious
    )


def _next(space: str) -> tuple[NextCall, ...]:
    arguments = {"space": space}
    return (NextCall(tool="space_wait", arguments=arguments, why="until it runs with them"),)


def _listed(settings: tuple[Setting, ...]) -> str:
    shown = [
        f"{found.name} ({found.updated[:10]})" if found.updated else found.name
        for found in settings
    ]
    return ", ".join(shown) or "none"
