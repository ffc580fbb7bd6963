"""ZeroGPU: something is decorated, reached, and launched by Gradio."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ..events import Kind
from ..execution import execution_of, is_told
from ..finding import Fix, Hit, Severity
from ..gpu import GpuFunction
from ..project import Project
from ..python import PythonFile
from ..rule import on_zero_gpu, rule

_DECORATOR = "spaces 0.51.3 zero/decorator.py"
_STARTUP = "spaces 0.51.3 zero/__init__.py and zero/gradio.py, measured 2026-11-22"
_DYNAMIC = ("exec", "eval", "runpy.run_path", "runpy.run_module", "importlib.import_module")


@rule(
    "ZG_NOTHING_DECORATED",
    Severity.ERROR,
    "no function is decorated with `@spaces.GPU`",
    source=_STARTUP,
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def nothing_decorated(project: Project) -> Iterator[Hit]:
    """At launch the package reports to the platform if at least one function is decorated. Without
    the report the Space ends with "No @spaces.GPU function detected during startup". A decorated
    function that nobody calls is enough.
    """
    app = project.app
    model = execution_of(project)
    if app is None or model.decorated or any(file.syntax_error for file in project.running):
        return
    if any(_may_decorate_elsewhere(file) for file in project.running):
        return
    launches = app.method_calls("launch")
    message = (
        "nothing is decorated with `@spaces.GPU`, and ZeroGPU stops such a Space at startup; "
        "decorate the function that needs the GPU (the fix `zerogpu-port` does), or take other "
        "hardware"
    )
    line = launches[0].lineno if launches else 1
    yield Hit(app.path, line, message, None if is_told(project) else Severity.WARNING)


def _may_decorate_elsewhere(file: PythonFile) -> bool:
    """Whether a file runs code that is not in the project's files, or wraps automatically."""
    return bool(file.calls_to(*_DYNAMIC)) or "gradio_auto_wrap" in file.text


@rule(
    "ZG_NO_LAUNCH",
    Severity.ERROR,
    "the app is served without Gradio's `launch`",
    source=_STARTUP,
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def no_launch(project: Project) -> Iterator[Hit]:
    """The package tells the platform about the GPU functions when `launch()` of a Gradio app or
    server is called. An app that uvicorn serves never does, so the platform finds no GPU function.
    Launch Gradio and add routes to its app instead.
    """
    for file in project.running:
        if file.method_calls("launch"):
            return
    for file in project.running:
        for call in file.calls_to("uvicorn.run", "uvicorn.Server"):
            message = (
                "uvicorn serves the app and `launch()` is never called, so ZeroGPU finds no GPU "
                "function; call `demo.launch(prevent_thread_lock=True)` and add routes to its app"
            )
            severity = None if is_told(project) else Severity.WARNING
            yield Hit(file.path, call.lineno, message, severity)
            return


@rule(
    "ZG_ASYNC",
    Severity.ERROR,
    "an `async def` is decorated",
    source=f"{_DECORATOR}, run 2026-11-22",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def asynchronous(project: Project) -> Iterator[Hit]:
    """On ZeroGPU the decorator raises a bare NotImplementedError for a coroutine function, so the
    app does not even start. Decorate a plain function that the asynchronous one calls.
    """
    for gpu in execution_of(project).decorated:
        if gpu.scope is not None and isinstance(gpu.scope.node, ast.AsyncFunctionDef):
            message = (
                f"`{gpu.name}` is `async`, and `@spaces.GPU` raises NotImplementedError for it; "
                "decorate a plain `def`"
            )
            yield Hit(gpu.file.path, gpu.line, message)


@rule(
    "ZG_ENABLE_QUEUE_ARG",
    Severity.INFO,
    "`enable_queue` is ignored",
    source=_DECORATOR,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
    fix=Fix.SAFE,
)
def enable_queue(project: Project) -> Iterator[Hit]:
    """The argument is from the first version; the package warns and always queues."""
    for gpu in execution_of(project).decorated:
        for keyword in gpu.settings.keywords if gpu.settings else ():
            if keyword.arg == "enable_queue":
                message = "`enable_queue` does nothing any more; take it out"
                yield Hit(gpu.settings_file.path, keyword.value.lineno, message)


@rule(
    "ZG_UNKNOWN_ARG",
    Severity.WARNING,
    "an argument that `spaces.GPU` does not have",
    source=_DECORATOR,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def unknown_argument(project: Project) -> Iterator[Hit]:
    """The decorator swallows every keyword without a word, so a misspelt one leaves the default:
    60 seconds, size `large`. A size that does not exist is refused when the function is called.
    """
    known = gpu_code_facts().decorator_arguments
    for gpu in execution_of(project).decorated:
        for keyword in gpu.settings.keywords if gpu.settings else ():
            if keyword.arg is not None and keyword.arg not in known:
                message = (
                    f"`spaces.GPU` ignores `{keyword.arg}`; it takes `duration` (seconds) and "
                    "`size`"
                )
                yield Hit(gpu.settings_file.path, keyword.value.lineno, message)
        yield from _unknown_size(gpu)


def _unknown_size(gpu: GpuFunction) -> Iterator[Hit]:
    sizes = gpu_code_facts().gpu_sizes
    size = gpu.settings_file.constant(gpu.size)
    if gpu.size is not None and isinstance(size, str) and size not in sizes:
        message = f"there is no size {size!r}; sizes are {', '.join(sorted(sizes))}"
        yield Hit(gpu.settings_file.path, gpu.size.lineno, message)


@rule(
    "ZG_API_STACKED",
    Severity.WARNING,
    "`@spaces.GPU` on the function of an endpoint",
    source="gradio 6.31.0 gr.Server; huggingface/skills huggingface-spaces (2026-08)",
    as_of="2026-11-22",
    reference="gradio",
    when=on_zero_gpu,
)
def api_stacked(project: Project) -> Iterator[Hit]:
    """`@app.api` reads the signature of what it is given and calls it in the server's process. Keep
    the GPU work in a function of its own, decorated, and let the endpoint call that.
    """
    model = execution_of(project)
    for handler in model.handlers:
        gpu = model.gpu_scopes.get(handler.scope)
        if handler.kind is Kind.ENDPOINT and gpu is not None and gpu.is_written_as_decorator:
            message = (
                f"`{gpu.name}` is both an endpoint and a GPU function; move the GPU work into a "
                "function of its own and call that from the endpoint"
            )
            yield Hit(gpu.file.path, gpu.line, message)


@rule(
    "GRS_GPU_BEHIND_PLAIN_ROUTE",
    Severity.WARNING,
    "GPU work behind a plain route",
    source="spaces 0.51.3 zero/client.py (the visitor's token comes with Gradio's request)",
    as_of="2026-11-22",
    reference="gradio",
    when=on_zero_gpu,
)
def gpu_behind_plain_route(project: Project) -> Iterator[Hit]:
    """A plain HTTP route has neither Gradio's queue nor the visitor's token. The call is charged to
    the small quota that the Space itself has, and several at once wait on each other. An endpoint
    made with `@app.api` has both.
    """
    model = execution_of(project)
    for handler in model.handlers:
        if handler.kind is not Kind.ROUTE:
            continue
        gpu = model.gpu_called_from(handler.scope)
        if gpu is not None:
            message = (
                f"`{handler.scope.name}` is a plain route and reaches the GPU function "
                f"`{gpu.name}` without queue and without the visitor's quota; use `@app.api`"
            )
            yield Hit(handler.file.path, handler.node.lineno, message)
