"""`huggingface-spaces serve`: the MCP server."""

from __future__ import annotations

from pathlib import Path

import click

from ..settings import CALL_SECONDS, Settings
from .options import hub_options


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    """Names may be repeated options or one comma-separated list."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


@click.command()
@hub_options
@click.option("--toolsets", multiple=True, metavar="NAMES", help="Toolsets to show, or `all`.")
@click.option("--tools", "names", multiple=True, metavar="NAMES", help="Single tools to show.")
@click.option("--exclude-tools", multiple=True, metavar="NAMES", help="Tools not to show.")
@click.option(
    "--read-only", is_flag=True, help="Only tools that change nothing; wins over the rest."
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that path arguments may name; default the working directory.",
)
def serve(
    hub: str | None,
    max_cost: float,
    most_seconds: float | None,
    toolsets: tuple[str, ...],
    names: tuple[str, ...],
    exclude_tools: tuple[str, ...],
    read_only: bool,
    roots: tuple[Path, ...],
) -> None:
    """Serve the tools over MCP on standard input and output."""
    from ..installing.use import hold
    from ..serve import choose_tools
    from ..serve import serve as serve_tools

    tools = choose_tools(
        toolsets=_split(toolsets),
        tools=_split(names),
        exclude=_split(exclude_tools),
        read_only=read_only,
    )
    settings = Settings.choose(
        hub,
        max_cost=max_cost,
        seconds=most_seconds or CALL_SECONDS,
        read_only=read_only,
        roots=tuple(root.resolve() for root in roots),
    )
    hold()  # before the first answer: an update elsewhere removes what nobody uses
    serve_tools(settings, tools)
