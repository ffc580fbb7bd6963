"""Which functions use the GPU: they call a model, or put something on the device."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from ..devices import placements, places_on_cuda
from ..models import builds_model
from ..python import Function, PythonFile
from ..scopes import Scope
from .app import App

DEEPEST = 4
"""Names that are followed to the place where a model is built."""
_NOT_A_USE = frozenset({"to", "cuda", "cpu", "eval", "half", "float", "decode", "batch_decode"})


def uses_gpu(app: App, scope: Scope) -> bool:
    """Whether a function itself calls a model, or puts something on the GPU."""
    if any(True for _ in placements(app.graph, scope)):
        return True
    return any(_calls_model(app, scope, call) for call in app.graph.calls(scope))


def _calls_model(app: App, scope: Scope, call: ast.Call) -> bool:
    """`pipe(...)`, `model.generate(...)`, `self.pipe(...)`, where a builder made the model."""
    if app.graph.callee(scope, call.func) is not None:
        return False  # the project's own function is looked at itself
    if isinstance(call.func, ast.Attribute) and call.func.attr in _NOT_A_USE:
        return False
    receiver: ast.AST = call.func
    while isinstance(receiver, ast.Attribute | ast.Subscript):
        if _is_model(app, scope, receiver):
            return True
        receiver = receiver.value
    if isinstance(receiver, ast.Name):
        return _is_model(app, scope, receiver)
    return isinstance(receiver, ast.Call) and _gives_model(app, scope.file, receiver, 0)


def _is_model(app: App, scope: Scope, expression: ast.AST, depth: int = 0) -> bool:
    """Whether a name or attribute holds a model, as far as assignments and placements tell."""
    if _is_placed_at_import(app, scope.file, expression):
        return True
    return depth <= DEEPEST and any(
        _gives_model(app, file, value, depth + 1)
        for file, value in app.graph.values(scope, expression)
    )


def _is_placed_at_import(app: App, file: PythonFile, expression: ast.AST) -> bool:
    """Whether code at import fills a net, or puts it on the GPU, under this very name."""
    for call in file.method_calls("to", "cuda", "load_state_dict"):
        scope = app.graph.around(file, call)
        if scope not in app.execution.at_import or not isinstance(call.func, ast.Attribute):
            continue
        if ast.dump(call.func.value) == ast.dump(expression):
            return call.func.attr == "load_state_dict" or places_on_cuda(app.graph, scope, call)
    return False


def _gives_model(app: App, file: PythonFile, value: ast.AST, depth: int) -> bool:
    """Whether an expression is a model: built there, handed out by a function, or kept with others
    in a list.
    """
    while isinstance(value, ast.Call):
        scope = app.graph.around(file, value)
        if builds_model(app.graph, scope, value) or _is_handed_out(app, scope, value, depth):
            return True
        if not isinstance(value.func, ast.Attribute):
            return False
        value = value.func.value
    if isinstance(value, ast.Name | ast.Attribute):
        return _is_model(app, app.graph.around(file, value), value, depth)
    return any(_gives_model(app, file, part, depth) for part in _parts(value))


def _parts(value: ast.AST) -> Iterable[ast.expr]:
    if isinstance(value, ast.Tuple | ast.List):
        return value.elts
    return value.values if isinstance(value, ast.Dict) else ()


def _is_handed_out(app: App, scope: Scope, call: ast.Call, depth: int) -> bool:
    """Whether a function of the project returns a model that it builds or that is there."""
    target = app.graph.function(scope, call.func)
    if target is None or not isinstance(target.node, Function) or depth > DEEPEST:
        return False
    if app.gives_model(target):
        return True
    returns = app.graph.scopes(target.file).owned(target.node, ast.Return)
    return any(
        _is_model(app, target, part, depth + 1)
        for one in returns
        for part in (one.value, *_parts(one.value or one))
        if isinstance(part, ast.Name | ast.Attribute)
    )
