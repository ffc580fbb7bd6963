"""What a piece of Python uses of the modules it imports: names, attributes, calls.

Only what is certain is claimed: a name that is bound to two different things is left alone.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

CALLED = "()"
"""A step of a path: what calling it gives."""
Path = tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """The arguments of a call. `open`: some are unpacked, so that not all are known."""

    positional: int
    keywords: tuple[str, ...]
    open: bool


@dataclass(frozen=True)
class Use:
    """Something of a module that must exist, and may be called as it is."""

    module: str
    steps: Path
    call: Call | None
    line: int

    @property
    def package(self) -> str:
        """The module's first name."""
        return self.module.partition(".")[0]

    @property
    def text(self) -> str:
        """`gradio.Blocks().launch(share=)`, as a person reads it."""
        name = self.module
        for step in self.steps:
            name += step if step == CALLED else f".{step}"
        if self.call is None:
            return name
        return f"{name}({', '.join(f'{keyword}=' for keyword in self.call.keywords)})"

    def question(self) -> dict[str, Any]:
        """What the program that knows is asked."""
        call = asdict(self.call) if self.call else None
        return {"module": self.module, "steps": self.steps, "call": call}


def uses(tree: ast.Module) -> list[Use]:
    """Everything that the code uses of other modules, once per line."""
    bound = _bindings(tree)
    found = [*_imports(tree), *_expressions(tree, bound)]
    return sorted(set(found), key=lambda use: (use.line, use.text))


def _imports(tree: ast.Module) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Use(name.name, (), None, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                steps = () if name.name == "*" else (name.name,)
                yield Use(node.module, steps, None, node.lineno)


def _expressions(tree: ast.Module, bound: dict[str, Path]) -> Iterator[Use]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            path, call = _path(node.func, bound), _call(node)
        elif isinstance(node, ast.Attribute) and id(node) not in called:
            path, call = _path(node, bound), None
        else:
            continue
        if path:
            yield Use(path[0], path[1:], call, node.lineno)


def _call(node: ast.Call) -> Call:
    return Call(
        positional=sum(not isinstance(one, ast.Starred) for one in node.args),
        keywords=tuple(keyword.arg for keyword in node.keywords if keyword.arg),
        open=any(isinstance(one, ast.Starred) for one in node.args)
        or any(keyword.arg is None for keyword in node.keywords),
    )


def _path(node: ast.expr, bound: dict[str, Path]) -> Path:
    """The module and the steps from it to an expression; empty where that is not known."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, ())
    if isinstance(node, ast.Attribute):
        base = _path(node.value, bound)
        return (*base, node.attr) if base else ()
    if isinstance(node, ast.Call):
        base = _path(node.func, bound)
        return (*base, CALLED) if base else ()
    return ()


def _bindings(tree: ast.Module) -> dict[str, Path]:
    """What each name stands for, wherever in the block it is bound."""
    bound: dict[str, Path] = {}
    # Twice: a name may be made from one that is bound further down.
    for _ in range(2):
        collected: dict[str, set[Path]] = defaultdict(set)
        for node in ast.walk(tree):
            for name, path in _bound_by(node, bound):
                collected[name].add(path)
        bound = {
            name: next(iter(paths))
            for name, paths in collected.items()
            if len(paths) == 1 and () not in paths
        }
    return bound


def _bound_by(node: ast.AST, bound: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """The names that a node binds; the empty path for what is not known."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _imported(node)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        yield from _assigned(node, bound)
    elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
        yield node.optional_vars.id, _path(node.context_expr, bound)
    elif isinstance(node, ast.arg):
        yield node.arg, _instance(node.annotation, bound)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, ()
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension | ast.AugAssign):
        yield from _names(node.target)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, _instance(node.type, bound)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Path]]:
    for name in node.names:
        if isinstance(node, ast.Import):
            yield name.asname or name.name.partition(".")[0], _module(name)
        else:
            known = node.module is not None and not node.level
            yield name.asname or name.name, (str(node.module), name.name) if known else ()


def _module(name: ast.alias) -> Path:
    return (name.name if name.asname else name.name.partition(".")[0],)


def _assigned(
    node: ast.Assign | ast.AnnAssign | ast.NamedExpr, bound: dict[str, Path]
) -> Iterator[tuple[str, Path]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, _path(node.value, bound) if node.value else ()
        else:
            yield from _names(target)


def _names(target: ast.AST) -> Iterator[tuple[str, Path]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, ()


def _instance(annotation: ast.expr | None, bound: dict[str, Path]) -> Path:
    """An argument that is annotated with a class is an instance of it; `X | None` is X."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        annotation = annotation.left
    path = _path(annotation, bound) if annotation else ()
    return (*path, CALLED) if path else ()
