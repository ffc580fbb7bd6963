"""Values that visitors of an app decide: arguments of its handlers, and what is made of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .callgraph import CallGraph
from .execution import execution_of
from .project import Project
from .python import PythonFile
from .scopes import Scope

_HARMLESS = frozenset(
    {"int", "float", "bool", "len", "shlex.quote", "ast.literal_eval", "isinstance", "hash", "hex"}
)
DEEPEST = 3
"""Calls that are followed from a handler."""


@dataclass(frozen=True, eq=False)
class Visited:
    """A scope, and the names in it whose values a visitor decides."""

    scope: Scope
    names: frozenset[str]
    assignments: Sequence[ast.Assign | ast.AnnAssign]

    def reaches(self, node: ast.AST | None) -> str | None:
        """The visitor's name that an expression contains as it is, not made harmless."""
        if node is None:
            return None
        used = _names_in(self.scope.file, node, self.names)
        return next((name for name in used if not self._is_replaced(name, node)), None)

    def _is_replaced(self, name: str, node: ast.AST) -> bool:
        """Whether the last value that the name got before a node is not the visitor's."""
        line = getattr(node, "lineno", 0)
        values = [
            one.value
            for one in self.assignments
            if one.lineno < line and name in _targets(one) and one.value is not None
        ]
        return bool(values) and not any(_names_in(self.scope.file, values[-1], self.names))


def visited(project: Project) -> tuple[Visited, ...]:
    """Every scope of the running files that gets something from a visitor."""
    return project.once(_all)


def calls_with_input(project: Project) -> Iterator[tuple[Visited, ast.Call]]:
    """The calls in such scopes."""
    graph = execution_of(project).graph
    for one in visited(project):
        for call in graph.calls(one.scope):
            yield one, call


def _all(project: Project) -> tuple[Visited, ...]:
    execution = execution_of(project)
    found: dict[Scope, frozenset[str]] = {}
    waiting = [
        (handler.scope, frozenset(_open_parameters(handler.scope)), 0)
        for handler in execution.handlers
    ]
    while waiting:
        scope, names, depth = waiting.pop(0)
        if not names or names <= found.get(scope, frozenset()):
            continue
        assignments = _assignments(execution.graph, scope)
        names = _with_assigned(scope, assignments, names | found.get(scope, frozenset()))
        found[scope] = names
        if depth < DEEPEST:
            for edge in execution.graph.edges(scope):
                passed = _passed(scope.file, edge.call, edge.target, names)
                waiting.append((edge.target, passed, depth + 1))
    return tuple(
        Visited(scope, names, _assignments(execution.graph, scope))
        for scope, names in found.items()
    )


def _open_parameters(scope: Scope) -> Iterator[str]:
    """Parameters that come from the page: not those that Gradio fills in by their annotation."""
    for parameter in scope.parameters:
        annotation = ast.unparse(parameter.annotation) if parameter.annotation else ""
        if not any(word in annotation for word in ("Request", "OAuth", "Progress", "Header")):
            yield parameter.arg


def _with_assigned(
    scope: Scope, assignments: Sequence[ast.Assign | ast.AnnAssign], names: frozenset[str]
) -> frozenset[str]:
    """With the names that get a value made of them: `path = file.name`."""
    known = set(names)
    for node in assignments:
        value = node.value
        if value is not None and next(_names_in(scope.file, value, known), None):
            known |= _targets(node)
    return frozenset(known)


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {one.id for one in targets if isinstance(one, ast.Name)}


def _assignments(graph: CallGraph, scope: Scope) -> list[ast.Assign | ast.AnnAssign]:
    """The assignments that a scope makes itself, in source order."""
    scopes = graph.scopes(scope.file)
    own: list[ast.Assign | ast.AnnAssign] = [
        *scopes.owned(scope.node, ast.Assign),
        *scopes.owned(scope.node, ast.AnnAssign),
    ]
    return sorted(own, key=lambda node: node.lineno)


def _passed(
    file: PythonFile, call: ast.Call, target: Scope, names: frozenset[str]
) -> frozenset[str]:
    """The parameters of a function that get a visitor's value from a call."""
    parameters = [one.arg for one in target.parameters]
    pairs = [*zip(parameters, call.args, strict=False)]
    pairs += [(one.arg, one.value) for one in call.keywords if one.arg in parameters and one.arg]
    return frozenset(name for name, value in pairs if next(_names_in(file, value, names), None))


def _names_in(file: PythonFile, node: ast.AST, names: frozenset[str] | set[str]) -> Iterator[str]:
    """The given names that a value is made of; comparisons and harmless calls hide them."""
    if isinstance(node, ast.Name):
        if node.id in names:
            yield node.id
        return
    if isinstance(node, ast.Compare | ast.Lambda | ast.Constant):
        return
    if isinstance(node, ast.Call):
        called = file.qualified(node.func) or ""
        if called in _HARMLESS:
            return
        # What an unknown function returns is its own; text and paths stay what they are.
        is_method = isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPS
        if called not in _PASSES and not is_method:
            return
    for child in ast.iter_child_nodes(node):
        yield from _names_in(file, child, names)


_PASSES = frozenset(
    {"str", "os.path.join", "pathlib.Path", "open", "io.BytesIO", "os.fspath", "re.sub"}
)
_KEEPS = frozenset({"format", "strip", "replace", "join", "lower", "upper", "encode", "decode"})
