"""`space_create`: a new Space, private unless told otherwise, never created twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..environment_values import (
    read_env_file,
    refuse_both_kinds,
    secret_values,
    variable_values,
)
from ..gates import Namespace, Permission, namespace_of, permission, static_permission
from ..hub.facts import Account, Hardware
from ..model import FOLDER, NextCall, Result, SpaceName, short_revision
from ..policy import Demand
from ..problems import Problem, bad_argument, status_of
from ..registry import Effect, tool
from .account import known_hardware, require_live_price

Sdk = Literal["gradio", "docker", "static"]
Visibility = Literal["private", "public", "protected"]


class Created(Result):
    """The new Space and how it is configured. Its repository holds a README and no app yet."""

    outcome = "created"

    space: str
    page: str
    sdk: str | None
    hardware: str | None
    visibility: str
    price_per_hour: float
    secrets: tuple[str, ...]
    variables: tuple[str, ...]
    revision: str | None
    answer_was_lost: bool = False

    @override
    def lines(self) -> Iterator[str]:
        if self.answer_was_lost:
            yield "The Hub's answer was lost, but the Space is there now."
        where = f" on {self.hardware}" if self.hardware else ""
        cost = f", ${self.price_per_hour:g} an hour while it runs" if self.price_per_hour else ""
        yield f"Created the {self.visibility} {self.sdk} Space {self.space}{where}{cost}."
        yield f"Page: {self.page}"
        if self.secrets:
            yield f"Secrets set: {', '.join(self.secrets)}."
        if self.variables:
            yield f"Variables set: {', '.join(self.variables)}."


class AlreadyExists(Result):
    """A Space of that name is there already; nothing was changed, and it is not ours to use."""

    outcome = "already_exists"
    exit_code = 2

    space: str
    page: str
    sdk: str | None
    private: bool
    revision: str | None
    last_modified: str | None

    @override
    def lines(self) -> Iterator[str]:
        yield f"{self.space} exists already ({self.sdk}, head {short_revision(self.revision)},"
        yield f"last changed {self.last_modified}). Nothing was created or changed."
        yield "Ask the person whether it may be overwritten, or choose another name."
        yield f"Page: {self.page}"


def price_to_agree(context: Context, arguments: dict[str, Any]) -> Demand | None:
    """Paid hardware has to be agreed to; free hardware does not."""
    if arguments["sdk"] == "static":
        return None
    flavors, is_live = known_hardware(context)
    flavor = _flavor(arguments["hardware"] or "cpu-basic", flavors)
    if flavor.price_per_hour == 0:
        return None
    require_live_price(flavor.name, is_live=is_live)
    return Demand(
        what=f"create Space {arguments['space']} on {flavor.name}",
        object=arguments["space"],
        price_per_hour=flavor.price_per_hour,
    )


@tool(
    title="Create a Space",
    effect=Effect.COST,
    examples=({"space": "me/demo", "sdk": "gradio", "hardware": "zero-a10g"},),
    demand=price_to_agree,
)
def space_create(
    context: Context,
    space: SpaceName,
    sdk: Sdk,
    hardware: Annotated[str | None, Field(description="flavor; default cpu-basic")] = None,
    visibility: Visibility = "private",
    secrets: Annotated[
        tuple[str, ...], Field(description="environment-variable names, never values")
    ] = (),
    variables: Annotated[tuple[str, ...], Field(description="NAME=value, public")] = (),
    env_file: Annotated[str | None, Field(description=".env file to take them from")] = None,
    template: Annotated[str | None, Field(description="Docker template, a Space name")] = None,
) -> Created | AlreadyExists:
    """Create a Space, private unless told otherwise. Use once account_status says the hardware may
    be created. Never overwrites: a Space that exists is reported, not touched.

    `secrets` are names of environment variables (`NAME`, or `NAME=OTHER` for another variable's
    value) and are looked up in `env_file` first; with `env_file` and no names, all its entries
    become secrets. Paid hardware asks for consent with its price in US dollars per hour.

    Raises:
        Problem: `bad_argument`, `not_your_namespace`, `unknown_hardware`, `plan_gate`,
            `forbidden`, `secret_on_static`, `name_taken`, and the Hub's usual ones. Nothing is
            created then.
    """
    hub = context.hub
    account = hub.account()
    namespace = _namespace(account, space)
    flavors, _ = known_hardware(context)
    flavor = _chosen_flavor(sdk, hardware, flavors)
    settings = _settings(
        context, secrets=secrets, variables=variables, env_file=env_file, sdk=sdk, space=space
    ) | {
        "space_sdk": sdk,
        "visibility": visibility,
        "space_template": template,
        "space_hardware": flavor.name if flavor else None,
    }
    # Looked first: only then does a Space that is there after a lost answer come from this call.
    found = _existing(context, space)
    if found is not None:
        return found
    context.report(f"creating {space}", None)
    try:
        hub.create_space(space, {key: value for key, value in settings.items() if value})
    except Problem as problem:
        if problem.code in ("hub_unreachable", "hub_error") and _existing(context, space):
            return _created(context, space, settings, flavor, answer_was_lost=True)
        refused = flavor.name if flavor else "static"
        return _after_refusal(context, space, problem, namespace, flavors, refused)
    return _created(context, space, settings, flavor)


def _namespace(account: Account, space: str) -> Namespace:
    wanted = space.partition("/")[0]
    found = namespace_of(account, wanted)
    if found is None:
        own = [account.name, *(group.name for group in account.organisations)]
        name = space.partition("/")[2]
        raise Problem(
            "not_your_namespace",
            f"`{wanted}` is neither the account nor one of its organisations ({', '.join(own)})",
            object=space,
            next=(
                NextCall(
                    tool="space_create",
                    arguments={"space": f"{account.name}/{name}", "sdk": "gradio"},
                    why="the same name under the account itself",
                ),
            ),
        )
    return found


def _chosen_flavor(
    sdk: Sdk, hardware: str | None, flavors: tuple[Hardware, ...]
) -> Hardware | None:
    if sdk == "static":
        if hardware is not None:
            raise bad_argument("hardware", "must be left out for a static Space: it has none")
        return None
    flavor = _flavor(hardware or "cpu-basic", flavors)
    if flavor.name == "zero-a10g" and sdk != "gradio":
        raise bad_argument("hardware", "zero-a10g (ZeroGPU) takes the gradio SDK only")
    return flavor


def _flavor(name: str, flavors: tuple[Hardware, ...]) -> Hardware:
    found = next((flavor for flavor in flavors if flavor.name == name), None)
    if found is None:
        raise Problem(
            "unknown_hardware",
            f"the Hub offers no hardware `{name}`; it offers:"
            f" {', '.join(flavor.name for flavor in flavors)}",
            object=name,
        )
    return found


def _settings(
    context: Context,
    *,
    secrets: tuple[str, ...],
    variables: tuple[str, ...],
    env_file: str | None,
    sdk: Sdk,
    space: str,
) -> dict[str, Any]:
    file = read_env_file(context.folder(env_file, field="env_file")) if env_file else {}
    names = secrets or (() if variables else tuple(file))
    chosen = secret_values(names, file, os.environ)
    if chosen and sdk == "static":
        raise Problem(
            "secret_on_static",
            "a static Space hands its secrets to every visitor's browser (hub-docs, 2026-07-21)",
            object=", ".join(chosen),
            advice="leave them out, or use the gradio or docker SDK",
        )
    public = variable_values(variables, file, os.environ)
    refuse_both_kinds(chosen.keys(), public.keys(), space)
    return {
        "space_secrets": [{"key": key, "value": value} for key, value in chosen.items()],
        "space_variables": [{"key": key, "value": value} for key, value in public.items()],
    }


def _created(
    context: Context,
    space: str,
    settings: dict[str, Any],
    flavor: Hardware | None,
    *,
    answer_was_lost: bool = False,
) -> Created:
    return Created(
        space=space,
        page=context.hub.page(space),
        sdk=settings["space_sdk"],
        hardware=flavor.name if flavor else None,
        visibility=settings["visibility"],
        price_per_hour=flavor.price_per_hour if flavor else 0.0,
        secrets=tuple(entry["key"] for entry in settings["space_secrets"]),
        variables=tuple(entry["key"] for entry in settings["space_variables"]),
        revision=_head_if_told(context, space),
        answer_was_lost=answer_was_lost,
        next=(
            NextCall(
                tool="space_upload",
                arguments={"folder": FOLDER, "space": space},
                why="pushes the app's folder in one commit, once space_lint finds no error in it",
            ),
        ),
    )


def _head_if_told(context: Context, space: str) -> str | None:
    """The Space exists and may bill: that must be said even when the Hub is silent afterwards."""
    try:
        return context.hub.space(space).sha
    except Problem:
        return None


def _after_refusal(
    context: Context,
    space: str,
    problem: Problem,
    namespace: Namespace,
    flavors: tuple[Hardware, ...],
    refused: str | None,
) -> AlreadyExists:
    """What a refusal of the Hub means for the caller: it exists, a gate, or the problem itself."""
    if problem.code == "already_exists":
        found = _existing(context, space)
        if found is not None:
            return found
    cause = problem.__cause__
    if problem.code == "read_only_token":
        raise Problem(
            problem.code,
            f"{problem.message}. Nothing was created",
            object=space,
            advice="the person makes a token with write access and logs in with it",
        ) from cause
    if isinstance(cause, Exception) and status_of(cause) in (402, 403):
        raise _gate(space, problem, namespace, flavors, refused) from cause
    raise problem


def _existing(context: Context, space: str) -> AlreadyExists | None:
    try:
        facts = context.hub.space(space)
    except Problem:
        return None
    return AlreadyExists(
        space=facts.name,
        page=facts.page,
        sdk=facts.sdk,
        private=facts.private,
        revision=facts.sha,
        last_modified=facts.last_modified,
        next=(
            NextCall(tool="space_status", arguments={"space": facts.name}, why="what is there now"),
        ),
    )


def _gate(
    space: str,
    problem: Problem,
    namespace: Namespace,
    flavors: tuple[Hardware, ...],
    refused: str | None,
) -> Problem:
    """A plan gate, with the ways that are left; none of them is tried on its own."""
    judged = [permission(namespace, flavor) for flavor in flavors]
    left = [found for found in judged if found.may_create != "no" and found.price_per_hour == 0]
    possible = [found for found in [*left, static_permission()] if found.hardware != refused]
    ways = [_way(space, found) for found in possible]
    return Problem(
        problem.code,
        f"{problem.message}. Nothing was created, and repeating the call will not help",
        object=space,
        next=tuple(ways),
        advice=f"{namespace.name} is on the {namespace.plan} plan, which leaves",
    )


def _way(space: str, found: Permission) -> NextCall:
    if found.hardware == "static":
        arguments = {"space": space, "sdk": "static"}
    else:
        arguments = {"space": space, "sdk": "gradio", "hardware": found.hardware}
    return NextCall(tool="space_create", arguments=arguments, why=found.why)
