"""Calls that write a file whose name is always the same."""

from __future__ import annotations

import ast

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .python import argument
from .scopes import Scope
from .spelling import spelled

_NOWHERE = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})


def fixed_path(graph: CallGraph, scope: Scope, call: ast.Call) -> ast.expr | None:
    """The literal that names the file which a call writes; None when the name may differ."""
    given = _written_path(scope, call)
    literal = _literal(graph, scope, given) if given is not None else None
    text = path_text(literal) if literal is not None else ""
    return literal if _looks_like_file(text) and text not in _NOWHERE else None


def _written_path(scope: Scope, call: ast.Call) -> ast.expr | None:
    facts = gpu_code_facts()
    name = scope.file.qualified(call.func) or ""
    if name in facts.writers:
        position, keyword = facts.writers[name]
        return argument(call, keyword, position)
    if name == "open":
        mode = scope.file.constant(argument(call, "mode", 1))
        writes = isinstance(mode, str) and bool(set(mode) & set("wax"))
        return argument(call, "file", 0) if writes else None
    if isinstance(call.func, ast.Attribute) and call.func.attr in facts.writing_methods:
        return call.args[0] if call.args else None
    return None


def _looks_like_file(text: str) -> bool:
    return "." in text.rpartition("/")[2].strip(".")


def _literal(graph: CallGraph, scope: Scope, node: ast.expr) -> ast.expr | None:
    """The literal a path is, directly or through one variable that is nothing else."""
    if path_text(node):
        return node
    if not isinstance(node, ast.Name) or node.id in {one.arg for one in scope.parameters}:
        return None
    values = list(graph.values(scope, node))
    if len(values) != 1 or values[0][0] is not scope.file or not path_text(values[0][1]):
        return None
    return values[0][1]


def path_text(node: ast.expr) -> str:
    """`"out.png"`, and `os.path.join("outputs", "out.png")`; empty for what is not all literal."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.Call) and node.args and not node.keywords:
        parts = [path_text(part) for part in node.args]
        if spelled(node.func) in {"os.path.join", "Path", "pathlib.Path"} and all(parts):
            return "/".join(parts)
    return ""
