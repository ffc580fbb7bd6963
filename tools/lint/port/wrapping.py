"""Functions around methods that events are bound to.

The arguments of a GPU call are copied to another process, and for a method `self` is one of them,
with the model that it holds. A function that calls the method finds the object there already.
"""

from __future__ import annotations

import ast
import copy

from ..edits import newline_of, offset, replace_spans, span
from ..project import Project
from ..python import Function, PythonFile
from ..recipes import StepResult
from ..scopes import Scope
from .app import App
from .decorating import DECORATOR, works
from .names import BUILTINS, binds
from .statements import method_class


def wrap_methods(project: Project) -> StepResult:
    """Give the next method that is bound to an event and uses the GPU a function around it."""
    app = App(project)
    for handler in app.execution.handlers:
        scope, method = handler.scope, handler.scope.node
        if not isinstance(method, ast.FunctionDef) or scope in app.execution.gpu_scopes:
            continue
        if method_class(scope.file, method) is None or not works(app, scope):
            continue
        text = _wrapped(app, handler.file, handler.node, scope, method)
        if text is not None:
            return StepResult({handler.file.path: text})
    return StepResult()


def _wrapped(
    app: App, file: PythonFile, binding: ast.expr, scope: Scope, method: ast.FunctionDef
) -> str | None:
    """The text of the file that binds the method; None when its object is not made at the top."""
    bound = [
        node
        for node in ast.walk(binding)
        if isinstance(node, ast.Attribute)
        and app.graph.function(app.graph.around(file, node), node) == scope
    ]
    owner = bound[0].value if bound else None
    if not isinstance(owner, ast.Name) or owner.id not in file.module_names:
        return None
    made = next((one for one in file.tree.body if owner.id in binds([one])), None)
    if made is None or made.end_lineno is None:
        return None
    name = _free_name(file, owner.id, method.name)
    if scope.file is not file and not _is_portable(method):
        return None
    newline = newline_of(file.text)
    place = file.text.find("\n", offset(file, made.end_lineno, 0)) + 1 or len(file.text)
    lines = ["", "", *_wrapper(scope.file is file, owner.id, name, method), "", ""]
    changes = {span(file, node): name for node in bound}
    changes[place, _after_blank_lines(file, place)] = newline.join(lines) + newline
    return replace_spans(file.text, changes)


def _free_name(file: PythonFile, owner: str, method: str) -> str:
    """The method's own name, which is what its endpoint is called by, unless it is taken."""
    taken = {node.id for node in file.nodes(ast.Name)} | binds(file.tree.body) | BUILTINS
    name = f"call_{owner}" if method.startswith("__") else method
    while name in taken:
        name += "_on_gpu"
    return name


def _after_blank_lines(file: PythonFile, place: int) -> int:
    while file.text[place : place + 1] in {"\n", "\r"}:
        place += 1
    return place


def _is_portable(method: Function) -> bool:
    """Whether the defaults of a method mean the same in another file."""
    defaults = [*method.args.defaults, *method.args.kw_defaults]
    return all(one is None or isinstance(one, ast.Constant) for one in defaults)


def _wrapper(same_file: bool, owner: str, name: str, method: ast.FunctionDef) -> list[str]:
    given = copy.deepcopy(method.args)
    (given.posonlyargs or given.args).pop(0)
    if not same_file:
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs):
            one.annotation = None
    passed = [one.arg for one in (*given.posonlyargs, *given.args)]
    passed += [f"*{given.vararg.arg}"] if given.vararg else []
    passed += [f"{one.arg}={one.arg}" for one in given.kwonlyargs]
    passed += [f"**{given.kwarg.arg}"] if given.kwarg else []
    call = f"{owner}.{method.name}({', '.join(passed)})"
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(method))
    documentation = (ast.get_docstring(method) or "").partition("\n")[0].replace("\\", "")
    return [
        DECORATOR,
        f"def {name}({ast.unparse(given)}):",
        *([f'    """{documentation}"""'] if documentation.strip('"') else []),
        f"    {'yield from' if yields else 'return'} {call}",
    ]
