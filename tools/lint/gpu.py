"""The functions that `spaces.GPU` decorates, however the decorator is spelled or passed around."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .callgraph import CallGraph
from .python import Function, PythonFile, argument
from .scopes import Scope
from .spelling import mentions

GPU = "spaces.GPU"
_SPELLINGS = frozenset(
    {GPU, "spaces.zero.GPU", "spaces.zero.decorator.GPU", "spaces.decorator.GPU"}
)
DEEPEST = 6
"""Names that are followed to the decorator; a longer way is a loop."""


@dataclass(frozen=True)
class GpuFunction:
    """One use of the decorator.

    `scope` is the decorated function, None where it is not written in the project (a function of a
    library, an attribute of an object). `settings` is the call that carries the arguments, None for
    a bare `@spaces.GPU`. `line` is where the decorator is applied.
    """

    file: PythonFile
    applied: ast.expr
    settings: ast.Call | None
    settings_file: PythonFile
    scope: Scope | None

    @property
    def line(self) -> int:
        """Where the decorator is applied."""
        return self.applied.lineno

    @property
    def name(self) -> str:
        """The name of the decorated function."""
        return self.scope.name if self.scope is not None else "the decorated function"

    @property
    def is_written_as_decorator(self) -> bool:
        """Whether it stands above a `def`, rather than being called with the function."""
        return self.scope is not None and self.applied in getattr(
            self.scope.node, "decorator_list", ()
        )

    @property
    def duration(self) -> ast.expr | None:
        """The duration that is asked for, in seconds; None for the default."""
        if self.settings is None:
            return None
        given = argument(self.settings, "duration")
        first = self.settings.args[0] if self.settings.args else None
        is_number = isinstance(first, ast.Constant) and isinstance(first.value, int | float)
        return given if given is not None or not is_number else first

    @property
    def size(self) -> ast.expr | None:
        """The size that is asked for; None for the default."""
        if self.settings is None:
            return None
        given = argument(self.settings, "size")
        first = self.settings.args[0] if self.settings.args else None
        is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return given if given is not None or not is_text else first


@dataclass(frozen=True)
class _Decorator:
    """What an expression that is the decorator carries: the call with its arguments, if any."""

    settings: ast.Call | None
    file: PythonFile


class Decorations:
    """Finds the decorated functions of a project."""

    def __init__(self, graph: CallGraph) -> None:
        self._graph = graph
        self._project = graph.project
        self._known: dict[tuple[str, str], _Decorator | None] = {}

    def all(self) -> tuple[GpuFunction, ...]:
        """Every use of the decorator in the files that run, in order."""
        found = [one for file in self._project.running for one in self._of_file(file)]
        return tuple(found)

    def _of_file(self, file: PythonFile) -> Iterator[GpuFunction]:
        for function in file.functions:
            for applied in function.decorator_list:
                decorator = self._decorator(file, applied) if self._may_be(applied) else None
                if decorator is not None:
                    scope = Scope(file, function)
                    yield GpuFunction(file, applied, decorator.settings, decorator.file, scope)
        for call in file.calls:
            found = self._applied_by_call(file, call) if self._may_be(call.func) else None
            if found is not None:
                yield found

    def _may_be(self, node: ast.AST) -> bool:
        """Whether it is worth looking: most names have nothing to do with the decorator."""
        while isinstance(node, ast.Call):
            node = node.func
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
        return name in self._suspects or isinstance(node, ast.IfExp)

    @cached_property
    def _suspects(self) -> frozenset[str]:
        """Names that are given something with `GPU` in it, return it, or import such a name."""
        found = {"GPU"}
        for file in self._project.running:
            if "GPU" in file.text:
                found |= set(_names_given_gpu(file))
        for file in self._project.running:
            for binds, target in file.bound_imports.items():
                if target.rpartition(".")[2] in found:
                    found.add(binds)
        return frozenset(found)

    def _applied_by_call(self, file: PythonFile, call: ast.Call) -> GpuFunction | None:
        """`spaces.GPU(function)`, and `spaces.GPU(duration=60)(function)`."""
        decorator = self._decorator(file, call.func)
        given = call.args[0] if call.args else argument(call, "task")
        if decorator is None or given is None or not self._is_task(file, given):
            return None
        if call in getattr(file.parents.get(call), "decorator_list", ()):
            return None
        scope = self._graph.around(file, call)
        if isinstance(given, ast.Name) and given.id in {one.arg for one in scope.parameters}:
            return None  # a helper hands on what it was given: its users are the uses
        target = self._graph.function(scope, given)
        settings = decorator.settings or (None if isinstance(call.func, ast.Call) else call)
        return GpuFunction(file, call, settings, decorator.file, target)

    def _is_task(self, file: PythonFile, given: ast.expr) -> bool:
        """Whether the first argument is the function, rather than a duration or a size."""
        if isinstance(given, ast.Constant | ast.Starred | ast.BinOp):
            return False
        values = self._graph.values(self._graph.around(file, given), given)
        return not any(isinstance(value, ast.Constant) for _, value in values)

    def _decorator(self, file: PythonFile, node: ast.AST, depth: int = 0) -> _Decorator | None:
        """The decorator that an expression is, or that calling it with arguments makes."""
        if depth > DEEPEST:
            return None
        if isinstance(node, ast.Call):
            return self._made_by_call(file, node, depth)
        if isinstance(node, ast.IfExp | ast.BoolOp):
            options = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            found = (self._decorator(file, one, depth + 1) for one in options)
            return next((one for one in found if one is not None), None)
        name = file.qualified(node)
        if name in _SPELLINGS:
            return _Decorator(None, file)
        if name is None or not isinstance(node, ast.Name | ast.Attribute):
            return None
        return self._named(file, node, name, depth)

    def _made_by_call(self, file: PythonFile, call: ast.Call, depth: int) -> _Decorator | None:
        name = file.qualified(call.func)
        if name == "getattr":
            return self._from_getattr(file, call)
        if name == "functools.partial" and call.args:
            inner = self._decorator(file, call.args[0], depth + 1)
            return _Decorator(call, file) if inner is not None else None
        inner = self._decorator(file, call.func, depth + 1)
        if inner is None:
            return None
        first = call.args[0] if call.args else None
        if first is not None and self._is_task(file, first):
            return None  # it is applied to a function here, and no decorator any more
        return _Decorator(call, file) if inner.settings is None else inner

    @staticmethod
    def _from_getattr(file: PythonFile, call: ast.Call) -> _Decorator | None:
        if len(call.args) < 2 or file.qualified(call.args[0]) != "spaces":
            return None
        attribute = call.args[1]
        is_gpu = isinstance(attribute, ast.Constant) and attribute.value == "GPU"
        return _Decorator(None, file) if is_gpu else None

    def _named(
        self, file: PythonFile, node: ast.Name | ast.Attribute, name: str, depth: int
    ) -> _Decorator | None:
        """A variable that holds the decorator, or a helper of the project that returns it."""
        key = (file.path, name)
        if key not in self._known:
            self._known[key] = None  # what leads back to itself leads nowhere
            self._known[key] = self._followed(file, node, depth)
        return self._known[key]

    def _followed(
        self, file: PythonFile, node: ast.Name | ast.Attribute, depth: int
    ) -> _Decorator | None:
        scope = Scope(file, file.tree)
        for other, value in self._graph.values(scope, node):
            found = self._decorator(other, value, depth + 1)
            if found is not None:
                return found
        function = self._graph.function(scope, node)
        return self._returned(function, depth) if function is not None else None

    def _returned(self, helper: Scope, depth: int) -> _Decorator | None:
        """The decorator that a helper returns or applies to what it is given."""
        for returned in self._graph.scopes(helper.file).owned(helper.node, ast.Return):
            value = returned.value
            if value is None:
                continue
            if isinstance(value, ast.Call):
                inner = self._decorator(helper.file, value.func, depth + 1)
                if inner is not None:
                    return _Decorator(inner.settings or value, inner.file)
            nested = self._graph.function(helper, value)
            if nested is not None and nested != helper and depth < DEEPEST:
                found = self._returned(nested, depth + 1)
            else:
                found = self._decorator(helper.file, value, depth + 1)
            if found is not None:
                return found
        return None


def _names_given_gpu(file: PythonFile) -> Iterator[str]:
    for node in file.nodes(ast.Assign):
        if mentions(file, node, "GPU"):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id
                elif isinstance(target, ast.Attribute):
                    yield target.attr
    for returned in file.nodes(ast.Return):
        if mentions(file, returned, "GPU"):
            for above in file.ancestors(returned):
                if isinstance(above, Function):
                    yield above.name


def decorations(graph: CallGraph) -> tuple[GpuFunction, ...]:
    """Every use of `spaces.GPU` in the files of the project that run."""
    return Decorations(graph).all()
