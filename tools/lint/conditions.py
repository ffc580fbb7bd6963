"""Whether code that is reached really runs: what stands between a node and its scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .execution import Execution, Reached
from .python import PythonFile
from .scopes import Scope
from .spelling import mentions

_ALWAYS_TRUE = ("is_available", "__main__", "IS_ZERO", "ZERO_GPU", "ZEROGPU")
_CACHES = frozenset({"functools.cache", "functools.lru_cache", "cache", "lru_cache"})


def conditions(file: PythonFile, node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """The `if`, `try` and `while` that a node stands in, up to its scope, from the inside out."""
    for above in file.ancestors(node):
        if above is scope.node:
            return
        if isinstance(above, ast.If | ast.IfExp | ast.Try | ast.While | ast.ExceptHandler):
            yield above


def is_certain(file: PythonFile, node: ast.AST, scope: Scope) -> bool:
    """Whether a scope always runs a node. Tests that are true on ZeroGPU do not count."""
    return all(_is_true(file, one) for one in conditions(file, node, scope))


def _is_true(file: PythonFile, condition: ast.AST) -> bool:
    if not isinstance(condition, ast.If | ast.IfExp):
        return False
    test = condition.test
    return mentions(file, test, *_ALWAYS_TRUE) and not mentions(file, test, " not ")


def is_guarded(file: PythonFile, node: ast.AST) -> bool:
    """Whether a failure at a node is caught."""
    below = node
    for above in file.ancestors(node):
        if isinstance(above, ast.Try) and below in above.body and above.handlers:
            return True
        below = above
    return False


def runs_on_each_call(model: Execution, reached: Reached, scope: Scope, node: ast.AST) -> bool:
    """Whether a node runs whenever the place is entered that its scope is reached from.

    False when a condition, a cache or an earlier return is on the way.
    """
    seen = 0
    at: ast.AST | None = node
    while at is not None:
        if not is_certain(scope.file, at, scope) or _returns_before(model, scope, at):
            return False
        if _is_cached(scope):
            return False
        step = reached[scope]
        if step.caller is None or seen > len(reached):
            return True
        scope, at, seen = step.caller, step.call, seen + 1
    return True


def _is_cached(scope: Scope) -> bool:
    for decorator in getattr(scope.node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if scope.file.qualified(called) in _CACHES:
            return True
    return False


def _returns_before(model: Execution, scope: Scope, node: ast.AST) -> bool:
    """Whether an earlier `return` under a condition may leave the scope first."""
    line = getattr(node, "lineno", 0)
    returns = model.graph.scopes(scope.file).owned(scope.node, ast.Return)
    return any(one.lineno < line and any(conditions(scope.file, one, scope)) for one in returns)
