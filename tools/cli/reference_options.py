"""How the command `reference` prints at a terminal: a person gets a text whole, not in pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from ..problems import Problem


def print_whole_texts(command: click.Command, answer: Callable[..., Any]) -> None:
    """Let the command print a topic or section without pages where a person looks at it.

    What is piped, searched or asked for as JSON stays in pages, as agents get it: `answer` does
    that.
    """

    def run(**given: Any) -> Any:
        paged = given["as_json"] or given["search"] or given["start"] > 1
        if given["topic"] is None or paged or not sys.stdout.isatty():
            return answer(**given)
        from ..steps.reference import whole_text

        try:
            text = whole_text(given["topic"], given["section"])
        except Problem:
            return answer(**given)  # which says it with commands to go on with
        click.echo(text)
        return 0

    command.callback = run
