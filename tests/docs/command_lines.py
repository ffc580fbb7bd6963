"""Whether a command could be run: its words against the option tables that are installed.

Nothing is run: click's own parser reads the words, and of the values only those are looked at that
must be one of a list or a number. A word in capitals stands for a value.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from unittest import mock

import click
from huggingface_hub import constants

from .documents import Trouble
from .markdown import Document
from .shell import Command, ShellError, commands

OTHERS = frozenset(
    {"cd", "claude", "curl", "export", "git", "make", "pip", "python", "python3", "uv", "uvx"}
)
"""Programs that may be shown and are not looked into."""
SHELL = {"sh", "bash", "shell", "console"}
_OURS = re.compile(r"(?:\S*/)?(?:hf|huggingface-spaces)(?: |$)")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_./:=-]*")
_ANSWERED_AT_ONCE = frozenset({"-h", "--help", "--version"})
_NUMBERS = (click.types.IntParamType, click.types.FloatParamType)
_ANGLED = re.compile(r"<[a-zA-Z][^<>\n]*>")


class BadCommand(ValueError):  # noqa: N818 - it is raised and shown, never seen by a user
    """A command that the installed programs would refuse."""


def check_blocks(document: Document) -> Iterator[Trouble]:
    """Every `sh` block: correct shell, known programs, known options."""
    for block in document.blocks:
        if block.language not in SHELL:
            continue
        if said := _syntax(block.text):
            yield Trouble(document.path, block.line, said)
            continue
        try:
            found = commands(block.text, block.line)
        except ShellError as error:
            yield Trouble(document.path, block.line, str(error))
            continue
        for command in found:
            if said := reason(command.words):
                yield Trouble(document.path, command.line, f"`{_typed(command)}`: {said}")


def check_spans(document: Document) -> Iterator[Trouble]:
    """Every command in prose and tables; the mere name of a command is enough there."""
    for span in document.spans:
        if not _OURS.match(span.text) or span.text.endswith("/"):
            continue
        try:
            found = [one for text in alternatives(span.text) for one in commands(text)]
        except ShellError as error:
            yield Trouble(document.path, span.line, f"`{span.text}`: {error}")
            continue
        for command in found:
            if said := reason(command.words, name_is_enough=True):
                yield Trouble(document.path, span.line, f"`{span.text}`: {said}")


def alternatives(text: str) -> list[str]:
    """`rehearsal start | stop` is two commands; `lint [FOLDER]` is one with the folder."""
    first, *others = re.sub(r"\[([^][]+)\]", r"\1", text).split(" | ")
    stem = first.rpartition(" ")[0]
    return [first, *(one if _OURS.match(one) else f"{stem} {one}" for one in others)]


def reason(words: Sequence[str], *, name_is_enough: bool = False) -> str:
    """Why a command would be refused; empty when it would not.

    `name_is_enough`: the name of a command or group alone is no call, and `...` ends one.
    """
    program, arguments = words[0].rpartition("/")[2], list(words[1:])
    if program in OTHERS:
        return ""
    if program not in {"hf", "huggingface-spaces"}:
        return f"nobody knows the program {program}"
    try:
        _parse(_tree(program), arguments, program, name_is_enough=name_is_enough)
    except click.ClickException as error:
        return " ".join(error.format_message().split())[:200]
    except BadCommand as error:
        return str(error)
    return ""


def _tree(program: str) -> click.Group:
    if program == "hf":
        return _hf()[0]
    from tools.cli.main import commands as ours

    return ours


@cache
def _hf() -> tuple[click.Group, type[click.Group]]:
    """The commands of `hf`, and the class of its groups."""
    # Importing them asks the Hub which agents there are, unless it is offline.
    with mock.patch.object(constants, "HF_HUB_OFFLINE", new=True):
        from huggingface_hub.cli._cli_utils import HFCliTyperGroup
        from huggingface_hub.cli.hf import app
    return app, HFCliTyperGroup


def _parse(
    command: click.Command, arguments: list[str], name: str, *, name_is_enough: bool
) -> None:
    if name_is_enough and arguments in ([], ["..."], ["…"]):
        return
    context = click.Context(command, info_name=name)
    for key, value in command.context_settings.items():
        if key in {"ignore_unknown_options", "allow_extra_args", "allow_interspersed_args"}:
            setattr(context, key, value)
    if _ANSWERED_AT_ONCE.intersection(arguments[:1]):
        return
    given, rest, _ = command.make_parser(context).parse_args(list(arguments))
    if not isinstance(command, click.Group):
        _check_values(command, context, given, rest)
        return
    if not rest:
        if not command.invoke_without_command and not name_is_enough:
            raise BadCommand(f"`{name}` is a group of commands, not a command")
        return
    inner, more = _resolved(command, context, rest)
    _parse(inner, more, f"{name} {rest[0]}", name_is_enough=name_is_enough)


def _resolved(
    group: click.Group, context: click.Context, words: list[str]
) -> tuple[click.Command, list[str]]:
    """The command that the first word names. An unknown one is never handed to
    the group, which might look for an extension to run."""
    name = words[0]
    if group.get_command(context, name) is None:
        raise BadCommand(f"`{context.info_name}` has no command `{name}`")
    # The group at the top would ask the Hub for extensions; what it is made from only looks.
    of_hf = _hf()[1]
    look = of_hf if isinstance(group, of_hf) else click.Group
    _, command, rest = look.resolve_command(group, context, [name, *words[1:]])
    assert command is not None
    return command, rest


def _check_values(
    command: click.Command, context: click.Context, given: dict[str, Any], rest: list[str]
) -> None:
    if rest and not context.allow_extra_args:
        raise BadCommand(f"one argument too many: `{rest[0]}`")
    for parameter in command.get_params(context):
        values = list(_texts(given.get(str(parameter.name))))
        if parameter.required and not values:
            raise BadCommand(f"{parameter.get_error_hint(context)} is missing")
        if isinstance(parameter.type, (click.Choice, *_NUMBERS)):
            for value in values:
                if not is_placeholder(value):
                    parameter.type(value, parameter, context)


def is_placeholder(value: str) -> bool:
    """Whether a word stands for a value: capitals, or a variable of the shell."""
    return value.startswith("$") or bool(_PLACEHOLDER.fullmatch(value))


def _texts(value: object) -> Iterator[str]:
    """The words that a parameter was given; click marks those it was not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _syntax(text: str) -> str:
    """What the shell itself says of the text, which it reads and does not run."""
    if angled := _ANGLED.search(text):
        return f"{angled[0]} would be read as a redirection: write the placeholder in capitals"
    ran = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, check=False)
    return " ".join(ran.stderr.split())


def _typed(command: Command) -> str:
    return shlex.join(command.words)
