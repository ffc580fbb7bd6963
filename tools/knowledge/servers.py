"""Web servers: where they listen by default, and which options, arguments and variables say it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, records


class ServerCommand(Fact):
    """A command that listens. A default of None is not known.

    Bind options take `host:port`. Where one of the `elsewhere` options, files or variables is
    there, it may say anything. `bind_variable` makes the default every address, and that port.
    """

    program: str
    subcommand: str = ""
    host_options: tuple[str, ...] = ()
    port_options: tuple[str, ...] = ()
    bind_options: tuple[str, ...] = ()
    elsewhere_options: tuple[str, ...] = ()
    elsewhere_files: tuple[str, ...] = ()
    elsewhere_variable: str = ""
    host_variable: str = ""
    port_variable: str = ""
    bind_variable: str = ""
    host: str | None = None
    port: int | None = None
    as_of: date
    source: str


class ServerCall(Fact):
    """A call that listens. `call` is a qualified name, or `.method` of what `made_by` makes."""

    call: str
    made_by: tuple[str, ...] = ()
    host_argument: str
    port_argument: str
    host_variable: str = ""
    port_variable: str = ""
    host: str
    port: int
    as_of: date
    source: str


@lru_cache(maxsize=1)
def server_commands() -> tuple[ServerCommand, ...]:
    """Return every known command."""
    return tuple(ServerCommand(**record) for record in records("servers.yaml", "commands"))


@lru_cache(maxsize=1)
def server_calls() -> tuple[ServerCall, ...]:
    """Return every known call."""
    return tuple(ServerCall(**record) for record in records("servers.yaml", "calls"))
