"""One Python file, parsed once and walked once: what it imports, calls, defines and assigns.

Names are qualified through the file's imports: after `import torch as t`, `t.cuda.is_available`
reads `torch.cuda.is_available`. Following a name into another file of the project is `Project`'s.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from .texts import lines_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)

_WITHOUT_MEANING = (ast.Load, ast.Store, ast.Del, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class Imported:
    """One imported name: `from gradio import Blocks as B` binds `B` to `gradio.Blocks`.

    `level` is the number of leading dots of a relative import; `guarded` says that it stands in a
    `try` or an `if`, so that its absence may be handled.
    """

    binds: str
    target: str
    module: str
    level: int
    node: ast.Import | ast.ImportFrom
    guarded: bool
    in_function: bool

    @property
    def line(self) -> int:
        """Where the statement begins."""
        return self.node.lineno


class PythonFile:
    """A Python file; when it does not parse, `tree` is empty and `syntax_error` is set."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff")
        self.lines: Sequence[str] = lines_of(self.text)
        self.syntax_error: SyntaxError | None = None
        self.tree = self._parsed()
        self.parents: dict[ast.AST, ast.AST] = {}
        self._by_type: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self._walk()

    def _parsed(self) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a stranger's invalid escape is not ours to print
                return ast.parse(self.text[:MOST_CHARACTERS])
        except SyntaxError as error:
            self.syntax_error = error
        except (ValueError, RecursionError, MemoryError) as error:
            self.syntax_error = SyntaxError(str(error))
            self.syntax_error.lineno = 1
        return ast.Module(body=[], type_ignores=[])

    def _walk(self) -> None:
        """Index every node by type and parent. By hand: `ast.walk` costs twice as much."""
        stack: list[ast.AST] = [self.tree]
        by_type, parents = self._by_type, self.parents
        while stack:
            node = stack.pop()
            by_type[type(node)].append(node)
            for name in node._fields:
                child = getattr(node, name, None)
                if isinstance(child, list):
                    for item in child:
                        if isinstance(item, ast.AST) and not isinstance(item, _WITHOUT_MEANING):
                            parents[item] = node
                            stack.append(item)
                elif isinstance(child, ast.AST) and not isinstance(child, _WITHOUT_MEANING):
                    parents[child] = node
                    stack.append(child)

    def nodes(self, kind: type[Node]) -> list[Node]:
        """All nodes of exactly this type, in source order."""
        found: list[Node] = list(self._by_type.get(kind, ()))  # type: ignore[arg-type] # by type
        found.sort(key=_position)
        return found

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_around(self, node: ast.AST) -> Function | ast.Lambda | None:
        """The innermost function whose body holds a node; a decorator or default is outside it."""
        below = node
        for above in self.ancestors(node):
            if isinstance(above, ast.Lambda):
                return above
            if isinstance(above, Function) and below in above.body:
                return above
            below = above
        return None

    def class_around(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class whose body holds a node, through functions too."""
        return next((up for up in self.ancestors(node) if isinstance(up, ast.ClassDef)), None)

    def is_main_guarded(self, node: ast.AST) -> bool:
        """Whether a node stands under `if __name__ == "__main__":`, which does run in a Space."""
        return any(isinstance(up, ast.If) and _is_main_test(up.test) for up in self.ancestors(node))

    @cached_property
    def functions(self) -> list[Function]:
        """Every `def` and `async def`, methods and nested ones included."""
        both: list[Function] = [*self.nodes(ast.FunctionDef), *self.nodes(ast.AsyncFunctionDef)]
        return sorted(both, key=_position)

    @cached_property
    def imports(self) -> list[Imported]:
        """Every imported name, in source order."""
        found: list[Imported] = []
        nodes: list[ast.Import | ast.ImportFrom] = [
            *self.nodes(ast.Import),
            *self.nodes(ast.ImportFrom),
        ]
        for node in nodes:
            guarded = any(isinstance(up, ast.Try | ast.If) for up in self.ancestors(node))
            inside = self.function_around(node) is not None
            found += (
                _imported(node, alias, guarded=guarded, in_function=inside) for alias in node.names
            )
        return sorted(found, key=lambda one: one.line)

    @cached_property
    def bound_imports(self) -> dict[str, str]:
        """Local name to what it stands for: `np` to `numpy`. Names starting with a dot are the
        project's own: `.utils.load`.
        """
        return {found.binds: "." * found.level + found.target for found in self.imports}

    def qualified(self, node: ast.AST) -> str | None:
        """The dotted name that an expression spells, imports resolved; None when it is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        parts.append(self.bound_imports.get(node.id, node.id))
        return ".".join(reversed(parts))

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, in source order."""
        return self.nodes(ast.Call)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = defaultdict(list)
        for call in self.calls:
            name = self.qualified(call.func)
            if name:
                found[name].append(call)
        return dict(found)

    def calls_to(self, *names: str) -> list[ast.Call]:
        """Calls of functions by qualified name, such as `torch.cuda.set_device`."""
        found = [call for name in names for call in self._calls_by_name.get(name, ())]
        return sorted(found, key=_position)

    @property
    def called_names(self) -> Sequence[str]:
        """The qualified names of everything that is called."""
        return tuple(self._calls_by_name)

    def method_calls(self, *methods: str) -> list[ast.Call]:
        """Calls `<anything>.method(...)`, such as every `.launch(...)`."""
        return [
            call
            for call in self.calls
            if isinstance(call.func, ast.Attribute) and call.func.attr in methods
        ]

    @cached_property
    def module_names(self) -> dict[str, list[ast.expr]]:
        """Names assigned at the top level of the module (also inside its `if`, `try`, `with`), with
        every value they get.
        """
        found: dict[str, list[ast.expr]] = defaultdict(list)
        nodes: list[ast.Assign | ast.AnnAssign] = [
            *self.nodes(ast.Assign),
            *self.nodes(ast.AnnAssign),
        ]
        for node in nodes:
            if self.function_around(node) is not None or self.class_around(node) is not None:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:
                    found[target.id].append(node.value)
        return dict(found)

    def constant(self, node: ast.AST | None) -> object:
        """The value of a literal, or of a module-level name that is one literal; else None."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self.constant(node.operand)
            return -value if isinstance(value, int | float) else None
        if isinstance(node, ast.Name):
            values = self.module_names.get(node.id, [])
            if len(values) == 1 and isinstance(values[0], ast.Constant):
                return values[0].value
        return None


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """An argument of a call by keyword, or by position (from 0) where it may be positional."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        given = call.args[: position + 1]
        if not any(isinstance(item, ast.Starred) for item in given):
            return given[position]
    return None


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _imported(
    node: ast.Import | ast.ImportFrom, alias: ast.alias, *, guarded: bool, in_function: bool
) -> Imported:
    if isinstance(node, ast.Import):
        binds = alias.asname or alias.name.partition(".")[0]
        target = alias.name if alias.asname else binds
        return Imported(binds, target, alias.name, 0, node, guarded, in_function)
    module = node.module or ""
    target = f"{module}.{alias.name}" if module else alias.name
    return Imported(
        alias.asname or alias.name, target, module, node.level, node, guarded, in_function
    )


def _is_main_test(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )
