"""Calls in Python that start a program, with the command as far as it is written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .project import Project
from .python import PythonFile, argument

BY_SHELL = ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")
BY_LIST = (
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
    "asyncio.create_subprocess_shell",
    "asyncio.create_subprocess_exec",
)
UNKNOWN = "\N{WHITE SQUARE}"
"""Stands in a command for a part that only the running program knows."""


@dataclass(frozen=True, eq=False)
class Program:
    """One call. `command` has the words that are written out, `UNKNOWN` for the others."""

    file: PythonFile
    call: ast.Call
    command: str
    by_shell: bool

    @property
    def given(self) -> ast.expr | None:
        """The expression of the command."""
        return argument(self.call, "args", 0) or argument(self.call, "cmd")


def programs(project: Project) -> tuple[Program, ...]:
    """Every call of the running files that starts a program."""
    return project.once(_all)


def _all(project: Project) -> tuple[Program, ...]:
    return tuple(found for file in project.running for found in _of_file(file))


def _of_file(file: PythonFile) -> Iterator[Program]:
    for call in file.calls_to(*BY_SHELL):
        if call.args:
            yield Program(file, call, written(file, call.args[0]), by_shell=True)
    for call in file.calls_to(*BY_LIST):
        given = argument(call, "args", 0) or argument(call, "cmd")
        shell = argument(call, "shell")
        if given is not None:
            words = [given, *call.args[1:]] if _is_exec(file, call) else [given]
            command = " ".join(written(file, word) for word in words)
            by_shell = file.constant(shell) is True or "shell" in (file.qualified(call.func) or "")
            yield Program(file, call, command, by_shell)


def _is_exec(file: PythonFile, call: ast.Call) -> bool:
    return (file.qualified(call.func) or "").endswith("_exec")


def written(file: PythonFile, node: ast.expr, depth: int = 0) -> str:
    """What an expression of a command says: `["pip", "install", name]` as `pip install □`."""
    value = file.constant(node)
    if isinstance(value, str):
        return value
    if isinstance(node, ast.List | ast.Tuple):
        return " ".join(written(file, one, depth + 1) for one in node.elts)
    if isinstance(node, ast.JoinedStr):
        return "".join(written(file, one, depth + 1) for one in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and depth < 20:
        between = " " if isinstance(node.left, ast.List) else ""
        return (
            f"{written(file, node.left, depth + 1)}{between}{written(file, node.right, depth + 1)}"
        )
    return _followed(file, node, depth)


def _followed(file: PythonFile, node: ast.expr, depth: int) -> str:
    if file.qualified(node) == "sys.executable":
        return "python"
    if isinstance(node, ast.Call) and depth < 4:
        if file.qualified(node.func) == "shlex.split" and node.args:
            return written(file, node.args[0], depth + 1)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"split", "format"}:
            return written(file, node.func.value, depth + 1)
    if isinstance(node, ast.Name) and depth < 4:
        values = _values(file, node)
        if len(values) == 1:
            return written(file, values[0], depth + 1)
    return UNKNOWN


def _values(file: PythonFile, name: ast.Name) -> list[ast.expr]:
    """What a name gets in the function around it, or at the top of the module."""
    function = file.function_around(name)
    own = [
        assign.value
        for assign in (file.nodes(ast.Assign) if function is not None else ())
        if any(isinstance(one, ast.Name) and one.id == name.id for one in assign.targets)
        and file.function_around(assign) is function
    ]
    return own or file.module_names.get(name.id, [])
