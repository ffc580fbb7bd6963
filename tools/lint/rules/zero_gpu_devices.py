"""ZeroGPU: there is one GPU, it is called `cuda`, and only some of CUDA is emulated."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ...knowledge.gpu_code import gpu_code_facts
from ..conditions import conditions, is_certain, is_guarded
from ..device_uses import NumberedDevice, indexed_devices, named_devices
from ..execution import Execution, execution_of, is_told
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_zero_gpu, rule
from ..scopes import Scope
from ..spelling import mentions

_PATCHING = "spaces 0.51.3 zero/torch/patching.py"


@rule(
    "ZG_CUDA_INDEX",
    Severity.ERROR,
    "a second GPU is named",
    source=f"{_PATCHING} (device_count is 1, other indices fail an assertion)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
    fix=Fix.UNSAFE,
)
def cuda_index(project: Project) -> Iterator[Hit]:
    """Every worker sees one GPU and so does the emulation at import. A device with another number
    than 0 does not exist, and using it raises.
    """
    model = execution_of(project)
    for found in (*named_devices(model), *indexed_devices(model)):
        if found.index == 0 or _asks_for_count(found):
            continue
        name = found.text or f"device {found.index}"
        message = f'`{name}` does not exist: ZeroGPU has one GPU per call; use "cuda"'
        sure = _runs(model, found.scope) and is_certain(found.file, found.node, found.scope)
        is_default = isinstance(found.file.parents.get(found.node), ast.arguments)
        sure = sure and not is_default and is_told(project)
        severity = None if sure else Severity.WARNING
        yield Hit(found.file.path, found.node.lineno, message, severity, found.text is not None)


def _asks_for_count(found: NumberedDevice) -> bool:
    """Whether it stands under a test of how many GPUs there are."""
    tests = (getattr(one, "test", None) for one in conditions(found.file, found.node, found.scope))
    return any(test is not None and mentions(found.file, test, "device_count") for test in tests)


def _runs(model: Execution, scope: Scope) -> bool:
    return scope in model.at_import or scope in model.worker or scope in model.in_handlers


@rule(
    "ZG_CUDA0_STRING",
    Severity.INFO,
    '"cuda:0" where "cuda" is enough',
    source=f"{_PATCHING}; hub-docs spaces-zerogpu.md (2026-08-22)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
    fix=Fix.UNSAFE,
)
def cuda0_string(project: Project) -> Iterator[Hit]:
    """It works, since the one GPU has the number 0. The plain name says what is meant and is what
    the documentation shows.
    """
    for found in named_devices(execution_of(project)):
        if found.index == 0:
            message = f'`{found.text}` works, but "cuda" is what ZeroGPU\'s documentation uses'
            yield Hit(found.file.path, found.node.lineno, message)


@rule(
    "ZG_DEVICE_INDEX",
    Severity.INFO,
    "a device is given as a number",
    source=f"{_PATCHING} (no_int_device)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def device_index(project: Project) -> Iterator[Hit]:
    """Numbers are turned into names by a workaround inside the package, not by torch. The name
    "cuda" does not depend on it.
    """
    for found in indexed_devices(execution_of(project)):
        if found.index == 0:
            message = 'the device is given as the number 0; write "cuda"'
            yield Hit(found.file.path, found.node.lineno, message)


def _in_main(model: Execution, names: Iterable[str]) -> Iterator[tuple[Scope, ast.Call, bool]]:
    """Calls by name that run in the main process, and whether each surely does."""
    wanted = frozenset(names)
    places = (model.at_import, model.in_threads_at_import, model.in_handlers)
    for scope, call in model.calls(*places):
        if scope.file.qualified(call.func) in wanted:
            only_here = scope not in model.worker
            sure = is_certain(scope.file, call, scope) and not is_guarded(scope.file, call)
            if only_here or scope in model.at_import:
                yield scope, call, sure


def _hits(project: Project, names: Iterable[str], advice: str) -> Iterator[Hit]:
    for scope, call, sure in _in_main(execution_of(project), names):
        name = scope.file.qualified(call.func)
        message = f"`{name}` is not emulated outside a GPU function and raises there; {advice}"
        yield Hit(scope.file.path, call.lineno, message, None if sure else Severity.WARNING)


@rule(
    "ZG_SET_DEVICE",
    Severity.ERROR,
    "`torch.cuda.set_device` outside a GPU function",
    source=_PATCHING,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def set_device(project: Project) -> Iterator[Hit]:
    """The main process has no GPU. The call is none of those that the package emulates, so it
    starts CUDA and fails with "Low-level CUDA init reached".
    """
    yield from _hits(project, ["torch.cuda.set_device"], "there is one GPU, so take the line out")


@rule(
    "ZG_STREAMS",
    Severity.ERROR,
    "CUDA streams outside a GPU function",
    source=_PATCHING,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def streams(project: Project) -> Iterator[Hit]:
    """A stream belongs to a GPU, and the main process has none: making one starts CUDA and fails
    with "Low-level CUDA init reached".
    """
    yield from _hits(project, gpu_code_facts().streams, "make streams inside the GPU function")


@rule(
    "ZG_LOW_LEVEL_CUDA",
    Severity.ERROR,
    "a low-level CUDA call outside a GPU function",
    source=f"{_PATCHING}; torch/cuda (which calls initialise)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def low_level_cuda(project: Project) -> Iterator[Hit]:
    """The package emulates moving tensors and asking for properties. Calls below that start CUDA in
    a process that has no GPU, and the app does not start.
    """
    yield from _hits(project, gpu_code_facts().low_level, "move it into the GPU function")
    model = execution_of(project)
    for scope, call in model.calls(model.at_import):
        if not isinstance(call.func, ast.Attribute) or is_guarded(scope.file, call):
            continue
        if call.func.attr in gpu_code_facts().low_level_methods:
            message = (
                f"`{call.func.attr}` runs a kernel to try it, and there is no GPU at import; leave "
                "it out, since torch's own attention saves memory too"
            )
            yield Hit(scope.file.path, call.lineno, message, Severity.WARNING)
