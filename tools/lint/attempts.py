"""Code that is prepared for something to be missing: it is tried, or a version is asked first."""

from __future__ import annotations

import ast
import re

from .python import PythonFile

_ASKS = re.compile(r"version|hasattr|signature|getattr|find_spec|is_available|TYPE_CHECKING", re.I)
_MISSING = frozenset({"TypeError", "AttributeError", "ImportError", "ModuleNotFoundError"})
_ANYTHING = frozenset({"Exception", "BaseException"})


def is_prepared(file: PythonFile, node: ast.AST) -> bool:
    """Whether a failure at a node seems expected, so that saying it fails would be wrong.

    That is a `try` that catches what a missing name raises, one that catches anything and then
    tries something alike, and a branch that depends on a version or on what there is.
    """
    below = node
    for above in file.ancestors(node):
        if isinstance(above, ast.Try):
            if below not in above.finalbody and _expects(file, above, node):
                return True
        elif isinstance(above, ast.If | ast.IfExp) and _asks(above, below):
            return True
        below = above
    return False


def _asks(branch: ast.If | ast.IfExp, below: ast.AST) -> bool:
    return below is not branch.test and _ASKS.search(ast.unparse(branch.test)) is not None


def _expects(file: PythonFile, attempt: ast.Try, node: ast.AST) -> bool:
    caught = {name for handler in attempt.handlers for name in _caught(file, handler)}
    if caught & _MISSING:
        return True
    return bool(caught & _ANYTHING) and _again(attempt, node)


def _caught(file: PythonFile, handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {(file.qualified(part) or "").rpartition(".")[2] for part in parts}


def _again(attempt: ast.Try, node: ast.AST) -> bool:
    """Whether a handler names what failed, as one does that tries another way."""
    name = _last_name(node)
    if name is None:
        return False
    text = "\n".join(ast.unparse(line) for handler in attempt.handlers for line in handler.body)
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _last_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
