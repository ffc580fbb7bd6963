"""Repairs of Docker Spaces: the port in the card, and the address that the server listens on."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from ...knowledge.servers import server_calls, server_commands
from ..card import README
from ..card_edits import set_card_key
from ..container import read_container
from ..edits import replace_lines, replace_spans, source, span
from ..finding import Finding
from ..project import Project
from ..python import PythonFile, argument
from ..rules.docker_port import app_port
from ..server_calls import Server
from ..servers import find_server
from . import Changes, fixes

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a container is reached from outside only at this address
_LOOPBACK = r"(?:127\.0\.0\.1|localhost)(?![\w.])"


def _server(project: Project) -> Server | None:
    dockerfile = project.dockerfile
    return find_server(project, read_container(dockerfile)) if dockerfile else None


@fixes("DK_PORT")
def name_port(project: Project, _: Sequence[Finding]) -> Changes:
    """Name the port that the app listens on in the card."""
    server, text = _server(project), project.text(README)
    if server is None or server.port_number is None or text is None:
        return {}
    return {README: set_card_key(text, "app_port", str(server.port_number))}


@fixes("DK_LOCALHOST")
def listen_everywhere(project: Project, _: Sequence[Finding]) -> Changes:
    """Let the server listen on every address."""
    server = _server(project)
    if server is None:
        return {}
    python = project.python(server.file) if server.file.endswith(".py") else None
    if python is not None:
        return _in_python(python, server)
    text = project.text(server.file)
    return {server.file: _in_command(project, text, server)} if text is not None else {}


def _in_command(project: Project, text: str, server: Server) -> str:
    lines = text.splitlines()
    last = server.line
    while last < len(lines) and lines[last - 1].rstrip().endswith("\\"):
        last += 1
    changes: dict[int, str | None] = {}
    for number in range(server.line, last + 1):
        line = lines[number - 1]
        new = _replaced(line) if server.host.written else _added(project, line, server)
        if new != line:
            changes[number] = new
            break
    return replace_lines(text, changes)


def _replaced(line: str) -> str:
    """The line with the loopback address after an option changed."""
    options = {
        option
        for known in server_commands()
        for option in (*known.host_options, *known.bind_options)
    }
    names = "|".join(sorted(map(re.escape, options), key=len, reverse=True))
    return re.sub(rf"((?:{names})[\"',=\s]+){_LOOPBACK}", rf"\g<1>{_EVERYWHERE}", line, count=1)


def _added(project: Project, line: str, server: Server) -> str:
    """The line with the option added behind the server's name."""
    words = server.name.split()
    known = next(
        one for one in server_commands() if f"{one.program} {one.subcommand}".split() == words
    )
    option, value = (known.host_options or known.bind_options)[0], _EVERYWHERE
    if not known.host_options:
        value = f"{value}:{app_port(project)}"
    pattern = r"[\"',\s]+".join(map(re.escape, words))
    brackets = re.search(rf'{pattern}"', line) is not None
    new = f'", "{option}", "{value}"' if brackets else f" {option} {value}"
    end = '"' if brackets else r"(?=\s|$)"
    return re.sub(rf"(\b{pattern}){end}", rf"\g<1>{new}", line, count=1)


def _in_python(file: PythonFile, server: Server) -> Changes:
    for known in server_calls():
        calls = [call for call in file.calls if call.lineno == server.line]
        for call in calls:
            if f"`{known.call.lstrip('.')}()`" == server.name and _is(call, known.call):
                return {file.path: _with_host(file, call, known.host_argument)}
    return {}


def _is(call: ast.Call, name: str) -> bool:
    last = name.rpartition(".")[2]
    return isinstance(call.func, ast.Attribute | ast.Name) and last == (
        call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
    )


def _with_host(file: PythonFile, call: ast.Call, name: str) -> str:
    given = argument(call, name)
    if given is not None:
        return replace_spans(file.text, {span(file, given): f'"{_EVERYWHERE}"'})
    parts: list[ast.AST] = [*call.args, *call.keywords]
    after = max((span(file, part)[1] for part in parts), default=span(file, call.func)[1])
    if parts:
        return replace_spans(file.text, {(after, after): f', {name}="{_EVERYWHERE}"'})
    opening = after + source(file, call)[len(source(file, call.func)) :].index("(") + 1
    return replace_spans(file.text, {(opening, opening): f'{name}="{_EVERYWHERE}"'})
