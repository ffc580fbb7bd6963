"""What surely happens while an app starts, whatever the machine is like."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..knowledge.gpu_code import gpu_code_facts
from .callgraph import CallGraph
from .conditions import conditions, is_guarded
from .devices import DEEPEST, is_cuda
from .execution import Execution
from .models import reads_weights
from .python import Function, PythonFile, argument
from .scopes import Scope
from .spelling import mentions

_LOADERS_TO_A_DEVICE = frozenset({"torch.load", "torch.jit.load", "safetensors.torch.load_file"})
_DEVICE_ARGUMENTS = ("device", "device_map", "map_location")
_MAY_BE_LEFT_OUT = (
    *(ast.BoolOp, ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.DictComp),
    *(ast.For, ast.AsyncFor, ast.Match),
)
_ENDS = frozenset({"sys.exit", "exit", "quit", "os._exit"})


def runs_at_every_start(model: Execution, scope: Scope, call: ast.Call) -> bool:
    """Whether each start of the app makes a call of a scope that is reached at import: no condition
    and no `try` is on the way.
    """
    at: ast.Call | None = call
    for _ in model.at_import:
        if at is None or not _is_plain(model, scope, at):
            return False
        step = model.at_import[scope]
        if step.caller is None:
            return True
        scope, at = step.caller, step.call
    return False


def _is_plain(model: Execution, scope: Scope, node: ast.AST) -> bool:
    """Whether its scope always comes to a node."""
    file = scope.file
    if is_guarded(file, node) or _is_in_a_branch(file, node, scope):
        return False
    before = model.graph.scopes(file).owned(scope.node, ast.Return)
    return not any(one.lineno < _line(node) for one in before) and not _may_have_ended(
        model.graph, scope, node
    )


def _is_in_a_branch(file: PythonFile, node: ast.AST, scope: Scope) -> bool:
    for above in conditions(file, node, scope):
        is_main = isinstance(above, ast.If) and mentions(file, above.test, "__main__")
        if not is_main and not isinstance(above, ast.Try):
            return True
    for above in file.ancestors(node):
        if above is scope.node:
            return False
        if isinstance(above, _MAY_BE_LEFT_OUT):
            return True
    return False


def _may_have_ended(graph: CallGraph, scope: Scope, node: ast.AST) -> bool:
    """Whether an earlier test may have ended the program, or put the processor in place."""
    return any(
        one.lineno < _line(node) and scope.file.qualified(one.func) in _ENDS
        for one in graph.calls(scope)
    )


def surely_needs_cuda(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """Whether a call fails where there is no GPU: it puts something on `cuda`, or asks about it."""
    name = scope.file.qualified(call.func) or ""
    facts = gpu_code_facts()
    if name in facts.asks_cuda:
        return name not in facts.answers_without_gpu
    if graph.callee(scope, call.func) is not None or _is_own_method(graph, scope, call):
        return False  # the project's own: what it does is looked at itself
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"to", "cuda"}:
        return _is_moved(graph, scope, call, name)
    is_known = name in facts.tensor_factories or name in _LOADERS_TO_A_DEVICE
    if not is_known and not reads_weights(scope.file, call):
        return False
    given = (argument(call, one) for one in _DEVICE_ARGUMENTS)
    return any(surely_names_cuda(graph, scope, one) for one in given)


def _is_own_method(graph: CallGraph, scope: Scope, call: ast.Call) -> bool:
    """`Own().to(...)`, where the class of the project has such a method."""
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Call):
        return False
    made = graph.class_of_name(scope, call.func.value.func)
    return made is not None and graph.method(made, call.func.attr) is not None


def _is_moved(graph: CallGraph, scope: Scope, call: ast.Call, name: str) -> bool:
    is_cuda_method = isinstance(call.func, ast.Attribute) and call.func.attr == "cuda"
    if is_cuda_method and name != "torch.cuda":
        device = argument(call, "device", 0)
        return device is None or not isinstance(device, ast.Name | ast.Attribute | ast.Call)
    return surely_names_cuda(graph, scope, argument(call, "device", 0))


def surely_names_cuda(graph: CallGraph, scope: Scope, node: ast.AST | None, depth: int = 0) -> bool:
    """Whether an expression is a GPU by its name on every machine: `"cuda"`, or a variable that is
    given nothing else.
    """
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and is_cuda(node.value)
    if isinstance(node, ast.Call):
        is_device = scope.file.qualified(node.func) == "torch.device" and bool(node.args)
        return is_device and surely_names_cuda(graph, scope, node.args[0], depth)
    if not isinstance(node, ast.Name) or depth > DEEPEST or _is_bound_otherwise(scope, node.id):
        return False
    values = list(graph.values(scope, node))
    if len(values) != 1:
        return False
    file, value = values[0]
    own = graph.around(file, value)
    return not _is_in_a_branch(file, value, own) and surely_names_cuda(graph, own, value, depth + 1)


def _is_bound_otherwise(scope: Scope, name: str) -> bool:
    """Whether a name may be something else than what is assigned: a parameter, a loop's variable,
    a global that a function sets.
    """
    around: list[ast.AST] = [scope.node, *scope.file.ancestors(scope.node)]
    if any(isinstance(one, Function) and name in _parameters(one) for one in around):
        return True
    if any(name in one.names for one in scope.file.nodes(ast.Global)):
        return True
    return any(
        isinstance(part, ast.Name) and part.id == name
        for target in _targets_of_blocks(scope.file)
        for part in ast.walk(target)
    )


def _targets_of_blocks(file: PythonFile) -> Iterator[ast.expr]:
    yield from (one.target for one in file.nodes(ast.For))
    for one in file.nodes(ast.With):
        yield from (item.optional_vars for item in one.items if item.optional_vars is not None)


def _parameters(function: Function) -> set[str]:
    given = function.args
    return {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)
