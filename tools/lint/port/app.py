"""The app as the port sees it: what runs for a visitor, and what builds models."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property

from ...knowledge.gpu_code import gpu_code_facts
from ..execution import Execution, execution_of
from ..models import builds_model, reads_weights
from ..project import Project
from ..python import Function, PythonFile
from ..scopes import Scope
from .names import reads

DEEPEST = 5
"""Functions that are followed from a call to the place where a model is built."""


class App:
    """A project with its model of execution, and the questions that porting asks of it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.execution: Execution = execution_of(project)
        self.graph = self.execution.graph

    @cached_property
    def handlers(self) -> set[Scope]:
        """The functions that events, endpoints and routes start."""
        return {one.scope for one in self.execution.handlers}

    @cached_property
    def at_events(self) -> list[Scope]:
        """What runs for a visitor, in source order: handlers and all they call, decorated or not.
        Where no handler can be told, every function that does not run at import.
        """
        found = {*self.execution.in_handlers, *self.execution.worker}
        if not found:
            found = {
                Scope(file, function)
                for file in self.project.running
                for function in file.functions
            } - self.execution.at_import.keys()
        return sorted(found, key=lambda scope: (scope.file.path, scope.line))

    def builds(self, scope: Scope, call: ast.Call, depth: int = 0) -> bool:
        """Whether a call makes a model: a library's builder, or the project's own loader."""
        if self.is_builder(scope.file, call) or builds_model(self.graph, scope, call):
            return True
        target = self.graph.callee(scope, call.func)
        if target is None or depth > DEEPEST or target.is_module or target == scope:
            return False
        return self.gives_model(target, depth + 1)

    @staticmethod
    def is_builder(file: PythonFile, call: ast.Call) -> bool:
        """Whether a library's call reads a model, or a tokenizer or other part of one; settings
        are no part.
        """
        if reads_weights(file, call):
            return True
        if not isinstance(call.func, ast.Attribute):
            return False
        is_reading = call.func.attr in gpu_code_facts().building_methods
        return is_reading and not ast.unparse(call.func.value).endswith("Config")

    def gives_model(self, scope: Scope, depth: int = 0) -> bool:
        """Whether calling a function of the project gives a model: it returns one that it builds,
        or it is the `__init__` of a class that builds one.
        """
        made = [call for call in self.graph.calls(scope) if self.builds(scope, call, depth)]
        if not made or not isinstance(scope.node, Function):
            return False
        if scope.node.name == "__init__":
            return True
        owned = self.graph.scopes(scope.file).owned(scope.node, ast.Return)
        returned = [one.value for one in owned if one.value is not None]
        names = _names_made(scope, made)
        return any(
            (names & reads(value) and not self._uses(value, names)) or _holds(value, made)
            for value in returned
        )

    @staticmethod
    def _uses(value: ast.expr, names: set[str]) -> bool:
        """Whether an expression calls a model, so that what it gives is an output."""
        return any(
            isinstance(node, ast.Call) and names & reads(node.func) for node in ast.walk(value)
        )


def _holds(value: ast.expr, calls: Iterable[ast.Call]) -> bool:
    """Whether an expression is one of the calls, or methods called on it in a row."""
    wanted = set(calls)
    while isinstance(value, ast.Call):
        if value in wanted:
            return True
        if not isinstance(value.func, ast.Attribute):
            return False
        value = value.func.value
    return isinstance(value, ast.Tuple) and any(_holds(item, wanted) for item in value.elts)


def _names_made(scope: Scope, made: Iterable[ast.Call]) -> set[str]:
    """The names that a function gives to what it builds."""
    found: set[str] = set()
    for call in made:
        for above in (call, *scope.file.ancestors(call)):
            if isinstance(above, ast.Assign | ast.AnnAssign):
                targets = above.targets if isinstance(above, ast.Assign) else [above.target]
                found |= {
                    node.id
                    for target in targets
                    for node in ast.walk(target)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                }
            if isinstance(above, ast.stmt):
                break
    return found
