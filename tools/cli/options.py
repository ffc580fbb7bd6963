"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..settings import CALL_SECONDS, HUB_VARIABLE, Settings

Command = Callable[..., Any]


def hub_options(command: Command) -> Command:
    """`--hub`, `--max-cost`, `--time-limit`: which Hub, the person's limit, how long."""
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
            "--time-limit",
            "most_seconds",
            type=click.FloatRange(min=1),
            help="The longest this call may take. Default 45; without end at a terminal.",
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


@dataclass(frozen=True)
class Chosen:
    """What the shared options were given."""

    hub: str | None
    max_cost: float
    most_seconds: float | None

    def settings(self) -> Settings:
        """A person at a terminal may name any path and waits as long as they like; an agent in a
        shell is answered in time to go on."""
        seconds = self.most_seconds or (None if sys.stderr.isatty() else CALL_SECONDS)
        return Settings.choose(
            self.hub, max_cost=self.max_cost, seconds=seconds, roots=(Path("/"),)
        )

    def flags(self) -> str:
        """The same options as they were typed, for the commands that come next."""
        words = [f"--hub {self.hub}"] if self.hub else []
        words += [f"--max-cost {self.max_cost:g}"] if self.max_cost else []
        return " ".join(words)
