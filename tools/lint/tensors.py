"""Which expressions are surely tensors on the GPU."""

from __future__ import annotations

import ast
import re

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .devices import may_be_cuda, places_on_cuda
from .models import reads_weights
from .python import argument
from .scopes import Scope

DEEPEST = 6
"""Names and methods that are followed."""
_KEEPING = frozenset(
    {
        "bfloat16",
        "clamp",
        "clone",
        "contiguous",
        "detach",
        "float",
        "half",
        "mean",
        "permute",
        "reshape",
        "squeeze",
        "sum",
        "unsqueeze",
        "view",
    }
)
_GENERATING = re.compile(r"(?:ForCausalLM|ForConditionalGeneration|LMHeadModel|ForSeq2SeqLM)$")


def is_on_gpu(graph: CallGraph, scope: Scope, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is a tensor that was put on the GPU and not taken off it."""
    if depth > DEEPEST:
        return False
    if isinstance(node, ast.Subscript):
        return is_on_gpu(graph, scope, node.value, depth + 1)
    if isinstance(node, ast.Name):
        values = list(graph.values(scope, node))
        if len(values) != 1:
            return False
        file, value = values[0]
        own = graph.around(file, value)
        return own == scope and is_on_gpu(graph, own, value, depth + 1)
    return isinstance(node, ast.Call) and _call_gives_tensor(graph, scope, node, depth)


def _call_gives_tensor(graph: CallGraph, scope: Scope, call: ast.Call, depth: int) -> bool:
    if scope.file.qualified(call.func) in gpu_code_facts().tensor_factories:
        return may_be_cuda(graph, scope, argument(call, "device"))
    if not isinstance(call.func, ast.Attribute):
        return False
    method, receiver = call.func.attr, call.func.value
    if method in {"to", "cuda"} and places_on_cuda(graph, scope, call):
        return not isinstance(receiver, ast.Call) or not reads_weights(scope.file, receiver)
    if method == "generate":
        return _is_language_model(graph, scope, receiver)
    return method in _KEEPING and is_on_gpu(graph, scope, receiver, depth + 1)


def _is_language_model(graph: CallGraph, scope: Scope, receiver: ast.expr) -> bool:
    """Whether a variable holds a model of transformers, whose `generate` gives a tensor."""
    for file, value in graph.values(scope, receiver):
        made = value
        while isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
            if made.func.attr == "from_pretrained":
                name = file.qualified(made.func.value) or ""
                return _GENERATING.search(name) is not None
            made = made.func.value
    return False
