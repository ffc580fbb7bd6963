"""ZeroGPU: models are built at import, in the main thread, and moved there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ..callgraph import CallGraph
from ..conditions import is_certain, is_guarded, runs_on_each_call
from ..devices import is_cuda, places_on_cuda, possible_values
from ..execution import Execution, execution_of, is_told
from ..finding import Hit, Severity
from ..models import builds_model, is_quantized_by_bitsandbytes, reads_weights
from ..project import Project
from ..python import argument
from ..rule import on_zero_gpu, rule
from ..scopes import Scope
from ..spelling import spelled

_DOCUMENTED = "hub-docs spaces-zerogpu.md (2026-08-22)"
_PATCHING = "spaces 0.51.3 zero/torch/patching.py"


@rule(
    "ZG_LAZY_LOAD",
    Severity.ERROR,
    "a model is built inside a GPU function",
    source=f"{_DOCUMENTED}: loading inside the decorated function is discouraged",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def lazy_load(project: Project) -> Iterator[Hit]:
    """What runs in a GPU function is paid with the visitor's seconds. A model built there is read
    and moved again for every call, or with a cache again in every new worker, which forgets it.
    Built at import and moved with `.to("cuda")`, it is packed once and each worker gets it quickly.
    """
    model = execution_of(project)
    for scope, call in model.calls(model.worker):
        if not builds_model(model.graph, scope, call) or _is_part_of_building(model, scope):
            continue
        gpu = model.gpu_of(scope)
        where = f"`{gpu.name}`" if gpu is not None else "a GPU function"
        each = runs_on_each_call(model, model.worker, scope, call) and not _is_chosen(scope, call)
        when = "on every call of" if each else "inside the worker of"
        message = (
            f"`{spelled(call.func)}` builds a model {when} {where}, in GPU seconds that the "
            "visitor pays; build it at the top of the module and move it there with "
            '`.to("cuda")`'
        )
        severity = None if each and is_told(project) else Severity.WARNING
        yield Hit(scope.file.path, call.lineno, message, severity)


def _is_part_of_building(model: Execution, scope: Scope) -> bool:
    """Whether a call on the way builds the model already: it is told once, where it is begun."""
    step = model.worker[scope]
    while step.caller is not None and step.call is not None:
        if builds_model(model.graph, step.caller, step.call):
            return True
        step = model.worker[step.caller]
    return False


def _is_chosen(scope: Scope, call: ast.Call) -> bool:
    """Whether the visitor chooses which model: it depends on a parameter."""
    parameters = {one.arg for one in scope.parameters}
    given = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "model")]
    return any(
        isinstance(node, ast.Name) and node.id in parameters
        for one in given
        for node in ast.walk(one)
    )


@rule(
    "ZG_DEVICE_MAP",
    Severity.ERROR,
    "`device_map` places weights where there is no GPU",
    source="huggingface/skills huggingface-spaces zerogpu.md (2026-05); reports of 2026",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def device_map(project: Project) -> Iterator[Hit]:
    """A device map writes weights straight to the GPU while they load, below what the package
    emulates. Loading to memory and then calling `.to("cuda")` is intercepted. Only bitsandbytes
    needs the map, and it works at import.
    """
    model = execution_of(project)
    for scope, call in model.calls(model.at_import, model.in_handlers):
        given = argument(call, "device_map")
        if given is None or (scope in model.worker and scope not in model.at_import):
            continue
        at_import = scope in model.at_import
        if at_import and is_quantized_by_bitsandbytes(scope.file, call):
            continue
        value = _map_value(model.graph, scope, given)
        if value is None:
            continue
        message = (
            f"`device_map={value!r}` places weights while they load, which is not emulated "
            'outside a GPU function; leave it out and call `.to("cuda")` on the model'
        )
        severity = None if is_cuda(value) and is_told(project) else Severity.WARNING
        yield Hit(scope.file.path, given.lineno, message, severity)


def _map_value(graph: CallGraph, scope: Scope, given: ast.expr) -> object | None:
    """What the map says when it places anything on a GPU."""
    parts = given.values if isinstance(given, ast.Dict) else [given]
    values = {one for part in parts for one in possible_values(graph, scope, part)}
    placing = [one for one in values if is_cuda(one)]
    if not placing:
        placing = [one for one in values if one in gpu_code_facts().placing_device_maps]
    return min(placing, key=str) if placing else None


@rule(
    "ZG_THREAD_CUDA",
    Severity.ERROR,
    "a thread that is started at import uses the GPU",
    source=f"{_PATCHING} (the emulating modes hold for one thread)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def thread_cuda(project: Project) -> Iterator[Hit]:
    """The emulation belongs to the thread that imports the app. In another thread the same
    `.to("cuda")` reaches the driver and raises "Low-level CUDA init reached".
    """
    model = execution_of(project)
    for scope, call in model.calls(model.in_threads_at_import):
        if scope in model.worker or scope in model.at_import:
            continue
        if places_on_cuda(model.graph, scope, call):
            sure = not is_guarded(scope.file, call) and is_certain(scope.file, call, scope)
            message = (
                "a background thread moves this to the GPU, where nothing emulates one; "
                "load and move models in the main thread, at the top of the module"
            )
            yield Hit(scope.file.path, call.lineno, message, None if sure else Severity.WARNING)


@rule(
    "ZG_CUDA_IN_HANDLER",
    Severity.ERROR,
    "a function of an event uses the GPU and is not decorated",
    source=f"{_PATCHING}; spaces 0.51.3 zero/__init__.py (startup packs all tensors)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def cuda_in_handler(project: Project) -> Iterator[Hit]:
    """Functions of events run in threads of the main process, which has no GPU and, in those
    threads, no emulation. Only `@spaces.GPU` takes them, or what they call, to a GPU.
    """
    model = execution_of(project)
    if not model.decorated:
        return
    for scope, call in model.calls(model.in_handlers):
        if scope in model.worker or scope in model.at_import:
            continue
        if places_on_cuda(model.graph, scope, call):
            handler = model.in_handlers[scope].origin
            sure = runs_on_each_call(model, model.in_handlers, scope, call)
            caught = is_guarded(scope.file, call)
            message = (
                f"`{spelled(call.func)}` uses the GPU in `{handler.name}`, which an event starts "
                "without `@spaces.GPU`; decorate the function that does the GPU work"
            )
            severity = None if sure and not caught else Severity.WARNING
            yield Hit(scope.file.path, call.lineno, message, severity)


@rule(
    "ZG_SENTENCE_TRANSFORMERS",
    Severity.WARNING,
    "a helper picks the GPU by itself and is used where there is none",
    source="public reports of May to September 2026; spaces 0.51.3 (is_available says True)",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def sentence_transformers(project: Project) -> Iterator[Hit]:
    """Everywhere in a ZeroGPU Space `torch.cuda.is_available()` says True, so a helper that looks
    for itself chooses the GPU. Used outside a GPU function it then fails; `device="cpu"` keeps it
    where it runs.
    """
    model = execution_of(project)
    for scope, call in model.calls(model.at_import, model.in_handlers):
        name = scope.file.qualified(call.func) or ""
        if not name.startswith("sentence_transformers.") or not reads_weights(scope.file, call):
            continue
        if argument(call, "device") is not None or scope in model.worker:
            continue
        used = _encodes_in_main(model, call)
        if used is not None:
            message = (
                f"`{name.rpartition('.')[2]}` chooses the GPU by itself, and `{used.name}` uses it "
                'outside a GPU function; pass `device="cpu"`'
            )
            yield Hit(scope.file.path, call.lineno, message)


def _encodes_in_main(model: Execution, made: ast.Call) -> Scope | None:
    """A scope of an event outside the workers that encodes with what a call made."""
    for scope, call in model.calls(model.in_handlers):
        if scope in model.worker or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr == "encode":
            values = model.graph.values(scope, call.func.value)
            if any(value is made for _, value in values):
                return scope
    return None
