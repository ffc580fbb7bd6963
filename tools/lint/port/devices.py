"""The GPU named as ZeroGPU knows it: one card, `cuda`, and models put there as a whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..edits import argument_span, replace_spans, source, span
from ..models import is_quantized_by_bitsandbytes, reads_weights
from ..project import Project
from ..python import PythonFile, argument
from ..recipes import StepResult
from .app import App
from .statements import statement_of

_INDEXED = re.compile(r"^cuda:\d+$")
_OFFLOADING = frozenset({"enable_model_cpu_offload", "enable_sequential_cpu_offload"})
_WITH_TO = frozenset({"transformers", "diffusers", "peft", "parler_tts"})
"""Packages whose `from_pretrained` gives something that has `.to`."""
Changes = dict[tuple[int, int], str]


def name_the_gpu(project: Project) -> StepResult:
    """`cuda:0` becomes `cuda`, a device map becomes `.to("cuda")`, offloading becomes placement."""
    app = App(project)
    found = {file.path: _changed(app, file) for file in project.running}
    return StepResult({path: text for path, text in found.items() if text is not None})


def _changed(app: App, file: PythonFile) -> str | None:
    changes: Changes = {}
    for part in (_indexes(file), _offloading(file), *_calls(app, file)):
        if not any(_overlap(new, old) for new in part for old in changes):
            changes |= part
    return replace_spans(file.text, changes) if changes else None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _indexes(file: PythonFile) -> Changes:
    """`"cuda:0"` without its index; every card but the first does not exist there."""
    return {
        span(file, node): source(file, node).replace(str(node.value), "cuda")
        for node in file.nodes(ast.Constant)
        if isinstance(node.value, str)
        and _INDEXED.match(node.value)
        and source(file, node).count(node.value) == 1
        and not isinstance(file.parents.get(node), ast.JoinedStr | ast.Compare)
    }


def _offloading(file: PythonFile) -> Changes:
    """Moving parts to and fro for each call is for small cards; this one keeps the whole model."""
    return {
        span(file, call): f'{source(file, call.func.value)}.to("cuda")'
        for call in file.method_calls(*_OFFLOADING)
        if isinstance(call.func, ast.Attribute) and isinstance(file.parents.get(call), ast.Expr)
    }


def _calls(app: App, file: PythonFile) -> Iterator[Changes]:
    for call in file.calls:
        if app.is_builder(file, call) and not is_quantized_by_bitsandbytes(file, call):
            if file.qualified(call.func) == "transformers.pipeline":
                yield _pipeline(file, call)
            else:
                yield _loaded(app, file, call)


def _pipeline(file: PythonFile, call: ast.Call) -> Changes:
    """`device_map="auto"` and `device=0` become `device="cuda"`; so does saying nothing."""
    device, mapped = argument(call, "device"), argument(call, "device_map")
    if device is None and mapped is None:
        model = argument(call, "model", 1)
        is_name = model is None or isinstance(model, ast.Constant)
        last = [*call.args, *(keyword.value for keyword in call.keywords)]
        if not last or not is_name:
            return {}
        end = max(span(file, one)[1] for one in last)
        return {(end, end): ', device="cuda"'}
    if device is None:
        return {span(file, _keyword(call, "device_map")): 'device="cuda"'}
    changes: Changes = {}
    if isinstance(device, ast.Constant) and isinstance(device.value, int) and device.value >= 0:
        changes[span(file, device)] = '"cuda"'
    if mapped is not None:
        changes[argument_span(file, call, _keyword(call, "device_map"))] = ""
    return changes


def _loaded(app: App, file: PythonFile, call: ast.Call) -> Changes:
    """A builder without device map, and with its model put on the GPU unless it is already."""
    mapped = argument(call, "device_map")
    if isinstance(mapped, ast.Constant) and mapped.value in {None, "cpu"}:
        return {}
    changes: Changes = {}
    if mapped is not None:
        changes[argument_span(file, call, _keyword(call, "device_map"))] = ""
    is_whole = mapped is not None or _library(file, call) in _WITH_TO
    if is_whole and reads_weights(file, call) and not _is_placed(app, file, call):
        end = span(file, call)[1]
        changes[end, end] = '.to("cuda")'
    return changes


def _library(file: PythonFile, call: ast.Call) -> str | None:
    """The package of a method's class; None for a function, and for a call that names a device."""
    if not isinstance(call.func, ast.Attribute) or argument(call, "device") is not None:
        return None
    return (file.qualified(call.func) or "").partition(".")[0]


def _keyword(call: ast.Call, name: str) -> ast.keyword:
    return next(keyword for keyword in call.keywords if keyword.arg == name)


def _is_placed(app: App, file: PythonFile, call: ast.Call) -> bool:
    """Whether something puts the model on a device: a call in a row with the builder, or one on
    the name it is given; or it is only a part that a pipeline takes along.
    """
    for above in file.ancestors(call):
        if isinstance(above, ast.Attribute) and above.attr in {"to", "cuda"}:
            return True
        if isinstance(above, ast.keyword | ast.Call) and above is not call:
            parent = above if isinstance(above, ast.Call) else file.parents.get(above)
            if isinstance(parent, ast.Call) and not _is_receiver(parent, call):
                return True
        if isinstance(above, ast.stmt):
            break
    names = _targets(statement_of(file, call))
    if not names:
        return True
    return any(name in _placed_names(file) or name in _taken_along(app, file) for name in names)


def _is_receiver(parent: ast.Call, call: ast.Call) -> bool:
    return any(node is call for node in ast.walk(parent.func))


def _targets(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {
        ast.unparse(target) for target in targets if isinstance(target, ast.Name | ast.Attribute)
    }


def _placed_names(file: PythonFile) -> set[str]:
    """Names on which the file calls `.to(...)` or `.cuda()`."""
    return {
        ast.unparse(call.func.value)
        for call in file.method_calls("to", "cuda", *_OFFLOADING)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name | ast.Attribute)
    }


def _taken_along(app: App, file: PythonFile) -> set[str]:
    """Names that are given to a builder, which then moves them with itself."""
    return {
        ast.unparse(value)
        for call in file.calls
        if app.is_builder(file, call)
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(value, ast.Name | ast.Attribute)
    }
