"""Which names a piece of code reads and binds, and where a module binds them."""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..python import Function, PythonFile

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__"}
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def reads(*nodes: ast.AST) -> set[str]:
    """The names that code reads from around it, those it binds itself inside left out."""
    return {name for node in nodes for name in _reads(node)}


def _reads(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    inner = {name for child in ast.iter_child_nodes(node) for name in _reads(child)}
    if isinstance(node, Function | ast.Lambda):
        outside = {name for part in _evaluated_outside(node) for name in _reads(part)}
        body = node.body if isinstance(node.body, list) else [node.body]
        own = parameters(node) | (binds(body) - _declared_global(body))
        return outside | (reads(*body) - own)
    if isinstance(node, _Comprehension):
        return inner - {
            part.id
            for generator in node.generators
            for part in ast.walk(generator.target)
            if isinstance(part, ast.Name)
        }
    return inner


def _evaluated_outside(node: Function | ast.Lambda) -> Iterator[ast.AST]:
    yield from getattr(node, "decorator_list", ())
    yield from node.args.defaults
    yield from (default for default in node.args.kw_defaults if default is not None)


def parameters(node: Function | ast.Lambda) -> set[str]:
    """The names of a function's parameters."""
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    named += [one for one in (given.vararg, given.kwarg) if one is not None]
    return {one.arg for one in named}


def binds(statements: Iterable[ast.AST]) -> set[str]:
    """The names that statements bind in their own scope, also inside `if`, `try`, `with`, loops."""
    return {name for statement in statements for name, _ in bindings(statement)}


def bindings(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Names bound by a statement, each with the node that does it; nested scopes left out."""
    if isinstance(node, Function | ast.ClassDef):
        yield node.name, node
        return
    if isinstance(node, ast.Lambda | _Comprehension):
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], node
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id, node
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, node
    for child in ast.iter_child_nodes(node):
        yield from bindings(child)


def _declared_global(statements: Iterable[ast.AST]) -> set[str]:
    return {
        name
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }


class ModuleNames:
    """The names of a module, with the top-level statements that bind them, by index."""

    def __init__(self, file: PythonFile) -> None:
        self._body = file.tree.body
        self.bound: dict[str, list[int]] = defaultdict(list)
        for index, statement in enumerate(self._body):
            for name, _ in bindings(statement):
                self.bound[name].append(index)

    def is_known(self, name: str) -> bool:
        """Whether code at the module's top can read a name; a star import may bring any."""
        return name in self.bound or name in BUILTINS or "*" in self.bound

    def needed(self, names: Iterable[str]) -> set[str]:
        """Names and all that the functions and classes among them read when they run."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            for index in self.bound.get(name, ()):
                statement = self._body[index]
                if isinstance(statement, Function | ast.ClassDef):
                    waiting += reads(statement) & self.bound.keys()
        return found

    def last_binding(self, names: Iterable[str], before: int) -> int:
        """The index of the last statement that has to run before all names are there, or -1."""
        found: list[int] = [-1, *self.bound.get("*", ())[:1]]
        for name in self.needed(names):
            indexes = self.bound.get(name, [])
            earlier = [index for index in indexes if index < before]
            if indexes:
                found.append(earlier[-1] if earlier else indexes[0])
        return max(found)
