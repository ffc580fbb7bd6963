"""One command per tool, derived from its declaration: arguments, options, help, output."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click
from pydantic_core import PydanticUndefined

from ..call import call_tool
from ..context import Context
from ..model import NextCall, Spell, shown_arguments
from ..registry import Tool, all_tools
from ..render import Answer
from .invoked import PROGRAM, invoked_as
from .options import Chosen, hub_options
from .prompting import ask_for_secrets
from .screen import Screen

# What a terminal obeys: control characters but tab and newline, and changes of writing direction.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


_OWN_NAMES = {"reference_read": "reference"}


def command_name(tool_name: str) -> str:
    """`space_smoke_test` is typed `smoke-test`."""
    if tool_name in _OWN_NAMES:
        return _OWN_NAMES[tool_name]
    return tool_name.removeprefix("space_").replace("_", "-")


def tool_command(tool: Tool) -> click.Command:
    """The command of a tool. Its first argument and required ones are positional, the others
    options."""

    def run(
        *,
        as_json: bool,
        hub: str | None,
        max_cost: float,
        most_seconds: float | None,
        **given: Any,
    ) -> int:
        chosen = Chosen(hub, max_cost, most_seconds)
        arguments = {name: value for name, value in given.items() if value not in (None, ())}
        ask_for_secrets(arguments)
        screen = Screen(quiet=as_json)
        with screen:
            answer = _called(tool, arguments, chosen, screen)
        if not as_json:
            answer = _asked(tool, answer, arguments, chosen)
        show(answer, as_json=as_json)
        return answer.exit_code

    command = click.command(name=command_name(tool.name), help=_help(tool))(hub_options(run))
    command.params = [*_parameters(tool), *command.params, _json_option()]
    if tool.name == "space_lint":
        from .lint_options import add_lint_options

        add_lint_options(command, tool, _speller)
    elif tool.name == "space_diagnose":
        from .diagnose_options import add_log_options

        add_log_options(command)
    elif tool.name == "reference_read":
        from .reference_options import print_whole_texts

        print_whole_texts(command, hub_options(run))
    return command


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer: the envelope as JSON, or its text (errors to standard error)."""
    if as_json:
        click.echo(json.dumps(answer.envelope, ensure_ascii=False, indent=2))
        return
    click.echo(_OBEYED.sub("\ufffd", answer.text), err=answer.is_error)


def _called(tool: Tool, arguments: Mapping[str, Any], chosen: Chosen, screen: Screen) -> Answer:
    context = Context(chosen.settings(), report=screen.report)
    return call_tool(tool, _parsed(tool, arguments), context, _speller(chosen))


def _speller(chosen: Chosen) -> Spell:
    """Writes calls as commands with the options that this one was given."""

    def spell(call: NextCall) -> str:
        return as_command(call, chosen.flags())

    return spell


def _asked(tool: Tool, answer: Answer, arguments: Mapping[str, Any], chosen: Chosen) -> Answer:
    """Ask the person at the terminal in place of handing out a code; anything but yes is a no."""
    problem = answer.envelope["problem"] or {}
    if problem.get("code") != "consent_needed" or not sys.stdin.isatty():
        return answer
    click.echo(problem["message"], err=True)
    if not click.confirm("Go on?", default=False, err=True):
        return answer
    confirmed = {**arguments, "confirm": answer.envelope["next"][0]["arguments"]["confirm"]}
    with Screen() as screen:
        return _called(tool, confirmed, chosen, screen)


def as_command(call: NextCall, flags: str = "") -> str:
    """A call as somebody would type it, with the options that this command was given."""
    tool = all_tools().get(call.tool)
    if tool is None:
        return call.tool
    words = _example(tool, shown_arguments(call.arguments), invoked_as())
    return f"`{words}{f' {flags}' if flags else ''}`"


def _help(tool: Tool) -> str:
    """The tool's description, and its examples as commands."""
    examples = [f"  {_example(tool, example)}" for example in tool.examples]
    if not examples:
        return tool.description
    return f"{tool.description}\n\n\b\nExamples:\n" + "\n".join(examples)


def _example(tool: Tool, arguments: Mapping[str, Any], program: str = PROGRAM) -> str:
    positional = _positional(tool)
    words = [program, command_name(tool.name)]
    words += [shlex.quote(str(arguments[name])) for name in positional if name in arguments]
    for name, value in arguments.items():
        if name not in positional:
            words += [" ".join(part) for part in _option_words(name, value)]
    return " ".join(words)


def _option_words(name: str, value: Any) -> Iterator[tuple[str, ...]]:
    """An argument as options: one for each item of a list and each pair of an object."""
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        yield (flag,)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            text = item if isinstance(item, str) else json.dumps(item)
            yield (flag, shlex.quote(f"{key}={text}"))
    elif isinstance(value, list | tuple):
        for item in value:
            yield (flag, shlex.quote(str(item)))
    elif value is not False:
        yield (flag, shlex.quote(str(value)))


def _parameters(tool: Tool) -> list[click.Parameter]:
    properties: dict[str, Any] = tool.input_schema.get("properties", {})
    made: list[click.Parameter] = []
    for name, field in tool.arguments_model.model_fields.items():
        schema = properties[name]
        if name in _positional(tool):
            required = field.is_required()
            made.append(click.Argument([name], type=_type(schema), required=required))
        else:
            made.append(_option(name, schema, field.default))
    return made


def _positional(tool: Tool) -> list[str]:
    """What is typed without a flag: what is required, the first argument, and what says so."""
    fields = tool.arguments_model.model_fields
    first = next(iter(fields), "")
    is_text = tool.input_schema.get("properties", {}).get(first, {}).get("type") == "string"
    return [
        name
        for name, field in fields.items()
        if field.is_required() or name in tool.positional or (name == first and is_text)
    ]


def _option(name: str, schema: Mapping[str, Any], default: Any) -> click.Option:
    flag = f"--{name.replace('_', '-')}"
    kind = schema.get("type")
    help_text = schema.get("description")
    if kind == "boolean":
        return click.Option([flag], is_flag=True, default=False, help=help_text)
    if kind == "object":
        return click.Option([flag], multiple=True, metavar="NAME=VALUE", help=help_text)
    if kind == "array":
        return click.Option([flag], multiple=True, help=help_text)
    shown = default not in (None, PydanticUndefined)
    return click.Option(
        [flag],
        type=_type(schema),
        default=default if shown else None,
        show_default=shown,
        help=help_text,
    )


def _type(schema: Mapping[str, Any]) -> click.ParamType[Any]:
    """Choices are checked by click; everything else by the tool, which says more."""
    if "enum" in schema:
        return click.Choice([str(value) for value in schema["enum"]])
    by_name: dict[str, click.ParamType[Any]] = {"integer": click.INT, "number": click.FLOAT}
    return by_name.get(str(schema.get("type")), click.STRING)


def _parsed(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the tool takes them: `--input NAME=VALUE` pairs become an object."""
    properties: dict[str, Any] = tool.input_schema.get("properties", {})
    parsed: dict[str, Any] = {}
    for name, value in arguments.items():
        is_object = properties[name].get("type") == "object"
        parsed[name] = dict(map(_pair, value)) if is_object and isinstance(value, tuple) else value
    return parsed


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"`{text}` is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _json_option() -> click.Option:
    return click.Option(["--json", "as_json"], is_flag=True, help="Print the envelope as JSON.")
