"""Servers that a Docker Space's Python code starts, and where they listen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..knowledge.servers import ServerCall, server_calls
from .container import Container
from .following import reachable_from
from .project import Project
from .python import PythonFile, argument

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Said:
    """A host or a port: None where it is not sure.

    `written` tells a value that stands in the place itself from a default, `variable` one that a
    variable of the Space decides or may still change.
    """

    value: str | None
    written: bool = False
    variable: bool = False


@dataclass(frozen=True)
class Server:
    """One server, where it is started and where it listens."""

    name: str
    file: str
    line: int
    host: Said
    port: Said

    @property
    def port_number(self) -> int | None:
        """The port, None where it is not sure."""
        text = self.port.value
        return int(text) if text and re.fullmatch(r"[0-9]{1,5}", text) else None


def servers_of(project: Project, container: Container, started: PythonFile) -> Iterator[Server]:
    """The servers that a started Python file and the files it imports may start."""
    for file in reachable_from(project, started):
        for known in server_calls():
            for call in _calls(file, known):
                yield _by_call(container, file, call, known)


def _calls(file: PythonFile, known: ServerCall) -> list[ast.Call]:
    if not known.call.startswith("."):
        return file.calls_to(known.call)
    makers = file.calls_to(*known.made_by)
    if not makers:
        return []
    return [call for call in file.method_calls(known.call[1:]) if _is_made(file, call, makers)]


def _is_made(file: PythonFile, call: ast.Call, makers: list[ast.Call]) -> bool:
    """Whether the object of a method call comes from one of the makers, by its name or directly."""
    node: ast.AST = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
        if node in makers:
            return True
    return isinstance(node, ast.Name) and node.id in {
        target for maker in makers for target in _bound_to(file, maker)
    }


def _bound_to(file: PythonFile, maker: ast.Call) -> Iterator[str]:
    above = file.parents.get(maker)
    targets: list[ast.expr | None] = []
    if isinstance(above, ast.Assign):
        targets = list(above.targets)
    elif isinstance(above, ast.withitem):
        targets = [above.optional_vars]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id


def _by_call(container: Container, file: PythonFile, call: ast.Call, known: ServerCall) -> Server:
    host = _argument(container, file, call, known.host_argument, known.host_variable)
    port = _argument(container, file, call, known.port_argument, known.port_variable)
    return Server(
        name=f"`{known.call.lstrip('.')}()`",
        file=file.path,
        line=call.lineno,
        host=host or Said(known.host),
        port=port or Said(str(known.port)),
    )


def _argument(
    container: Container, file: PythonFile, call: ast.Call, name: str, variable: str
) -> Said | None:
    """The value of an argument; None where neither it nor its variable is there."""
    given = argument(call, name)
    if given is None and any(keyword.arg is None for keyword in call.keywords):
        return Said(None)
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        value = container.variables.get(variable)
        return Said(value, variable=True) if value is not None else None
    read = _environment_read(file, given)
    if read is not None:
        default = _text(file.constant(read[1]))
        return Said(container.variables.get(read[0], default), variable=True)
    return Said(_text(file.constant(given)), written=True)


def _environment_read(file: PythonFile, node: ast.expr) -> tuple[str, ast.expr | None] | None:
    """`int(os.environ.get("PORT", 7860))` as the name and the default."""
    if isinstance(node, ast.Name):
        values = file.module_names.get(node.id, [])
        node = values[0] if len(values) == 1 else node
    if isinstance(node, ast.Call) and file.qualified(node.func) in {"int", "str"} and node.args:
        node = node.args[0]
    if not isinstance(node, ast.Call) or not node.args:
        return None
    if file.qualified(node.func) not in {"os.environ.get", "os.getenv"}:
        return None
    name = file.constant(node.args[0])
    default = node.args[1] if len(node.args) > 1 else None
    return (name, default) if isinstance(name, str) else None


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
