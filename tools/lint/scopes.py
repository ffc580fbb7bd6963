"""Which scope a piece of code belongs to: the module, or the innermost function around it.

A scope runs as one: what stands directly in a function's body runs when it is called, what stands
at the top of a module runs when it is imported. A class body belongs to the scope around it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from .python import Function, Node, PythonFile

ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Scope:
    """A module, function or lambda in its file."""

    file: PythonFile
    node: ScopeNode

    @property
    def name(self) -> str:
        """The function's name; a module goes by its path."""
        if isinstance(self.node, Function):
            return self.node.name
        return "lambda" if isinstance(self.node, ast.Lambda) else self.file.path

    @property
    def line(self) -> int:
        """Where it begins."""
        return getattr(self.node, "lineno", 1)

    @property
    def is_module(self) -> bool:
        """Whether it runs when its file is imported."""
        return isinstance(self.node, ast.Module)

    @property
    def parameters(self) -> list[ast.arg]:
        """Every parameter but `self` and `cls`, those after `*` included."""
        if isinstance(self.node, ast.Module):
            return []
        given = self.node.args
        return [
            one
            for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)
            if one.arg not in {"self", "cls"}
        ]


class Scopes:
    """The scopes of one file, and the nodes of each."""

    def __init__(self, file: PythonFile) -> None:
        self.file = file
        self._around: dict[ast.AST, ScopeNode] = {}
        self._owned: dict[type[ast.AST], dict[ScopeNode, list[ast.AST]]] = {}

    def around(self, node: ast.AST) -> ScopeNode:
        """The scope that runs a node. A decorator and a default belong to the scope outside."""
        parents, known = self.file.parents, self._around
        path: list[ast.AST] = []
        below, above = node, parents.get(node)
        found: ScopeNode = self.file.tree
        while above is not None:
            if isinstance(above, ast.Module) or _runs(above, below):
                found = above
                break
            if above in known:
                found = known[above]
                break
            path.append(above)
            below, above = above, parents.get(above)
        for passed in path:
            known[passed] = found
        return found

    def owned(self, scope: ScopeNode, kind: type[Node]) -> list[Node]:
        """The nodes of exactly this type that a scope runs itself, in source order."""
        if kind not in self._owned:
            groups: dict[ScopeNode, list[ast.AST]] = defaultdict(list)
            for node in self.file.nodes(kind):
                groups[self.around(node)].append(node)
            self._owned[kind] = dict(groups)
        return self._owned[kind].get(scope, [])  # type: ignore[return-value] # kept by type

    @cached_property
    def definitions(self) -> dict[tuple[ScopeNode, str], Function | ast.ClassDef]:
        """Functions and classes by the scope that defines them; methods are not among them."""
        found: dict[tuple[ScopeNode, str], Function | ast.ClassDef] = {}
        for node in (*self.file.functions, *self.file.nodes(ast.ClassDef)):
            if not isinstance(self.file.parents.get(node), ast.ClassDef):
                found.setdefault((self.around(node), node.name), node)
        return found

    def defined(self, scope: ScopeNode, name: str) -> Function | ast.ClassDef | None:
        """What a bare name means to code of a scope: its own definition, or an outer scope's."""
        looked: ScopeNode = scope
        while True:
            found = self.definitions.get((looked, name))
            if found is not None or isinstance(looked, ast.Module):
                return found
            looked = self.around(looked)

    @cached_property
    def _assigned(self) -> dict[ScopeNode, dict[str, list[ast.expr]]]:
        found: dict[ScopeNode, dict[str, list[ast.expr]]] = defaultdict(lambda: defaultdict(list))
        nodes: list[ast.Assign | ast.AnnAssign | ast.NamedExpr] = [
            *self.file.nodes(ast.Assign),
            *self.file.nodes(ast.AnnAssign),
            *self.file.nodes(ast.NamedExpr),
        ]
        for node in nodes:
            if node.value is None or isinstance(self.file.parents.get(node), ast.ClassDef):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            for name in names:
                found[self.around(node)][name].append(node.value)
        return found

    def values(self, scope: ScopeNode, name: str) -> list[ast.expr]:
        """Every value that a scope assigns to a name of its own; empty for what it only reads."""
        return self._assigned.get(scope, {}).get(name, [])

    @cached_property
    def attributes(self) -> dict[tuple[ast.ClassDef | None, str], list[ast.expr]]:
        """What `self.name` is assigned anywhere in a class, by class and name."""
        found: dict[tuple[ast.ClassDef | None, str], list[ast.expr]] = defaultdict(list)
        for node in self.file.nodes(ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and _is_self(target.value):
                    found[self.file.class_around(node), target.attr].append(node.value)
        return found


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _runs(above: ast.AST, below: ast.AST) -> TypeGuard[Function | ast.Lambda]:
    """Whether a function runs a direct child: its body, not what is evaluated at its definition."""
    if isinstance(above, ast.Lambda):
        return below is above.body
    return (
        isinstance(above, Function)
        and below is not above.args
        and below is not above.returns
        and below not in above.decorator_list
    )
