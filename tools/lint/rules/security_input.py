"""What visitors send, used as code, as a command or as a pickle."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..finding import Hit, Severity
from ..project import Project
from ..python import PythonFile, argument
from ..rule import rule
from ..starting_programs import programs
from ..visitor_input import Visited, calls_with_input


@rule(
    "SEC_EVAL_INPUT",
    Severity.WARNING,
    "A visitor's text is run as Python",
    source="Python documentation of eval and exec",
    as_of="2026-11-22",
    reference="debugging",
)
def eval_input(project: Project) -> Iterator[Hit]:
    """`eval` and `exec` run whatever a visitor types, with the secrets of the Space in reach.
    `ast.literal_eval` reads values, a table of functions picks one by name.
    """
    for place, call in calls_with_input(project):
        name = place.scope.file.qualified(call.func)
        if name not in {"eval", "exec", "builtins.eval", "builtins.exec"} or not call.args:
            continue
        source = place.reaches(call.args[0])
        if source is not None:
            message = (
                f"`{name}` runs `{source}`, which a visitor sends; use ast.literal_eval for "
                "values, or choose from a table"
            )
            yield Hit(place.scope.file.path, call.lineno, message)


@rule(
    "SEC_SHELL_INPUT",
    Severity.WARNING,
    "A visitor's text is part of a shell command",
    source="Python documentation of subprocess, security considerations",
    as_of="2026-11-22",
    reference="debugging",
)
def shell_input(project: Project) -> Iterator[Hit]:
    """A `;` or a backquote in the text, or in the name of an uploaded file, starts another program.
    A list of words without a shell passes it as what it is; `shlex.quote` makes it harmless.
    """
    by_call = {program.call: program for program in programs(project) if program.by_shell}
    for place, call in calls_with_input(project):
        program = by_call.get(call)
        source = place.reaches(program.given or call.args[0]) if program and call.args else None
        if source is not None:
            message = (
                f"`{source}`, which a visitor sends, is part of a shell command; pass a list of "
                "words without a shell, or use shlex.quote"
            )
            yield Hit(place.scope.file.path, call.lineno, message)


@rule(
    "SEC_TORCH_LOAD",
    Severity.WARNING,
    "A visitor's file is unpickled",
    source="PyTorch documentation of torch.load; Python documentation of pickle",
    as_of="2026-11-22",
    reference="debugging",
)
def load_input(project: Project) -> Iterator[Hit]:
    """Unpickling runs code that the file brings along. `torch.load` refuses that by default since
    torch 2.6, but not with `weights_only=False`; `pickle`, `joblib` and `dill` never do. Ask for
    safetensors, or load tensors only.
    """
    for place, call in calls_with_input(project):
        name = place.scope.file.qualified(call.func) or ""
        if not call.args or not _unpickles(place.scope.file, name, call):
            continue
        source = place.reaches(call.args[0]) or _opened(place, call.args[0])
        if source is not None:
            message = (
                f"{name} unpickles `{source}`, which a visitor sends, and runs what is in it; "
                "load with weights_only=True, or take safetensors"
            )
            yield Hit(place.scope.file.path, call.lineno, message)


_PICKLES = frozenset(
    {"pickle.load", "pickle.loads", "joblib.load", "dill.load", "dill.loads", "cloudpickle.load"}
    | {"cloudpickle.loads", "pandas.read_pickle"}
)


def _unpickles(file: PythonFile, name: str, call: ast.Call) -> bool:
    if name == "torch.load":
        return file.constant(argument(call, "weights_only")) is False
    if name == "numpy.load":
        return file.constant(argument(call, "allow_pickle")) is True
    return name in _PICKLES


def _opened(place: Visited, node: ast.expr) -> str | None:
    """`with open(path) as file: pickle.load(file)`, where the path is the visitor's."""
    if not isinstance(node, ast.Name):
        return None
    file = place.scope.file
    for item in file.nodes(ast.withitem):
        target = item.optional_vars
        is_it = isinstance(target, ast.Name) and target.id == node.id
        if is_it and target is not None and file.function_around(target) is place.scope.node:
            return place.reaches(item.context_expr)
    return None
