"""ZeroGPU: what a worker may not do, and what does not last in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ..callgraph import CallGraph
from ..conditions import is_certain, is_guarded
from ..execution import Execution, execution_of
from ..finding import Hit, Severity
from ..mutation import mutated_globals
from ..project import Project
from ..python import PythonFile, argument
from ..rule import on_zero_gpu, rule
from ..scopes import Scope
from ..writing import fixed_path, path_text

_WRAPPERS = "spaces 0.51.3 zero/wrappers.py (daemon processes), run 2026-11-22"
_DOCUMENTED = "hub-docs spaces-zerogpu.md (2026-08-22)"
_PYTHON = re.compile(
    r"(?:^|[\s/;&|])(?:python[\d.]*|torchrun|accelerate\s+launch|deepspeed)(?:\s|$)"
)


def _worker_calls(model: Execution) -> Iterator[tuple[Scope, ast.Call, str]]:
    """The calls in workers, with the name of the GPU function."""
    for scope, call in model.calls(model.worker):
        gpu = model.gpu_of(scope)
        yield scope, call, gpu.name if gpu is not None else "a GPU function"


@rule(
    "ZG_SUBPROCESS_IN_GPU",
    Severity.ERROR,
    "a process is started inside a GPU function",
    source=_WRAPPERS,
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def subprocess_in_gpu(project: Project) -> Iterator[Hit]:
    """The worker is a daemon process, and `multiprocessing` lets no daemon have children: pools,
    processes and the workers of a DataLoader raise an AssertionError. A command may be started, but
    a Python program in it has none of the app's models and loads everything again for each call.
    """
    model = execution_of(project)
    for scope, call, gpu in _worker_calls(model):
        name = scope.file.qualified(call.func) or ""
        if name in gpu_code_facts().process_starters or _has_loader_workers(scope, call):
            message = (
                f"`{name or 'DataLoader'}` starts processes inside `{gpu}`, whose worker may not "
                "have any (AssertionError: daemonic processes); use threads or do it outside"
            )
            sure = is_certain(scope.file, call, scope)
            yield Hit(scope.file.path, call.lineno, message, None if sure else Severity.WARNING)
        elif name in gpu_code_facts().command_runners and _runs_python(model.graph, scope, call):
            message = (
                f"`{name}` starts another Python program inside `{gpu}`; it shares nothing with "
                "the worker and loads its models on every call: import and call its code instead"
            )
            yield Hit(scope.file.path, call.lineno, message, Severity.WARNING)


def _has_loader_workers(scope: Scope, call: ast.Call) -> bool:
    name = scope.file.qualified(call.func) or ""
    if name.rpartition(".")[2] != "DataLoader":
        return False
    workers = scope.file.constant(argument(call, "num_workers"))
    return isinstance(workers, int) and workers > 0


def _runs_python(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """Whether a command line starts Python, as far as it is literal."""
    command = call.args[0] if call.args else argument(call, "args")
    if isinstance(command, ast.Name):
        return any(_is_python(file, value) for file, value in graph.values(scope, command))
    return command is not None and _is_python(scope.file, command)


def _is_python(file: PythonFile, command: ast.expr) -> bool:
    if isinstance(command, ast.List | ast.Tuple):
        return bool(command.elts) and _names_python(file, command.elts[0])
    return _names_python(file, command)


def _names_python(file: PythonFile, node: ast.expr) -> bool:
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        if file.qualified(inner) == "sys.executable":
            return True
        text = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(text, str) and _PYTHON.search(text):
            return True
    return False


@rule(
    "ZG_MUTABLE_GLOBAL",
    Severity.WARNING,
    "a GPU function changes a global",
    source="spaces 0.51.3 (forked workers), run 2026-11-22",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def mutable_global(project: Project) -> Iterator[Hit]:
    """A worker is a copy of the app's process. What it changes stays in that worker: the app never
    sees it, another visitor of the same worker does, and the next worker starts anew. Return the
    value, or keep it in `gr.State`.
    """
    model = execution_of(project)
    for scope in model.worker:
        gpu = model.gpu_of(scope)
        for line, names in mutated_globals(model.graph, scope):
            shown = " and ".join(f"`{name}`" for name in names)
            message = (
                f"{shown} changes only in the worker of "
                f"`{gpu.name if gpu else 'a GPU function'}`: the app does not see it and other "
                "visitors may; return it, or build it once at import"
            )
            yield Hit(scope.file.path, line, message)


@rule(
    "ZG_FIXED_OUTPUT_PATH",
    Severity.WARNING,
    "a GPU function always writes the same file",
    source="huggingface/skills huggingface-zerogpu concurrency.md (2026-08)",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def fixed_output_path(project: Project) -> Iterator[Hit]:
    """Several GPU functions and several visitors run at the same time in one file system. A file
    with a fixed name is overwritten by the next call while the first visitor's result is still
    being sent. `tempfile` makes a name for each call.
    """
    seen: set[tuple[str, int]] = set()
    for scope, call, gpu in _worker_calls(execution_of(project)):
        path = fixed_path(execution_of(project).graph, scope, call)
        if path is None or (scope.file.path, path.lineno) in seen:
            continue
        seen.add((scope.file.path, path.lineno))
        message = (
            f"every call of `{gpu}` writes `{path_text(path)}`, so visitors overwrite each "
            "other's file; use `tempfile`"
        )
        yield Hit(scope.file.path, path.lineno, message)


@rule(
    "ZG_TORCH_COMPILE",
    Severity.WARNING,
    "`torch.compile` on ZeroGPU",
    source=f"{_DOCUMENTED}: not supported, ahead-of-time compilation is",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def torch_compile(project: Project) -> Iterator[Hit]:
    """Compiling happens at the first call and is forgotten with the worker, so each new worker pays
    it again with the visitor's seconds. The documentation names it as unsupported and offers
    ahead-of-time compilation (`spaces.aoti_compile`) in its place.
    """
    model = execution_of(project)
    for scope, call in model.calls(model.at_import, model.worker):
        if scope.file.qualified(call.func) == "torch.compile":
            sure = is_certain(scope.file, call, scope)
            yield _compiles(scope, call, sure=sure)
    for file in project.running:
        for function in file.functions:
            for decorator in function.decorator_list:
                if file.qualified(decorator) == "torch.compile":
                    yield _compiles(Scope(file, function), decorator, sure=True)


def _compiles(scope: Scope, node: ast.expr, *, sure: bool) -> Hit:
    message = (
        "`torch.compile` is not supported on ZeroGPU; compile ahead of time with "
        "`spaces.aoti_compile`, or leave it out"
    )
    return Hit(scope.file.path, node.lineno, message, None if sure else Severity.INFO)


@rule(
    "ZG_FA3",
    Severity.WARNING,
    "an attention kernel that the card does not run",
    source="huggingface/skills huggingface-spaces zerogpu.md (2026-07); the card is sm_120",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_zero_gpu,
)
def flash_attention_3(project: Project) -> Iterator[Hit]:
    """FlashAttention 3 is made for Hopper, and ZeroGPU's card has been a Blackwell (compute
    capability 12.0) since May 2026. Its kernels load and then fail; the attention built into torch
    (`sdpa`) works.
    """
    names = gpu_code_facts().flash_attention_3
    for file in project.running:
        if not any(name in file.text for name in names):
            continue
        for node in file.nodes(ast.Constant):
            if isinstance(node.value, str) and node.value in names:
                message = f"`{node.value}` does not run on ZeroGPU's Blackwell card; use `sdpa`"
                caught = is_guarded(file, node)
                yield Hit(file.path, node.lineno, message, Severity.INFO if caught else None)
