"""What cannot cross from one process to another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .scopes import Scope

DEEPEST = 3
"""Names that are followed to a value."""


def results(graph: CallGraph, scope: Scope) -> Iterator[ast.expr]:
    """What a function returns or yields, the parts of a tuple one by one."""
    scopes = graph.scopes(scope.file)
    given: list[ast.expr | None] = [one.value for one in scopes.owned(scope.node, ast.Return)]
    given += [one.value for one in scopes.owned(scope.node, ast.Yield)]
    for value in given:
        if isinstance(value, ast.Tuple | ast.List):
            yield from value.elts
        elif value is not None:
            yield value


def why_not_pickled(graph: CallGraph, scope: Scope, value: ast.expr, depth: int = 0) -> str | None:
    """What pickle refuses in an expression, in words; None when nothing is known against it."""
    if isinstance(value, ast.Lambda):
        return "a lambda"
    if isinstance(value, ast.GeneratorExp):
        return "a generator"
    if isinstance(value, ast.Call):
        return _result_of(graph, scope, value)
    if isinstance(value, ast.Name) and depth < DEEPEST:
        return _named(graph, scope, value, depth)
    return None


def _result_of(graph: CallGraph, scope: Scope, call: ast.Call) -> str | None:
    name = scope.file.qualified(call.func)
    if name in gpu_code_facts().unpicklable:
        return f"what `{name}` makes"
    made = graph.class_of_name(scope, call.func)
    if made is not None and not graph.around(*made).is_module:
        return f"an object of the class `{made[1].name}`, which is defined inside a function"
    return None


def _named(graph: CallGraph, scope: Scope, name: ast.Name, depth: int) -> str | None:
    function = graph.function(scope, name)
    if function is not None:
        is_inner = not graph.around(function.file, function.node).is_module
        return f"the inner function `{name.id}`" if is_inner else None
    values = list(graph.values(scope, name))
    if len(values) != 1:
        return None
    file, value = values[0]
    return why_not_pickled(graph, graph.around(file, value), value, depth + 1)
