"""A decorated function for an app that computes nothing on a GPU.

ZeroGPU stops a Space in which nothing is decorated. One that nobody calls is enough (spaces 0.51.3
zero/__init__.py, measured 2026-11-22), and costs no visitor any quota.
"""

from __future__ import annotations

import ast

from ...knowledge.gpu_code import gpu_code_facts
from ..edits import newline_of, replace_spans
from ..gpu import GPU
from ..project import Project
from ..python import PythonFile
from ..recipes import StepResult
from .app import App
from .names import BUILTINS, binds
from .statements import first_character
from .uses import uses_gpu

_NAME = "never_called"
_TEXT = f"""# ZeroGPU stops a Space at startup in which no function is decorated. This app needs no
# GPU, so nobody calls this one; on cpu-basic it is not needed.
@{GPU}
def {_NAME}() -> None:
    \"\"\"Stand in for a function that uses the GPU.\"\"\"
"""


def decorate_something(project: Project) -> StepResult:
    """Add a function that is decorated and never called, where nothing seems to use the GPU."""
    file = project.app
    if file is None or file.syntax_error is not None or not file.method_calls("launch"):
        return StepResult()
    app = App(project)
    if app.execution.decorated or any(uses_gpu(app, scope) for scope in app.at_events):
        return StepResult()
    if any(map(_may_use_gpu, project.running)):
        note = "no function that uses the GPU was found; decorate the one that does"
        return StepResult({}, (note,))
    note = (
        "nothing in the app was seen to use a GPU, so it got a decorated function that nobody "
        "calls; decorate what does use one, or take cpu-basic, which needs none"
    )
    return StepResult({file.path: _with_function(file)}, (note,))


def _may_use_gpu(file: PythonFile) -> bool:
    """Whether a file imports torch or a package that does, or runs code that is not seen."""
    packages = {one.module.partition(".")[0] for one in file.imports if not one.level}
    hidden = file.calls_to("exec", "eval", "runpy.run_path", "importlib.import_module")
    return bool(packages & gpu_code_facts().torch_packages) or bool(hidden)


def _with_function(file: PythonFile) -> str:
    newline = newline_of(file.text)
    taken = binds(file.tree.body) | BUILTINS | {node.id for node in file.nodes(ast.Name)}
    name = _NAME
    while name in taken:
        name += "_"
    text = _TEXT.replace(_NAME, name).replace("\n", newline)
    after = next((one for one in file.tree.body if not _is_head(one)), None)
    start = first_character(file, after) if after is not None else len(file.text)
    above = file.text[:start]
    gap = 0 if not above.strip() else 2 - (len(above) - len(above.rstrip()) - 1) // len(newline)
    return replace_spans(file.text, {(start, start): f"{newline * max(0, gap)}{text}{newline * 2}"})


def _is_head(statement: ast.stmt) -> bool:
    """Whether a statement is one of the imports or the docstring that a file begins with."""
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or isinstance(statement, ast.Import | ast.ImportFrom)
