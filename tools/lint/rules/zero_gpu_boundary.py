"""ZeroGPU: what crosses between the main process and a worker is pickled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ..execution import Execution, execution_of
from ..finding import Hit, Severity
from ..pickling import results, why_not_pickled
from ..project import Project
from ..rule import on_zero_gpu, rule
from ..scopes import Scope
from ..tensors import is_on_gpu

_RUN = "spaces 0.51.3 zero/wrappers.py, run 2026-11-22"


@rule(
    "ZG_CUDA_RETURN",
    Severity.WARNING,
    "a tensor on the GPU is returned",
    source="spaces 0.51.3 zero/wrappers.py; huggingface/skills huggingface-spaces (2026-08)",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def cuda_return(project: Project) -> Iterator[Hit]:
    """Results are pickled in the worker and unpickled in the main process, which has no GPU to put
    the tensor on; the call then fails or hangs. Return it with `.cpu()`.
    """
    model = execution_of(project)
    for scope, gpu in model.gpu_scopes.items():
        for value in results(model.graph, scope):
            if is_on_gpu(model.graph, scope, value):
                message = (
                    f"`{gpu.name}` returns a tensor that is on the GPU, which the main process "
                    "cannot unpickle; return `.cpu()` of it"
                )
                yield Hit(scope.file.path, value.lineno, message)


@rule(
    "ZG_UNPICKLABLE",
    Severity.ERROR,
    "something crosses to or from a worker that cannot be pickled",
    source=_RUN,
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def unpicklable(project: Project) -> Iterator[Hit]:
    """Arguments and results of a GPU function cross a process boundary by pickle. Functions without
    a name of their own in a module, locks, threads, generators and open files cannot cross: the
    visitor sees "PicklingError" or only that something went wrong.
    """
    model = execution_of(project)
    for scope, gpu in model.gpu_scopes.items():
        for value in results(model.graph, scope):
            reason = why_not_pickled(model.graph, scope, value)
            if reason:
                message = f"`{gpu.name}` returns {reason}, which cannot be pickled"
                yield Hit(scope.file.path, value.lineno, message)
    for caller, call, gpu in model.calls_of_gpu():
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            reason = why_not_pickled(model.graph, caller, value)
            if reason:
                message = f"`{gpu.name}` is given {reason}, which cannot be pickled for the worker"
                yield Hit(caller.file.path, value.lineno, message)


@rule(
    "ZG_SELECT_DATA",
    Severity.ERROR,
    "data of an event is handed to a GPU function",
    source="gradio 6.31.0 (SelectData refers to its component), run 2026-11-23",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def select_data(project: Project) -> Iterator[Hit]:
    """Data of an event refers to the component it came from, and no component can be pickled. Take
    what is needed (`evt.index`, `evt.value`) in a plain function and hand only that on.
    """
    model = execution_of(project)
    for scope, gpu in model.gpu_scopes.items():
        for parameter in _event_parameters(scope):
            message = (
                f"`{gpu.name}` takes `{parameter.arg}`, data of an event, which cannot be pickled "
                "for the worker; take it in a plain function and pass its index or value on"
            )
            yield Hit(scope.file.path, parameter.lineno, message)
    yield from _handed_on(model)


def _handed_on(model: Execution) -> Iterator[Hit]:
    """Calls that pass their own event's data to a GPU function."""
    for caller, call, gpu in model.calls_of_gpu():
        events = {parameter.arg for parameter in _event_parameters(caller)}
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(value, ast.Name) and value.id in events:
                message = (
                    f"`{value.id}`, data of an event, cannot be pickled for `{gpu.name}`; "
                    f"pass `{value.id}.index` or `{value.id}.value`"
                )
                yield Hit(caller.file.path, value.lineno, message)


def _event_parameters(scope: Scope) -> Iterator[ast.arg]:
    known = gpu_code_facts().event_data
    names = {name.rpartition(".")[2] for name in known}
    for parameter in scope.parameters:
        note = parameter.annotation
        if isinstance(note, ast.Constant) and isinstance(note.value, str):
            if note.value.rpartition(".")[2] in names:
                yield parameter
        elif note is not None and scope.file.qualified(note) in known:
            yield parameter
