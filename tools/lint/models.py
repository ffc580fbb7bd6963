"""Calls that build a model: that read its weights, or construct it and move it to the GPU."""

from __future__ import annotations

import ast
import re

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .devices import places_on_cuda
from .python import PythonFile
from .scopes import Scope

_CLASS = re.compile(r"^_?[A-Z][A-Za-z0-9_]*[a-z]\w*$")
_SMALL = re.compile(
    r"(?:Tensor|Encoding|Feature|Features|Batch|Inputs|Output|Image|Item|Generator|Args|Parameter)$"
)
_CHAINED = frozenset({"eval", "half", "float", "bfloat16", "requires_grad_", "train", "to", "cuda"})


def builds_model(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """Whether a call reads or makes the weights of a model."""
    return (
        reads_weights(scope.file, call)
        or _is_constructed_and_moved(graph, scope, call)
        or _fills_a_new_model(graph, scope, call)
    )


def reads_weights(file: PythonFile, call: ast.Call) -> bool:
    """`SomeModel.from_pretrained(...)`, `pipeline(...)` and the like; no tokenizers or settings."""
    facts = gpu_code_facts()
    name = file.qualified(call.func)
    if name in facts.model_builders:
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in facts.building_methods:
        return False
    holder = (name or "").split(".")[-2:-1]
    return bool(holder) and not holder[0].endswith(facts.light_classes)


def _is_constructed_and_moved(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """`Model(...).to("cuda")`, and `model = Model(...)` that is moved in the same scope."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"to", "cuda"}:
        return False
    if not places_on_cuda(graph, scope, call):
        return False
    made = call.func.value
    while (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Attribute)
        and made.func.attr in _CHAINED
    ):
        made = made.func.value
    return isinstance(made, ast.Call) and _constructs_model(scope.file, made)


def _constructs_model(file: PythonFile, call: ast.Call) -> bool:
    name = file.qualified(call.func) or ""
    last = name.rpartition(".")[2]
    if name.startswith(("torch.", "numpy.", "PIL.")) or last.endswith(
        gpu_code_facts().light_classes
    ):
        return False
    return _CLASS.match(last) is not None and _SMALL.search(last) is None


def _fills_a_new_model(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """`torch.load(...)` in a scope that fills a model with it, and shows no other sign of one."""
    if scope.file.qualified(call.func) not in {"torch.load", "safetensors.torch.load_file"}:
        return False
    calls = graph.calls(scope)
    fills = any(
        isinstance(one.func, ast.Attribute) and one.func.attr == "load_state_dict" for one in calls
    )
    return fills and not any(
        reads_weights(scope.file, one) or _is_constructed_and_moved(graph, scope, one)
        for one in calls
    )


def is_quantized_by_bitsandbytes(file: PythonFile, call: ast.Call) -> bool:
    """Whether a loading call quantizes with bitsandbytes, which may place weights at import."""
    given = {keyword.arg for keyword in call.keywords}
    if given & {"load_in_4bit", "load_in_8bit", "quantization_config", "bnb_config"}:
        return True
    return None in given and "BitsAndBytesConfig" in file.text
