"""Deciding which statements of a function can run when its module is imported.

Only statements that read nothing of the call are chosen: not its parameters, nor what is computed
from them. What cannot be moved surely raises `CannotMoveError`, which says why.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...knowledge.gpu_code import gpu_code_facts
from ..edits import stands_alone
from ..python import Function, PythonFile
from .names import ModuleNames, bindings, parameters, reads
from .statements import asks_whether_there, block_of, declared_global, holds, statement_of

_STOPS = (ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.Break, ast.Continue)
PREPARING = re.compile(
    r"(?:to|cuda|eval|half|float|bfloat16|requires_grad_)$"
    r"|(?:enable(?!_xformers)|disable|load|fuse|set)_\w+$"
)
"""Methods that prepare a model; a call of any other one is taken for its use."""

_READING_WEIGHTS = frozenset({"torch.load", "safetensors.torch.load_file"})


class CannotMoveError(ValueError):
    """Why a statement has to stay where it is."""


@dataclass
class Move:
    """Statements of a function that are to run at import, in order, and the names they make.

    `gone` are statements that go with them without running anywhere, such as `del model`.
    """

    file: PythonFile
    function: Function
    statements: list[ast.stmt] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    gone: list[ast.stmt] = field(default_factory=list)


def plan_move(file: PythonFile, function: Function, node: ast.AST) -> Move:
    """Everything that has to move so that a node of a function runs at import.

    Raises:
        CannotMoveError: when it depends on the call, or is interwoven with what does.
    """
    return _Planner(file, function).plan(statement_of(file, node))


def guard_of(file: PythonFile, function: Function, statement: ast.stmt) -> ast.If | None:
    """The outermost `if model is None:` around a statement of a function."""
    found = None
    for above in file.ancestors(statement):
        if above is function:
            break
        is_guard = isinstance(above, ast.If) and asks_whether_there(above.test)
        if is_guard and isinstance(above, ast.If) and holds(above.body, statement):
            found = above
    return found


def is_probe(expression: ast.AST) -> bool:
    """Whether a call tries a kernel: `pipe.enable_xformers_memory_efficient_attention()`."""
    if not isinstance(expression, ast.Call) or not isinstance(expression.func, ast.Attribute):
        return False
    return expression.func.attr in gpu_code_facts().low_level_methods


class _Planner:
    def __init__(self, file: PythonFile, function: Function) -> None:
        self.file = file
        self.function = function
        self.move = Move(file, function)
        self._module = ModuleNames(file)
        self._parameters = parameters(function)
        self._global = declared_global(function)
        self._outer = _names_of_outer_functions(file, function)
        self._bound: dict[str, list[ast.AST]] = {}
        for statement in function.body:
            for name, binder in bindings(statement):
                self._bound.setdefault(name, []).append(binder)

    def plan(self, statement: ast.stmt) -> Move:
        """The move of a statement and of all that belongs to it."""
        for one in self._unit(statement):
            self._take(one)
        self._take_preparation(statement)
        self._take_deletions()
        self._refuse_other_bindings()
        self._refuse_weights_alone()
        return self.move

    def _unit(self, statement: ast.stmt) -> list[ast.stmt]:
        """A statement, or all that stands with it under a test whether the model is there."""
        guard = guard_of(self.file, self.function, statement)
        if guard is None or self._of_the_call(reads(guard.test)):
            self._refuse_branches(statement)
            return [statement]
        if guard.orelse:
            raise CannotMoveError("the test before it has an `else`")
        self.move.gone.append(guard)
        return _innermost(guard, statement)

    def _refuse_branches(self, statement: ast.stmt) -> None:
        for above in self.file.ancestors(statement):
            if above is self.function:
                return
            if not isinstance(above, ast.With | ast.Try):
                raise CannotMoveError("it stands in a branch or a loop")

    def _take(self, statement: ast.stmt) -> None:
        """Move a statement, and before it the assignments that it reads."""
        if statement in self.move.statements:
            return
        if any(isinstance(node, _STOPS) for node in ast.walk(statement)):
            raise CannotMoveError("it may leave the function")
        if not stands_alone(self.file, statement):
            raise CannotMoveError("it shares its line with another statement")
        for name in sorted(reads(statement) - self.move.names):
            self._take_name(name, statement)
        self.move.statements.append(statement)
        self.move.names |= {name for name, _ in bindings(statement)}

    def _take_name(self, name: str, reader: ast.stmt) -> None:
        if name in self._parameters:
            raise CannotMoveError(f"it depends on the argument `{name}`")
        binders = self._bound.get(name, [])
        if name in self._global or not binders:
            if name in self._outer or not self._module.is_known(name):
                raise CannotMoveError(f"`{name}` is not known at the top of the module")
            return
        before = [one for one in binders if _line(one) < reader.lineno]
        if not before and holds([reader], binders[0]):
            return  # the statement makes the name itself before it reads it
        made = statement_of(self.file, before[0]) if len(before) == 1 else None
        if not isinstance(made, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom):
            raise CannotMoveError(f"it depends on `{name}`, which the function computes")
        self._refuse_branches(made)
        self._take(made)

    def _take_preparation(self, statement: ast.stmt) -> None:
        """Move what prepares the model after it is built, up to its first use."""
        start = self.move.gone[0] if self.move.gone else statement
        for one in block_of(self.file, start):
            touched = reads(one) | {name for name, _ in bindings(one)}
            if one.lineno <= start.lineno or not touched & self.move.names:
                continue
            if one in self.move.statements or _only_probes(one):
                continue
            if not self._is_preparation(one):
                break
            self._take(one)

    def _is_preparation(self, statement: ast.stmt) -> bool:
        """Whether a statement only prepares what is moved, from what is known at import."""
        if self._of_the_call(reads(statement) - self.move.names):
            return False
        if isinstance(statement, ast.If):
            return not statement.orelse and all(map(self._is_preparation, statement.body))
        if isinstance(statement, ast.Expr):
            return self._prepares(statement.value)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            of_moved = _root(target) in self.move.names
            return of_moved and (
                isinstance(target, ast.Attribute) or self._prepares(statement.value)
            )
        return False

    def _prepares(self, value: ast.expr) -> bool:
        """`model.to("cuda").eval()` does; `model(text)` does not."""
        if not isinstance(value, ast.Call):
            return False
        while isinstance(value, ast.Call):
            if not isinstance(value.func, ast.Attribute) or not PREPARING.match(value.func.attr):
                return False
            value = value.func.value
        return _root(value) in self.move.names

    def _of_the_call(self, names: Iterable[str]) -> bool:
        """Whether names belong to one call of the function, or are not known at import."""
        return any(
            name in self._parameters
            or name in self._outer
            or (name in self._bound and name not in self._global)
            or not self._module.is_known(name)
            for name in names
        )

    def _take_deletions(self) -> None:
        """`del model` would make the name local; it goes with the model."""
        for node in ast.walk(self.function):
            names = _deleted(node)
            if isinstance(node, ast.Delete) and names & self.move.names:
                if not names <= self.move.names or not stands_alone(self.file, node):
                    raise CannotMoveError("it is deleted together with something else")
                self.move.gone.append(node)

    def _refuse_other_bindings(self) -> None:
        moved = {inner for one in self.move.statements for inner in ast.walk(one)}
        for name in sorted(self.move.names):
            if any(binder not in moved for binder in self._bound.get(name, [])):
                raise CannotMoveError(f"the function assigns `{name}` again")

    def _refuse_weights_alone(self) -> None:
        """A state dict is of no use at import when the model that it fills is made later."""
        names = {
            self.file.qualified(node.func)
            for one in self.move.statements
            for node in ast.walk(one)
            if isinstance(node, ast.Call)
        }
        fills = any((name or "").endswith(".load_state_dict") for name in names)
        if names & _READING_WEIGHTS and not fills:
            raise CannotMoveError("the model that it fills is made by the function")


def _only_probes(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and is_probe(statement.value)


def _innermost(guard: ast.If, statement: ast.stmt) -> list[ast.stmt]:
    """The block of a guard that holds a statement, through locks and a second test."""
    block = guard.body
    while len(block) == 1 and block[0] is not statement:
        only = block[0]
        if not isinstance(only, ast.If | ast.With) or (isinstance(only, ast.If) and only.orelse):
            break
        block = only.body
    return block


def _names_of_outer_functions(file: PythonFile, function: Function) -> set[str]:
    return {
        name
        for above in file.ancestors(function)
        if isinstance(above, Function)
        for name in parameters(above) | {name for one in above.body for name, _ in bindings(one)}
    }


def _deleted(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Delete):
        return set()
    return {one.id if isinstance(one, ast.Name) else "" for one in node.targets}


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)
