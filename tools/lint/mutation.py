"""Module-level state that a function changes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from .callgraph import CallGraph
from .scopes import Scope

_CHANGING = frozenset(
    {
        "add",
        "append",
        "clear",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "setdefault",
        "update",
    }
)
_CONTAINERS = frozenset({"collections.defaultdict", "collections.deque", "dict", "list", "set"})
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)


def mutated_globals(graph: CallGraph, scope: Scope) -> Iterator[tuple[int, list[str]]]:
    """The globals that a function changes itself, with the line that says so.

    That is its `global` statement, else the first line that changes one.
    """
    if scope.is_module:
        return
    changes = _changes(graph, scope)
    declared = graph.scopes(scope.file).owned(scope.node, ast.Global)
    for statement in declared:
        names = [name for name in statement.names if name in changes]
        if names:
            yield statement.lineno, names
        for name in statement.names:
            changes.pop(name, None)
    for name, line in changes.items():
        yield line, [name]


def _changes(graph: CallGraph, scope: Scope) -> dict[str, int]:
    """The globals that are changed, with the first line that does it."""
    found: dict[str, list[int]] = defaultdict(list)
    scopes = graph.scopes(scope.file)
    declared = {
        name for statement in scopes.owned(scope.node, ast.Global) for name in statement.names
    }
    for target in _targets(graph, scope):
        if isinstance(target, ast.Name):
            if target.id in declared:
                found[target.id].append(target.lineno)
            continue
        name = _changed_name(target)
        if name is None or _is_local(graph, scope, name):
            continue
        if name in declared or _holds_state(graph, scope, target, name):
            found[name].append(target.lineno)
    return {name: min(lines) for name, lines in found.items()}


def _targets(graph: CallGraph, scope: Scope) -> Iterator[ast.expr]:
    """What a function assigns to, deletes from, or calls a changing method of."""
    scopes = graph.scopes(scope.file)
    for assign in scopes.owned(scope.node, ast.Assign):
        for target in assign.targets:
            yield from target.elts if isinstance(target, ast.Tuple) else [target]
    for augmented in scopes.owned(scope.node, ast.AugAssign):
        yield augmented.target
    for annotated in scopes.owned(scope.node, ast.AnnAssign):
        yield annotated.target
    for call in graph.calls(scope):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            yield call.func


def _changed_name(target: ast.expr) -> str | None:
    """`STATE` of `STATE.model`, `STATE["x"]` and `STATE.append`."""
    inner = target.value if isinstance(target, ast.Attribute | ast.Subscript) else None
    return inner.id if isinstance(inner, ast.Name) else None


def _is_local(graph: CallGraph, scope: Scope, name: str) -> bool:
    scopes = graph.scopes(scope.file)
    is_parameter = name in {one.arg for one in scope.parameters}
    return is_parameter or bool(scopes.values(scope.node, name)) or name in {"self", "cls"}


def _holds_state(graph: CallGraph, scope: Scope, target: ast.expr, name: str) -> bool:
    """Whether a module-level name holds a container, or an object of a class of the project."""
    values = graph.scopes(scope.file).values(scope.file.tree, name)
    if isinstance(target, ast.Attribute) and target.attr not in _CHANGING:
        return any(_is_own_object(graph, scope, value) for value in values)
    return any(_is_container(scope, value) for value in values)


def _is_own_object(graph: CallGraph, scope: Scope, value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    made = graph.class_of_name(Scope(scope.file, scope.file.tree), value.func)
    return made is not None and not made[1].bases


def _is_container(scope: Scope, value: ast.expr) -> bool:
    if isinstance(value, _DISPLAYS):
        return True
    return isinstance(value, ast.Call) and scope.file.qualified(value.func) in _CONTAINERS
