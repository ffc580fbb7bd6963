"""What statements bind: the targets of assignments, loops and `with`, each with its value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .python import Function, PythonFile


def bound(file: PythonFile) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Every target of a binding statement with its value, or None where it is one of many."""
    for assign in file.nodes(ast.Assign):
        for target in assign.targets:
            yield target, assign.value
    for annotated in file.nodes(ast.AnnAssign):
        if annotated.value is not None:
            yield annotated.target, annotated.value
    for named in file.nodes(ast.NamedExpr):
        yield named.target, named.value
    for item in file.nodes(ast.withitem):
        if item.optional_vars is not None:
            yield item.optional_vars, item.context_expr
    yield from ((loop.target, None) for loop in file.nodes(ast.For))
    yield from ((loop.target, None) for loop in file.nodes(ast.comprehension))


def pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    """The names in a target, each with its part of the value: `a, b = 1, 2`."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Starred):
        yield from pairs(target.value, None)
    elif isinstance(target, ast.Tuple | ast.List):
        parts: list[ast.expr | None] = [None] * len(target.elts)
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts):
            parts = [*value.elts]
        for element, part in zip(target.elts, parts, strict=True):
            yield from pairs(element, part)


def parameters(function: Function) -> list[ast.arg]:
    """Every parameter of a function, starred ones included."""
    given = function.args
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *starred]
