"""How the command `diagnose` takes a log: `--log FILE`, `-`, or what is piped into it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

STANDARD_INPUT = "-"


def add_log_options(command: click.Command) -> None:
    """Let `--log` name a file, as people expect of a command, and read `-` and a pipe.

    The tool's argument `log` is the text itself, which nobody types.
    """
    log = click.Option(
        ["--log", "--file", "file"], metavar="FILE", help="A log file, or - for standard input."
    )
    kept = [parameter for parameter in command.params if parameter.name not in ("log", "file")]
    command.params = [*kept[:1], log, *kept[1:]]
    run = command.callback
    if run is not None:
        command.callback = _reading(run)


def _reading(run: Callable[..., Any]) -> Callable[..., Any]:
    def with_log(**given: Any) -> Any:
        return run(**_with_text(given))

    return with_log


def _with_text(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments with standard input read where it is asked for, or where nothing else is."""
    named = [name for name in ("space", "file") if given.get(name) is not None]
    asked = [name for name in named if given[name] == STANDARD_INPUT]
    piped = not named and not sys.stdin.isatty()
    if not (asked or piped):
        return given
    kept = {name: value for name, value in given.items() if name not in asked}
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    return {**kept, "log": text or None}
