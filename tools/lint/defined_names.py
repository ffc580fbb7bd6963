"""What can be imported from a module of the project, or that it cannot be told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .python import Function, PythonFile

_DYNAMIC = re.compile(
    r"globals\(\)|setattr\(\s*sys\.modules|__getattr__|\bexec\(|\bvars\(\)|import_module"
)


def defined_names(file: PythonFile) -> set[str] | None:
    """The names at the top level of a module; None when they may be more than can be seen."""
    if file.syntax_error is not None or _DYNAMIC.search(file.text):
        return None
    if any(one.target.endswith("*") for one in file.imports):
        return None
    names = {one.binds for one in file.imports}
    names |= {"__name__", "__file__", "__doc__", "__path__", "__spec__", "__version__"}
    for node in file.tree.body:
        names |= set(_of_statement(node))
    names |= {
        one.target.id for one in file.nodes(ast.NamedExpr) if isinstance(one.target, ast.Name)
    }
    for shared in file.nodes(ast.Global):
        names |= set(shared.names)
    return names


def _of_statement(node: ast.stmt) -> Iterator[str]:
    """The names that a statement binds, also in its branches; not those of function bodies."""
    if isinstance(node, Function | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _of_target(target)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor):
        yield from _of_target(node.target)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _of_target(item.optional_vars)
    elif hasattr(ast, "TypeAlias") and isinstance(node, ast.TypeAlias):
        yield from _of_target(node.name)
    for inner in _blocks(node):
        yield from _of_statement(inner)


def _blocks(node: ast.stmt) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(node, name, ())
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from part.body


def _of_target(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Starred):
        yield from _of_target(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _of_target(element)
