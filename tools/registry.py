"""One declaration per tool: everything else about it is derived from here.

`@tool` records a typed function; it does not change it, so tools stay plain Python functions. The
MCP schema and annotations, the command line, the snapshots and the tables in the documents all
read the same `Tool`.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from .model import Result
from .problems import Problem

if TYPE_CHECKING:
    from .context import Context
    from .policy import Demand

Function = TypeVar("Function", bound=Callable[..., Result])

CONFIRM_DESCRIPTION = "code from the refusal"


class Effect(str, enum.Enum):
    """What a call can do to the world; policy and the MCP annotations follow from it.

    `LOCAL` changes files of this machine only: no Hub has to be chosen for it.
    """

    READ = "read"
    LOCAL = "local"
    WRITE = "write"
    COST = "cost"
    DESTROY = "destroy"


class Toolset(str, enum.Enum):
    """Groups that a server can be started with."""

    BUILD = "build"
    OPERATE = "operate"
    STORAGE = "storage"
    HELP = "help"


DEFAULT_TOOLSETS = frozenset({Toolset.BUILD, Toolset.OPERATE, Toolset.HELP})


@dataclass(frozen=True)
class Tool:
    """A declared tool. `function(context, **arguments)` returns one of the declared results."""

    name: str
    title: str
    effect: Effect
    toolset: Toolset
    function: Callable[..., Result]
    examples: tuple[Mapping[str, Any], ...]
    idempotent: bool
    demand: Callable[[Context, dict[str, Any]], Demand | None] | None = field(default=None)
    positional: tuple[str, ...] = ()
    """Arguments that are typed without a flag on the command line though they may be left out."""

    @cached_property
    def description(self) -> str:
        """First paragraph of the docstring, on one line: what a model reads to choose the tool."""
        documentation = inspect.cleandoc(self.function.__doc__ or "")
        return " ".join(documentation.split("\n\n")[0].split())

    @cached_property
    def arguments_model(self) -> type[BaseModel]:
        """Validator of the tool's arguments, made from the function's signature."""
        hints = get_type_hints(self.function, include_extras=True)
        fields: dict[str, Any] = {}
        for name, parameter in list(inspect.signature(self.function).parameters.items())[1:]:
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (hints[name], default)
        if self.asks_for_consent:
            fields["confirm"] = (
                Annotated[str | None, Field(description=CONFIRM_DESCRIPTION)],
                None,
            )
        return create_model(
            f"{self.name}_arguments",
            __config__=ConfigDict(extra="forbid", frozen=True),
            **fields,
        )

    @property
    def asks_for_consent(self) -> bool:
        """Whether a call may need a person's agreement, and so takes a `confirm` code."""
        return self.demand is not None

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """JSON schema of the arguments, without titles and empty defaults: they cost tokens."""
        schema: dict[str, Any] = _slim(self.arguments_model.model_json_schema())
        schema.pop("additionalProperties", None)
        return schema

    @cached_property
    def outcomes(self) -> tuple[type[Result], ...]:
        """The result types the function declares, in the order it declares them."""
        returned = get_type_hints(self.function)["return"]
        variants = get_args(returned) if get_origin(returned) is not None else (returned,)
        return tuple(variants or (returned,))

    def validate(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """`arguments` checked and converted.

        Raises:
            Problem: `bad_argument`, naming each field and what is allowed.
        """
        try:
            checked = self.arguments_model.model_validate(dict(arguments))
        except ValidationError as error:
            raise _argument_problem(self, error) from None
        return {name: getattr(checked, name) for name in type(checked).model_fields}


_TOOLS: dict[str, Tool] = {}


def tool(
    *,
    title: str,
    effect: Effect,
    toolset: Toolset = Toolset.BUILD,
    examples: tuple[Mapping[str, Any], ...] = (),
    idempotent: bool = False,
    demand: Callable[[Context, dict[str, Any]], Demand | None] | None = None,
    positional: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare a function as a tool; its name is the tool's name.

    `demand` says, for tools that can cost money or destroy, what must be agreed to for given
    arguments, or None when nothing must.
    """

    def record(function: Function) -> Function:
        name = function.__name__
        if name in _TOOLS and _TOOLS[name].function.__module__ != function.__module__:
            raise ValueError(f"two tools are called {name}")
        _TOOLS[name] = Tool(
            name, title, effect, toolset, function, examples, idempotent, demand, positional
        )
        return function

    return record


def all_tools() -> dict[str, Tool]:
    """Every declared tool by name; importing the modules of `steps` is what declares them."""
    from . import steps

    for module in pkgutil.iter_modules(steps.__path__):
        importlib.import_module(f"{steps.__name__}.{module.name}")
    return dict(sorted(_TOOLS.items()))


def _slim(schema: Any) -> Any:
    """A schema without generated titles, and with `X | None` written as X."""
    if isinstance(schema, list):
        return [_slim(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    slim = {
        key: _slim(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and not value)
    }
    options = slim.get("anyOf")
    if isinstance(options, list):
        kept = [option for option in options if option != {"type": "null"}]
        if len(kept) == 1 and isinstance(kept[0], dict):
            slim.pop("anyOf")
            slim = {**kept[0], **slim}
    return slim


def _argument_problem(declared: Tool, error: ValidationError) -> Problem:
    known = [name for name in declared.arguments_model.model_fields if name != "confirm"]
    said = []
    fields = []
    for detail in error.errors(include_url=False, include_context=False):
        field_name = ".".join(str(part) for part in detail["loc"]) or "arguments"
        fields.append(field_name)
        if detail["type"] == "extra_forbidden":
            said.append(f"`{field_name}` is not an argument; allowed: {', '.join(known)}")
        elif detail["type"] == "missing":
            said.append(f"`{field_name}` is required")
        else:
            said.append(f"`{field_name}`: {_plain(detail['msg'], detail.get('input'))}")
    example = f". Example: {declared.examples[0]}" if declared.examples else ""
    return Problem(
        "bad_argument",
        f"{declared.name} refused its arguments: {'; '.join(said)}{example}",
        object=", ".join(dict.fromkeys(fields)),
    )


def _plain(message: str, given: object) -> str:
    message = message.removeprefix("Value error, ")
    shown = repr(given)
    return (
        f"{message[:1].lower()}{message[1:]}, got {shown if len(shown) <= 80 else shown[:77] + '…'}"
    )
