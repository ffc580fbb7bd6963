"""What device an expression may mean, and which calls put something on one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .python import argument
from .scopes import Scope

DEEPEST = 5
"""Names that are followed to a value."""
_CUDA = re.compile(r"cuda(?::(\d+))?")


def possible_values(
    graph: CallGraph, scope: Scope, node: ast.AST | None, depth: int = 0
) -> set[object]:
    """The constants that an expression may be, both ways of a condition included.

    What cannot be told adds nothing, so an empty set means that nothing is known.
    """
    if node is None or depth > DEEPEST:
        return set()
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _union(graph, scope, (node.body, node.orelse), depth)
    if isinstance(node, ast.BoolOp):
        return _union(graph, scope, node.values, depth)
    if isinstance(node, ast.Call):
        return _of_call(graph, scope, node, depth)
    found: set[object] = set()
    if isinstance(node, ast.Name | ast.Attribute):
        for file, value in graph.values(scope, node):
            found |= possible_values(graph, graph.around(file, value), value, depth + 1)
    return found


def _union(
    graph: CallGraph, scope: Scope, nodes: list[ast.expr] | tuple[ast.expr, ...], depth: int
) -> set[object]:
    return {one for node in nodes for one in possible_values(graph, scope, node, depth + 1)}


def _of_call(graph: CallGraph, scope: Scope, call: ast.Call, depth: int) -> set[object]:
    """`torch.device("cuda", 1)` reads `cuda:1`; `os.getenv("X", "cuda")` may be its default."""
    name = scope.file.qualified(call.func)
    if name == "torch.device" and call.args:
        first = possible_values(graph, scope, call.args[0], depth + 1)
        index = argument(call, "index", 1)
        if index is None:
            return first
        numbers = possible_values(graph, scope, index, depth + 1)
        return {f"{one}:{number}" for one in first for number in numbers}
    if name in {"os.getenv", "os.environ.get"}:
        return possible_values(graph, scope, argument(call, "default", 1), depth + 1)
    return set()


def cuda_index(value: object) -> int | None:
    """The number in `cuda:1`; None for `cuda` and everything else."""
    found = _CUDA.fullmatch(value) if isinstance(value, str) else None
    return int(found.group(1)) if found and found.group(1) else None


def is_cuda(value: object) -> bool:
    """Whether a value names a GPU: `cuda`, `cuda:0`, or a device's index."""
    if isinstance(value, str):
        return _CUDA.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def may_be_cuda(graph: CallGraph, scope: Scope, node: ast.AST | None) -> bool:
    """Whether an expression may name a GPU, as far as its constants tell."""
    return any(is_cuda(value) for value in possible_values(graph, scope, node))


def device_given(call: ast.Call) -> ast.expr | None:
    """The device that `.to(...)`, `.cuda(...)` or `f(device=...)` is given."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"to", "cuda"}:
        return argument(call, "device", 0)
    return argument(call, "device")


def places_on_cuda(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """Whether a call moves something to the GPU or makes a tensor there."""
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "cuda" and scope.file.qualified(call.func) != "torch.cuda":
            return True
        if call.func.attr == "to":
            return may_be_cuda(graph, scope, device_given(call))
    if scope.file.qualified(call.func) in gpu_code_facts().tensor_factories:
        return may_be_cuda(graph, scope, argument(call, "device"))
    return False


def placements(graph: CallGraph, scope: Scope) -> Iterator[ast.Call]:
    """The calls of a scope that put something on the GPU."""
    return (call for call in graph.calls(scope) if places_on_cuda(graph, scope, call))
