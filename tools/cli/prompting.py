"""Asking a person at the terminal for secrets that are named but set nowhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ..environment_values import read_env_file


def ask_for_secrets(arguments: Mapping[str, Any]) -> None:
    """Prompt, unseen, for each named secret that neither the environment nor the file holds.

    The value goes into this process's environment alone: never into an argument, where other
    processes and the shell's history would see it. Without a terminal nothing is asked.
    """
    if not sys.stdin.isatty():
        return
    file = arguments.get("env_file")
    known = {*os.environ, *(read_env_file(Path(file)) if file else {})}
    for entry in arguments.get("secrets", ()):
        name, _, source = entry.partition("=")
        variable = source or name
        if variable.isidentifier() and variable not in known:
            os.environ[variable] = click.prompt(f"Value of {variable}", hide_input=True, err=True)
