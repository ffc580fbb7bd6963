"""Where the code of an app names one GPU by number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .devices import cuda_index, device_given, is_cuda, possible_values
from .execution import Execution
from .models import reads_weights
from .python import PythonFile, argument
from .scopes import Scope

_NUMBERED = re.compile(r"cuda:\d")
_CHOICES = (ast.List, ast.Tuple, ast.Set, ast.Compare, ast.Dict, ast.JoinedStr, ast.Expr)


@dataclass(frozen=True)
class NumberedDevice:
    """One GPU named by number. `text` is set where it is a string such as `cuda:0`."""

    scope: Scope
    node: ast.expr
    index: int
    text: str | None = None

    @property
    def file(self) -> PythonFile:
        """The file it stands in."""
        return self.scope.file


def named_devices(model: Execution) -> Iterator[NumberedDevice]:
    """Strings such as `cuda:0` that stand where a device is meant."""
    for file in model.project.running:
        if _NUMBERED.search(file.text) is None:
            continue
        for node in file.nodes(ast.Constant):
            index = cuda_index(node.value)
            if index is not None and not isinstance(file.parents.get(node), _CHOICES):
                scope = model.graph.around(file, node)
                yield NumberedDevice(scope, node, index, str(node.value))


def indexed_devices(model: Execution) -> Iterator[NumberedDevice]:
    """`.to(0)`, `torch.device("cuda", 0)`, `device=0`: a device as a number."""
    for scope, call in model.calls(model.at_import, model.worker, model.in_handlers):
        for node in _numbers(scope, call):
            for value in possible_values(model.graph, scope, node):
                if is_cuda(value) and isinstance(value, int) and value >= 0:
                    yield NumberedDevice(scope, call, value)


def _numbers(scope: Scope, call: ast.Call) -> Iterator[ast.expr | None]:
    name = scope.file.qualified(call.func) or ""
    if name == "torch.device":
        yield argument(call, "index", 1) or argument(call, "device", 0)
    elif name == "torch.cuda.set_device":
        yield argument(call, "device", 0)
    elif reads_weights(scope.file, call):
        yield argument(call, "device")
    elif isinstance(call.func, ast.Attribute) and call.func.attr in {"to", "cuda"}:
        yield device_given(call)
