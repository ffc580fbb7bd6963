"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..settings import HUB_VARIABLE, Settings

Command = Callable[..., Any]


def hub_options(command: Command) -> Command:
    """`--hub` and `--max-cost`: which Hub, and the person's limit."""
    for option in (
        click.option(
            "--max-cost",
            type=click.FloatRange(min=0),
            default=0.0,
            show_default=True,
            metavar="DOLLARS",
            help="The most that hardware may cost, in US dollars per hour.",
        ),
        click.option(
            "--hub",
            metavar="auto|rehearsal|URL",
            help="The Hub to use. auto: huggingface.co when logged in, else the rehearsal Hub."
            f" Also {HUB_VARIABLE}.",
        ),
    ):
        command = option(command)
    return command


def settings_for_terminal(hub: str | None, max_cost: float) -> Settings:
    """A person at a terminal may name any path, and waits as long as they like."""
    return Settings.choose(hub, max_cost=max_cost, seconds=None, roots=(Path("/"),))
