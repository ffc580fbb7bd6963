"""Who calls whom among the functions of a project, as far as names tell.

Followed are names of functions and classes through imports, methods by `self` and by the class that
a variable was made of, and functions that are handed to somebody as an argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from .project import Project
from .python import Function, PythonFile
from .scopes import Scope, Scopes

_CALLED = ("__call__", "forward")
MOST_BASES = 5
"""Classes that are looked through for an inherited method."""


@dataclass(frozen=True)
class Edge:
    """A call of one scope to another; `handed` when the function is only given as an argument."""

    call: ast.Call
    target: Scope
    handed: bool = False


ClassIn = tuple[PythonFile, ast.ClassDef]
Definition = tuple[PythonFile, Function | ast.ClassDef]


class CallGraph:
    """The calls of a project, resolved when they are asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._scopes: dict[str, Scopes] = {}
        self._edges: dict[Scope, list[Edge]] = {}
        self._definitions: dict[tuple[str, str], Definition | None] = {}

    def scopes(self, file: PythonFile) -> Scopes:
        """The scopes of a file."""
        if file.path not in self._scopes:
            self._scopes[file.path] = Scopes(file)
        return self._scopes[file.path]

    def around(self, file: PythonFile, node: ast.AST) -> Scope:
        """The scope that runs a node."""
        return Scope(file, self.scopes(file).around(node))

    def calls(self, scope: Scope) -> list[ast.Call]:
        """The calls that a scope makes itself."""
        return self.scopes(scope.file).owned(scope.node, ast.Call)

    def edges(self, scope: Scope) -> list[Edge]:
        """The calls of a scope that reach code of the project."""
        if scope not in self._edges:
            self._edges[scope] = [
                edge for call in self.calls(scope) for edge in self._edges_of(scope, call)
            ]
        return self._edges[scope]

    def _edges_of(self, scope: Scope, call: ast.Call) -> Iterator[Edge]:
        target = self.callee(scope, call.func)
        if target is not None:
            yield Edge(call, target)
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(value, ast.Name | ast.Attribute | ast.Lambda):
                handed = self.function(scope, value)
                if handed is not None:
                    yield Edge(call, handed, handed=True)

    def function(self, scope: Scope, expression: ast.AST) -> Scope | None:
        """The function of the project that an expression names."""
        if isinstance(expression, ast.Lambda):
            return Scope(scope.file, expression)
        found = self.definition(scope, expression)
        if found is not None and isinstance(found[1], Function):
            return Scope(found[0], found[1])
        return None

    def callee(self, scope: Scope, expression: ast.AST) -> Scope | None:
        """The scope that runs when an expression is called: a function, a class's `__init__`."""
        function = self.function(scope, expression)
        if function is not None:
            return function
        made = self.class_of_name(scope, expression)
        if made is not None:
            return self.method(made, "__init__")
        instance = self.class_of_value(scope, expression)
        if instance is None:
            return None
        methods = (self.method(instance, name) for name in _CALLED)
        return next((found for found in methods if found is not None), None)

    def definition(self, scope: Scope, expression: ast.AST) -> Definition | None:
        """The function, method or class of the project that an expression names."""
        if isinstance(expression, ast.Attribute):
            method = self._method_named(scope, expression)
            if method is not None:
                return method.file, method.node  # type: ignore[return-value] # a method is a `def`
        return self._named(scope, expression)

    def _named(self, scope: Scope, expression: ast.AST) -> Definition | None:
        """A function or class by its name alone: its own, an outer scope's, or an imported one."""
        root = expression
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return None
        local = self.scopes(scope.file).defined(scope.node, root.id)
        if local is not None and root is expression:
            return scope.file, local
        if local is None and root.id not in scope.file.bound_imports:
            return None
        return self._imported(scope.file, scope.file.qualified(expression) or "")

    def _imported(self, file: PythonFile, name: str) -> Definition | None:
        first = name.partition(".")[0]
        if first and first not in self._own_names and first not in self._top_names(file):
            return None
        if (file.path, name) not in self._definitions:
            self._definitions[file.path, name] = self.project.definition(file, name)
        return self._definitions[file.path, name]

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """Names that the project's modules and packages can go by."""
        found = set()
        for path in self.project.paths:
            if path.endswith(".py"):
                found.update(path.removesuffix(".py").split("/"))
        return frozenset(found)

    def _top_names(self, file: PythonFile) -> set[str]:
        return {name for scope, name in self.scopes(file).definitions if scope is file.tree}

    def _method_named(self, scope: Scope, expression: ast.Attribute) -> Scope | None:
        receiver = expression.value
        if isinstance(receiver, ast.Name) and receiver.id in {"self", "cls"}:
            around = scope.file.class_around(expression)
            return self.method((scope.file, around), expression.attr) if around else None
        instance = self.class_of_value(scope, receiver)
        return self.method(instance, expression.attr) if instance is not None else None

    def class_of_name(self, scope: Scope, expression: ast.AST) -> ClassIn | None:
        """The class of the project that an expression names."""
        found = self._named(scope, expression)
        if found is not None and isinstance(found[1], ast.ClassDef):
            return found[0], found[1]
        return None

    def class_of_value(self, scope: Scope, expression: ast.AST) -> ClassIn | None:
        """The class of the project that a variable is an instance of, by what it is assigned."""
        for file, value in self.values(scope, expression):
            if isinstance(value, ast.Call):
                made = self.class_of_name(self.around(file, value), value.func)
                if made is not None:
                    return made
        return None

    def values(self, scope: Scope, expression: ast.AST) -> Iterable[tuple[PythonFile, ast.expr]]:
        """What a variable is assigned: in its scope, in those around it, or where it is imported
        from; `self.x` in its class.
        """
        if isinstance(expression, ast.Name):
            return self._values_of_name(scope, expression.id)
        if isinstance(expression, ast.Attribute):
            return self._values_of_attribute(scope, expression)
        return ()

    def _values_of_name(self, scope: Scope, name: str) -> list[tuple[PythonFile, ast.expr]]:
        scopes = self.scopes(scope.file)
        looked = scope.node
        while True:
            found = scopes.values(looked, name)
            if found:
                return [(scope.file, value) for value in found]
            if isinstance(looked, ast.Module):
                break
            looked = scopes.around(looked)
        return self._imported_values(scope.file, scope.file.bound_imports.get(name))

    def _values_of_attribute(
        self, scope: Scope, expression: ast.Attribute
    ) -> list[tuple[PythonFile, ast.expr]]:
        receiver = expression.value
        if isinstance(receiver, ast.Name) and receiver.id == "self":
            around = scope.file.class_around(expression)
            assigned = self.scopes(scope.file).attributes.get((around, expression.attr), [])
            return [(scope.file, value) for value in assigned]
        return self._imported_values(scope.file, scope.file.qualified(expression))

    def _imported_values(
        self, file: PythonFile, name: str | None
    ) -> list[tuple[PythonFile, ast.expr]]:
        """Values of a name in the module of the project that its qualified name points to."""
        if name is None or "." not in name.lstrip("."):
            return []
        level = len(name) - len(name.lstrip("."))
        module, _, last = name.lstrip(".").rpartition(".")
        other = self.project.module_file(module, importer=file, level=level)
        if other is None or other.path == file.path:
            return []
        return [(other, value) for value in self.scopes(other).values(other.tree, last)]

    def method(self, found: ClassIn, name: str, depth: int = 0) -> Scope | None:
        """A method of a class or of a base of it in the project."""
        file, definition = found
        for statement in definition.body:
            if isinstance(statement, Function) and statement.name == name:
                return Scope(file, statement)
        for base in definition.bases if depth < MOST_BASES else ():
            above = self.class_of_name(self.around(file, definition), base)
            inherited = self.method(above, name, depth + 1) if above is not None else None
            if inherited is not None:
                return inherited
        return None
