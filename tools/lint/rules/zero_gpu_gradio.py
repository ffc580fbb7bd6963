"""ZeroGPU: Gradio's queue and examples in front of a GPU function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..execution import Execution, execution_of
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..python import argument
from ..rule import on_zero_gpu, rule
from ..scopes import Scope

_EXAMPLES = {"gradio.Examples": 3, "gradio.Interface": 0, "gradio.ChatInterface": 0}
_MODE = "GRADIO_CACHE_MODE"


@rule(
    "ZG_EAGER_EXAMPLES",
    Severity.WARNING,
    "examples are computed on the GPU while the app starts",
    source="gradio 6.31.0 helpers.py; spaces 0.51.3 zero/client.py",
    as_of="2026-11-22",
    reference="gradio",
    when=on_zero_gpu,
    fix=Fix.UNSAFE,
)
def eager_examples(project: Project) -> Iterator[Hit]:
    """Examples that are cached eagerly run at startup, with no visitor whose quota could pay: they
    count on the small quota of the Space itself, and when it is used up the app does not start.
    Cached lazily, an example is computed when somebody first asks for it.
    """
    model = execution_of(project)
    if any(_MODE in file.text for file in project.running):
        return
    for file in project.running:
        for call in file.calls_to(*_EXAMPLES):
            caches = file.constant(argument(call, "cache_examples")) is True
            mode = file.constant(argument(call, "cache_mode"))
            if (
                not caches
                or mode == "lazy"
                or not _runs_on_gpu(model, Scope(file, file.tree), call)
            ):
                continue
            message = (
                "these examples run on the GPU at startup, on the Space's own quota; pass "
                '`cache_mode="lazy"`'
            )
            place = argument(call, "cache_mode") or argument(call, "cache_examples") or call
            severity = None if mode == "eager" else Severity.INFO
            yield Hit(file.path, place.lineno, message, severity)


def _runs_on_gpu(model: Execution, scope: Scope, call: ast.Call) -> bool:
    position = _EXAMPLES[scope.file.qualified(call.func) or ""]
    given = argument(call, "fn", position)
    own = model.graph.around(scope.file, call)
    function = model.graph.function(own, given) if given is not None else None
    return function is not None and model.gpu_called_from(function) is not None


@rule(
    "ZG_QUEUE_SIZE",
    Severity.INFO,
    "the queue has room for one visitor",
    source="gradio 6.31.0 blocks.py, run 2026-11-22",
    as_of="2026-11-22",
    reference="gradio",
    when=on_zero_gpu,
    fix=Fix.UNSAFE,
)
def queue_size(project: Project) -> Iterator[Hit]:
    """On ZeroGPU Gradio's queue holds one waiting event unless it is told otherwise. The second
    visitor who waits reads "Queue is full".
    """
    model = execution_of(project)
    calls = [(file, call) for file in project.running for call in file.method_calls("queue")]
    if not model.decorated or any(_has_size(call) for _, call in calls):
        return
    if any(file.calls_to("gradio.Server") for file in project.running):
        return
    launches = [(file, call) for file in project.running for call in file.method_calls("launch")]
    for file, call in (calls or launches)[:1]:
        message = (
            "on ZeroGPU the queue holds one waiting visitor unless it is given a size; "
            "call `.queue(max_size=20)`"
        )
        yield Hit(file.path, call.lineno, message)


def _has_size(call: ast.Call) -> bool:
    given = {keyword.arg for keyword in call.keywords}
    return "max_size" in given or None in given or bool(call.args)
