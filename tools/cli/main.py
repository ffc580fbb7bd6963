"""The command line's entry: the global options, and the commands put together."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click
from typing_extensions import override

from .. import __version__
from ..problems import Problem

OWN_COMMANDS = {
    "demo": ".demo",
    "doctor": ".doctor",
    "error-report": ".error_report",
    "facts": ".facts",
    "install": ".install",
    "rehearsal": ".rehearsal",
    "serve": ".serving",
}
"""The commands that are no tools, with the module of each; imported when used."""
USAGE_ERROR = 2


class Commands(click.Group):
    """Finds a command by its name and imports only that: starting the server is timed."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own commands and one per tool, by name."""
        from ..registry import all_tools
        from .tool_commands import command_name

        return sorted({*OWN_COMMANDS, *map(command_name, all_tools())})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; tools are looked up by the command name derived from theirs."""
        if cmd_name in OWN_COMMANDS:
            module = importlib.import_module(OWN_COMMANDS[cmd_name], __package__)
            command: click.Command = getattr(module, cmd_name.replace("-", "_"))
            return command
        from ..registry import all_tools
        from .tool_commands import command_name, tool_command

        for name, declared in all_tools().items():
            if command_name(name) == cmd_name:
                return tool_command(declared)
        return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="huggingface-spaces")
def commands() -> None:
    """Build, watch, verify and repair Hugging Face Spaces; rehearse them on this machine first.

    Exit codes: 0 fine; 1 the thing asked about is not fine; 2 could not do it, or could not tell.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    try:
        code = commands.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="huggingface-spaces",
            standalone_mode=False,
        )
    except click.Abort:
        click.echo("Stopped before the end; nothing is undone.", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = USAGE_ERROR
    except Problem as problem:
        click.echo(problem.text(), err=True)
        code = USAGE_ERROR
    sys.exit(code if isinstance(code, int) else 0)
