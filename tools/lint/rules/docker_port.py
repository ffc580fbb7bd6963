"""The app listens where the Hub looks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ...knowledge.card_keys import card_key
from ..card_checks import given
from ..commands import exec_words
from ..container import Container, read_container
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_docker, rule
from ..server_calls import LOOPBACK, Server
from ..servers import find_server, start_commands

_DOCKERFILE = "Dockerfile"
_EXPOSED = re.compile(r"(\d{1,5})(?:/tcp)?$")
_OPENERS = frozenset({"sh", "bash", "dash", "ash", "zsh", "env", "envsubst"})
_READ_PORT = frozenset({"node", "npm", "yarn", "pnpm", "bun", "deno", "next"})


@rule(
    "DK_PORT",
    Severity.ERROR,
    "The app listens on another port than the Hub asks",
    source="hub-docs spaces-sdks-docker.md (2026-04-08), spaces-config-reference.md (2026-03-20)",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_docker,
    fix=Fix.SAFE,
)
def port(project: Project) -> Iterator[Hit]:
    """The Hub sends visitors to `app_port`, 7860 unless the card says otherwise, and counts the
    Space as started when something answers there. Otherwise it waits for 30 minutes and gives up.
    """
    if project.dockerfile is None or not project.dockerfile.instructions:
        return
    wanted, container = app_port(project), read_container(project.dockerfile)
    server = find_server(project, container)
    if server is not None and server.port_number is not None:
        if server.port_number != wanted:
            yield _listens_elsewhere(project, server, server.port_number, wanted)
        return
    yield from _hints(project, container, wanted)


def app_port(project: Project) -> int:
    """The port that the Hub asks."""
    key = given(project, "app_port")
    value = key.value if key else None
    return value if isinstance(value, int) else int(card_key("app_port").default)


def _listens_elsewhere(project: Project, server: Server, actual: int, wanted: int) -> Hit:
    how = "listens by default" if not (server.port.written or server.port.variable) else "listens"
    message = f"{server.name} {how} on {actual}, the Hub asks {_whose(project)} {wanted}"
    lowest = card_key("app_port").lowest or 0
    return Hit(
        server.file,
        server.line,
        f"{message}; let it listen on {wanted}, or name `app_port` in README.md",
        Severity.WARNING if server.port.variable else None,
        fixable=actual >= lowest and given(project, "sdk") is not None,
    )


def _whose(project: Project) -> str:
    return "`app_port`" if given(project, "app_port") else "the default"


def _hints(project: Project, container: Container, wanted: int) -> Iterator[Hit]:
    """Where no server is seen: what ENV and EXPOSE let expect."""
    dockerfile = project.dockerfile
    variable = container.variables.get("PORT", "")
    programs = {command.program for command in start_commands(container)}
    reads_port = bool(programs & _READ_PORT) and variable.isdigit()
    exposed = _exposed(project, container)
    if dockerfile is None or str(wanted) in {variable, *exposed}:
        return
    if reads_port:
        line = next(
            (one.line for one in reversed(dockerfile.all("ENV", "ARG")) if "PORT" in one.arguments),
            1,
        )
        message = f"PORT is {variable}, but the Hub asks {_whose(project)} {wanted}"
        yield Hit(_DOCKERFILE, line, message, Severity.WARNING, fixable=False)
    elif exposed and container.start:
        line = dockerfile.all("EXPOSE")[-1].line
        ports = ", ".join(exposed)
        message = f"EXPOSE {ports}, but the Hub asks {_whose(project)} {wanted}"
        yield Hit(
            _DOCKERFILE, line, f"{message}; does the app listen there?", Severity.WARNING, False
        )


def _exposed(project: Project, container: Container) -> list[str]:
    found = []
    for instruction in project.dockerfile.last_stage if project.dockerfile else ():
        if instruction.keyword == "EXPOSE":
            words = (container.expanded(word) for word in instruction.arguments.split())
            found += [match[1] for word in words if word and (match := _EXPOSED.match(word))]
    return found


@rule(
    "DK_LOCALHOST",
    Severity.ERROR,
    "The app listens on the loopback address only",
    source="hub-docs spaces-sdks-docker.md (2026-04-08); defaults measured, see servers.yaml",
    as_of="2026-11-23",
    reference="docker-and-static",
    when=on_docker,
    fix=Fix.SAFE,
)
def localhost(project: Project) -> Iterator[Hit]:
    """Inside a container 127.0.0.1 is the container itself: nobody outside reaches it, and the
    Space never becomes healthy. Some servers listen there unless they are told not to.
    """
    if project.dockerfile is None or not project.dockerfile.instructions:
        return
    server = find_server(project, read_container(project.dockerfile))
    if server is None or server.host.value not in LOOPBACK:
        return
    said = server.host.written or server.host.variable
    how = "listens" if said else "listens by default"
    yield Hit(
        server.file,
        server.line,
        f"{server.name} {how} on {server.host.value}, which nobody outside the container reaches; "
        "let it listen on 0.0.0.0",
        # GRADIO_SERVER_NAME among the Space's variables would change it.
        Severity.WARNING if "launch" in server.name and not said else None,
        fixable=not server.host.variable,
    )


@rule(
    "DK_EXEC_VARIABLE",
    Severity.ERROR,
    "A variable in the form of CMD that has no shell",
    source="https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    as_of="2026-11-23",
    reference="docker-and-static",
    when=on_docker,
)
def exec_variable(project: Project) -> Iterator[Hit]:
    """With brackets no shell runs, so `$PORT` reaches the program as these five characters. Most
    servers then stop at once.
    """
    if project.dockerfile is None:
        return
    for instruction in read_container(project.dockerfile).start:
        words = exec_words(instruction.arguments)
        if words is None or not words or words[0].rsplit("/", 1)[-1] in _OPENERS:
            continue
        for option, word in pairwise(words):
            name, _, value = word.rpartition("=")
            if re.fullmatch(r"\$\{?\w+\S*", value) and "port" in (name or option).lower():
                message = f"`{value}` is not replaced in the form with brackets"
                advice = "write the number, or the form without brackets"
                yield Hit(_DOCKERFILE, instruction.line, f"{message}; {advice}")
