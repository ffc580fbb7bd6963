"""Where a Docker Space's app listens, as far as its Dockerfile, scripts and Python say surely."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..knowledge.servers import ServerCommand, server_commands
from .commands import Command, commands_of, exec_words, script_commands, script_variables
from .container import Container
from .project import Project
from .server_calls import Said, Server, servers_of

# Something in front may listen on the port of the Space and pass requests on.
_PROXY = re.compile(r"\b(?:nginx|caddy|haproxy|traefik|envoy|supervisord?|s6-|apache2|httpd)\b")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound
DEPTH = 2
"""Scripts that start scripts."""


def find_server(project: Project, container: Container) -> Server | None:
    """The one server of a Docker Space; None when there is none to be seen, or several."""
    text = project.dockerfile.text if project.dockerfile else ""
    if _PROXY.search(text):
        return None
    found: list[Server] = []
    for file, command in _started(project, container):
        if command.background or _PROXY.search(" ".join(command.words)):
            return None
        found += _servers(project, container, file, command)
    return found[0] if len(found) == 1 else None


def start_commands(container: Container) -> list[Command]:
    """The commands of ENTRYPOINT and CMD, which is appended to an ENTRYPOINT with brackets."""
    by_keyword = {instruction.keyword: instruction for instruction in container.start}
    entry, arguments = by_keyword.get("ENTRYPOINT"), by_keyword.get("CMD")
    if entry is None or arguments is None:
        one = entry or arguments
        return commands_of(one.arguments, one.line) if one else []
    first, second = exec_words(entry.arguments), exec_words(arguments.arguments)
    if first is None:
        return commands_of(entry.arguments, entry.line)
    words = [*first, *(second if second is not None else ["/bin/sh", "-c", arguments.arguments])]
    quoted = ", ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return commands_of(f"[{quoted}]", arguments.line)


def _started(project: Project, container: Container) -> Iterator[tuple[str, Command]]:
    """The commands that run at the start, with the file they stand in; scripts are opened."""
    waiting = [("Dockerfile", command, 0) for command in start_commands(container)]
    while waiting:
        file, command, depth = waiting.pop(0)
        script = _script(project, command) if depth < DEPTH else None
        if script is None:
            yield file, command
            continue
        text = project.text(script) or ""
        for name, value in script_variables(text).items():
            plain = container.expanded(value)
            if plain is not None:
                container.variables.setdefault(name, plain)
        waiting += [(script, inner, depth + 1) for inner in script_commands(text)]


def _script(project: Project, command: Command) -> str | None:
    """The shell script of the project that a command runs."""
    for word in command.words[:3]:
        if word.endswith(".sh"):
            return _in_project(project, word)
    return None


def _in_project(project: Project, path: str) -> str | None:
    """The file of the project that a path in the container means, when only one can be meant."""
    name = path.rsplit("/", 1)[-1]
    found = [other for other in project.paths if other.rsplit("/", 1)[-1] == name]
    ending = [other for other in found if path.endswith("/" + other) or path.lstrip("./") == other]
    if len(ending) == 1:
        return ending[0]
    return found[0] if len(found) == 1 else None


def _servers(
    project: Project, container: Container, file: str, command: Command
) -> Iterator[Server]:
    for known in server_commands():
        if command.program == known.program and (
            not known.subcommand or known.subcommand in command.words[1:]
        ):
            yield _by_command(project, container, file, command, known)
            return
    if command.program.startswith("python"):
        scripts = [word for word in command.words[1:] if word.endswith(".py")]
        path = _in_project(project, scripts[0]) if scripts else None
        python = project.python(path) if path else None
        if python is not None:
            yield from servers_of(project, container, python)


def _by_command(
    project: Project, container: Container, file: str, command: Command, known: ServerCommand
) -> Server:
    host, port = (_expanded(container, command, text) for text in _said(command, known))
    bound = container.variables.get(known.bind_variable)
    unsure = _said_elsewhere(project, container, command, known)
    if host is None:
        default = EVERYWHERE if bound else known.host
        host = Said(None) if unsure else _default(container, known.host_variable, default)
    if port is None:
        variable = known.port_variable or known.bind_variable
        default = str(known.port) if known.port else None
        port = Said(None) if unsure else _default(container, variable, default)
    name = f"{known.program} {known.subcommand}".strip()
    return Server(name=name, file=file, line=command.line, host=host, port=port)


def _said(command: Command, known: ServerCommand) -> tuple[str | None, str | None]:
    """Host and port as the command says them."""
    bind = command.option(*known.bind_options) if known.bind_options else None
    if bind is not None:
        host, colon, port = bind.rpartition(":")
        return (host.strip("[]"), port) if colon else (bind, None)
    host_given = command.option(*known.host_options)
    if known.program == "http.server":
        numbers = [word for word in command.words[1:] if word.isdigit()]
        return host_given, numbers[0] if numbers else "8000"
    return host_given, command.option(*known.port_options)


def _expanded(container: Container, command: Command, said: str | None) -> Said | None:
    if said is None:
        return None
    if "$" not in said:
        return Said(said, written=True)
    return Said(container.expanded(said) if command.by_shell else None, variable=True)


def _default(container: Container, variable: str, default: str | None) -> Said:
    value = container.variables.get(variable)
    # Many servers read PORT, and a variable of that name is what people set in the settings.
    return Said(value or default, variable=value is not None or variable == "PORT")


def _said_elsewhere(
    project: Project, container: Container, command: Command, known: ServerCommand
) -> bool:
    return (
        command.option(*known.elsewhere_options) is not None
        or known.elsewhere_variable in container.variables
        or any(path in project.paths for path in known.elsewhere_files)
        or any(word.startswith("unix:") for word in command.words)
    )
