"""Calls that need the GPU while a model is loaded, taken out: at import there is none.

Moving tensors is emulated there; running a kernel is not. diffusers 0.42.1 runs one to see whether
xformers works (models/attention.py), and a warm-up runs the whole model. `torch.compile` is not
supported on ZeroGPU (hub-docs spaces-zerogpu.md, 2026-08-22).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..edits import replace_spans, source, stands_alone
from ..models import reads_weights
from ..project import Project
from ..python import Function, PythonFile
from ..recipes import StepResult
from ..scopes import Scope
from .app import App
from .planning import guard_of, is_probe
from .statements import removals, statement_of

_WARMS_UP = re.compile(r"^_*warm_?up")
_RUNS = frozenset(
    {"__call__", "forward", "generate", "infer", "inference", "predict", "transcribe"}
)


def leave_out_probes(project: Project) -> StepResult:
    """Take out what would run a kernel at import; say what and why."""
    app = App(project)
    changes, notes = {}, []
    for file in project.running:
        found = {
            statement: why
            for call in file.calls
            for statement, why in _left_out(app, file, call)
            if stands_alone(file, statement)
        }
        if found:
            changes[file.path] = replace_spans(file.text, removals(file, file.tree, [*found]))
            notes += [_note(file, statement, why) for statement, why in found.items()]
    return StepResult(dict(changes), tuple(notes))


def _left_out(app: App, file: PythonFile, call: ast.Call) -> Iterator[tuple[ast.stmt, str]]:
    statement = statement_of(file, call)
    if _compiles_in_place(file, statement, call):
        yield statement, "it is not supported on ZeroGPU, where each worker would compile again"
    elif isinstance(statement, ast.Expr) and statement.value is call:
        scope = app.graph.around(file, call)
        if not _is_for_loading(app, scope, statement):
            return
        if is_probe(call):
            yield statement, "it runs a kernel to try it; torch's own attention saves memory too"
        elif _warms_up(app, scope, call):
            yield statement, "there is no GPU at import, and a worker starts without what it did"


def _compiles_in_place(file: PythonFile, statement: ast.stmt, call: ast.Call) -> bool:
    """`pipe.unet = torch.compile(pipe.unet)`"""
    if file.qualified(call.func) != "torch.compile" or not call.args:
        return False
    if not isinstance(statement, ast.Assign) or statement.value is not call:
        return False
    return [source(file, one) for one in statement.targets] == [source(file, call.args[0])]


def _is_for_loading(app: App, scope: Scope, statement: ast.stmt) -> bool:
    """Whether a statement runs at import, or will when the model is loaded there."""
    if not isinstance(scope.node, Function):
        return scope in app.execution.at_import
    if guard_of(scope.file, scope.node, statement) is not None:
        return True
    if scope in app.handlers or scope in app.execution.gpu_scopes:
        return False
    builds = any(app.builds(scope, one) for one in app.graph.calls(scope))
    return scope in app.execution.at_import or builds


def _warms_up(app: App, scope: Scope, call: ast.Call) -> bool:
    """Whether a call, whose result nobody takes, runs a model that the same scope builds."""
    name = (scope.file.qualified(call.func) or "").rpartition(".")[2]
    if _WARMS_UP.match(name):
        return True
    receiver: ast.AST = call.func
    if isinstance(receiver, ast.Attribute) and receiver.attr in _RUNS:
        receiver = receiver.value
    values = app.graph.values(scope, receiver)
    return any(_is_model(file, value) for file, value in values)


def _is_model(file: PythonFile, value: ast.expr) -> bool:
    while isinstance(value, ast.Call):
        if reads_weights(file, value):
            return True
        if not isinstance(value.func, ast.Attribute):
            return False
        value = value.func.value
    return False


def _note(file: PythonFile, statement: ast.stmt, why: str) -> str:
    shown = " ".join(source(file, statement).split())
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    return f"{file.path}:{statement.lineno}: `{shown}` is left out: {why}"
