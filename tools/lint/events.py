"""The functions of an app that are started from outside: by events, endpoints and routes."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .python import PythonFile
from .scopes import Scope

_ROUTES = frozenset(
    {"get", "post", "put", "patch", "delete", "api_route", "route", "websocket", "head"}
)
_POOL = "ThreadPoolExecutor"


class Kind(enum.Enum):
    """Who starts it."""

    EVENT = "event"
    """Gradio, through its queue."""
    ENDPOINT = "endpoint"
    """Gradio, by `@app.api` of a `gr.Server`."""
    ROUTE = "route"
    """A plain HTTP route."""


@dataclass(frozen=True)
class Handler:
    """A function that is started from outside; `node` is the call or decorator that binds it."""

    kind: Kind
    scope: Scope
    node: ast.expr
    file: PythonFile


def handlers(graph: CallGraph, files: Iterable[PythonFile]) -> tuple[Handler, ...]:
    """The functions of events, endpoints and routes in some files."""
    return tuple(handler for file in files for handler in _of_file(graph, file))


def _of_file(graph: CallGraph, file: PythonFile) -> Iterator[Handler]:
    for function in file.functions:
        for decorator in function.decorator_list:
            kind = _kind_of_decorator(file, decorator)
            if kind is not None:
                yield Handler(kind, Scope(file, function), decorator, file)
    for call in file.calls:
        if _binds_event(file, call):
            scope = graph.around(file, call)
            for given in _given(call):
                target = graph.function(scope, given)
                if target is not None:
                    yield Handler(Kind.EVENT, target, call, file)


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """What may be the function among the arguments: the first ones, and `fn=`."""
    yield from (one for one in call.args[:2] if isinstance(one, ast.Name | ast.Attribute))
    for keyword in call.keywords:
        if keyword.arg in {"fn", "like_user_message", "chat_fn"}:
            yield keyword.value
    yield from (one for one in call.args[:2] if isinstance(one, ast.Lambda))


def _binds_event(file: PythonFile, call: ast.Call) -> bool:
    facts = gpu_code_facts()
    if isinstance(call.func, ast.Attribute) and call.func.attr in facts.event_methods:
        receiver = call.func.value
        return not isinstance(receiver, ast.Name) or receiver.id not in thread_pools(file)
    return file.qualified(call.func) in facts.event_callables


def _kind_of_decorator(file: PythonFile, decorator: ast.expr) -> Kind | None:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(called, ast.Attribute):
        return None
    name = file.qualified(called) or ""
    if called.attr == "api" and name != "gradio.api":
        return Kind.ENDPOINT
    if isinstance(decorator, ast.Call) and called.attr in _ROUTES and _is_path(decorator):
        return Kind.ROUTE
    if called.attr in gpu_code_facts().event_methods or name in {"gradio.on", "gradio.render"}:
        return Kind.EVENT
    return None


def _is_path(decorator: ast.Call) -> bool:
    given = decorator.args[0] if decorator.args else None
    given = given or next((one.value for one in decorator.keywords if one.arg == "path"), None)
    return isinstance(given, ast.Constant) and str(given.value).startswith("/")


def thread_pools(file: PythonFile) -> set[str]:
    """Variables that hold a pool of threads."""
    if _POOL not in file.text:
        return set()
    made = [(item.optional_vars, item.context_expr) for item in file.nodes(ast.withitem)]
    made += [(node.targets[0], node.value) for node in file.nodes(ast.Assign)]
    return {
        target.id
        for target, value in made
        if isinstance(target, ast.Name)
        and isinstance(value, ast.Call)
        and (file.qualified(value.func) or "").endswith(_POOL)
    }
