"""The functions that use the GPU, and the decorator that gets them one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..edits import indentation, newline_of, offset, replace_spans
from ..gpu import GPU
from ..project import Project
from ..python import Function, PythonFile
from ..recipes import StepResult
from ..scopes import Scope
from .app import App
from .statements import method_class
from .uses import uses_gpu

DECORATOR = "@spaces.GPU(duration=60)"
"""The default, spelled out because it is what a visitor's quota is asked for."""


def decorate(project: Project) -> StepResult:
    """Decorate the next function that needs it; run again until none does."""
    app = App(project)
    notes = []
    for scope in _wanting(app):
        function = scope.node
        reason = _obstacle(app, scope)
        if reason is None and isinstance(function, Function):
            return StepResult({scope.file.path: _decorated(scope.file, function)})
        notes.append(f"{scope.file.path}:{scope.line}: `{scope.name}` uses the GPU but {reason}")
    return StepResult({}, tuple(notes))


def _wanting(app: App) -> Iterator[Scope]:
    """The functions to decorate, undecorated ones only: the handler that computes itself or asks
    several others, else the one that it asks.
    """
    working = {scope for scope in app.at_events if uses_gpu(app, scope)}
    decorated = set(app.execution.gpu_scopes)
    reached = set(app.execution.worker)
    seen: set[Scope] = set()
    for handler in sorted(app.handlers or working, key=lambda one: (one.file.path, one.line)):
        if handler in decorated or handler in reached:
            continue
        for chosen in _chosen(app, handler, working, decorated):
            if chosen not in seen and chosen not in reached:
                seen.add(chosen)
                yield chosen


def _chosen(app: App, handler: Scope, working: set[Scope], decorated: set[Scope]) -> list[Scope]:
    if handler in working:
        return [handler]
    inner = _first_working(app, handler, working, decorated)
    if len(inner) == 1 and _obstacle(app, inner[0]) is not None and _obstacle(app, handler) is None:
        return [handler]
    many = len(inner) > 1 and _obstacle(app, handler) is None
    return [handler] if many else inner


def works(app: App, scope: Scope) -> bool:
    """Whether a function uses the GPU, itself or through what it calls."""
    working = {one for one in app.at_events if uses_gpu(app, one)}
    return scope in working or bool(_first_working(app, scope, working, set()))


def _first_working(
    app: App, start: Scope, working: set[Scope], decorated: set[Scope]
) -> list[Scope]:
    """The functions that use the GPU, found on the way down from a handler."""
    found: list[Scope] = []
    seen, waiting = {start}, [start]
    while waiting:
        scope = waiting.pop(0)
        for edge in app.graph.edges(scope):
            if edge.target in seen or edge.target in decorated:
                continue
            seen.add(edge.target)
            if edge.target in working:
                found.append(edge.target)
            else:
                waiting.append(edge.target)
    return found


def _obstacle(app: App, scope: Scope) -> str | None:
    """Why a function cannot carry the decorator, or None."""
    if not isinstance(scope.node, Function):
        return "it is a lambda; write a function"
    if isinstance(scope.node, ast.AsyncFunctionDef):
        return "it is `async`; move the work into a plain function"
    if method_class(scope.file, scope.node) is not None:
        return (
            "it is a method, whose object would be copied with its model; call it from a function"
        )
    for parameter in scope.parameters:
        named = scope.file.qualified(parameter.annotation) if parameter.annotation else None
        if named == "gradio.SelectData":
            return "it takes `gr.SelectData`; move the work into a function of its own"
    if scope.file.function_around(scope.node) is not None and scope not in app.execution.at_import:
        around = app.graph.around(scope.file, scope.node)
        if around not in app.execution.at_import:
            return "it is made anew for each call; move it to the top of the module"
    return None


def _decorated(file: PythonFile, function: Function) -> str:
    """The file's text with the decorator below those that bind events, above all others."""
    binding = [one for one in function.decorator_list if _binds(file, one)]
    below = [one for one in function.decorator_list if one not in binding]
    line = below[0].lineno if below else function.lineno
    place = offset(file, line, 0)
    text = f"{indentation(file, function)}{DECORATOR}{newline_of(file.text)}"
    return replace_spans(file.text, {(place, place): text})


def _binds(file: PythonFile, decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = file.qualified(called) or ""
    torch = name.startswith(("torch.", "functools.", "contextlib."))
    return isinstance(called, ast.Attribute) and not torch and name != GPU
