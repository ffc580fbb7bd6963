"""The functions that Gradio calls: for events, interfaces and chats."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .gradio_objects import GradioCall, gradio_calls
from .project import Project
from .python import Function, PythonFile, argument

_WITH_FUNCTION = frozenset(
    {"event", "event.then", "Blocks.load", "Interface", "ChatInterface", "on", "Server.api", "api"}
)


@dataclass(frozen=True, eq=False)
class BoundFunction:
    """A function, the file it is written in, and the call of Gradio that binds it."""

    function: Function
    file: PythonFile
    call: GradioCall

    @property
    def parameters(self) -> list[str]:
        """Its parameters without `self`."""
        given = self.function.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        return [one.arg for one in every if one.arg not in {"self", "cls"}]


def bound_functions(project: Project) -> tuple[BoundFunction, ...]:
    """Every function of the project that is surely bound to Gradio."""
    return project.once(_all)


def function_of(project: Project, call: GradioCall) -> Function | None:
    """The function that a call binds, when it is one of the project."""
    found = _definition(project, call)
    return found[1] if found is not None else None


def _all(project: Project) -> tuple[BoundFunction, ...]:
    return tuple(_each(project))


def _each(project: Project) -> Iterator[BoundFunction]:
    for call in gradio_calls(project):
        if call.name in _WITH_FUNCTION:
            found = _definition(project, call)
            if found is not None:
                yield BoundFunction(found[1], found[0], call)


def _definition(project: Project, call: GradioCall) -> tuple[PythonFile, Function] | None:
    decorated = call.file.parents.get(call.node)
    if isinstance(decorated, Function) and call.node in decorated.decorator_list:
        return call.file, decorated
    given = argument(call.node, "fn", 1 if call.name == "on" else 0)
    if isinstance(given, ast.Call) and given.args:
        given = given.args[0]  # functools.partial(function, ...)
    if given is None:
        return None
    return _by_name(project, call, given)


def _by_name(
    project: Project, call: GradioCall, given: ast.expr
) -> tuple[PythonFile, Function] | None:
    local = _nested(call.file, call.node, given)
    if local is not None:
        return call.file, local
    name = call.file.qualified(given)
    found = project.definition(call.file, name) if name else None
    if found is None or not isinstance(found[1], Function):
        return None
    return found[0], found[1]


def _nested(file: PythonFile, node: ast.AST, given: ast.expr) -> Function | None:
    """A function that is defined in a function around the call: `def build(): def greet(): ...`."""
    if not isinstance(given, ast.Name):
        return None
    for above in file.ancestors(node):
        if isinstance(above, Function):
            for function in file.functions:
                if function.name == given.id and file.function_around(function) is above:
                    return function
    return None
