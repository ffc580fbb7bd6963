"""Carrying out a move: the statements go to the top of the module, behind all that they read."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..edits import newline_of, replace_spans, span, stands_alone, statement_lines
from ..python import Function
from .names import BUILTINS, ModuleNames, bindings, reads
from .planning import CannotMoveError, Move
from .statements import declared_global, dedented, first_character, removals, top_statement


def apply_move(move: Move) -> str:
    """The file's text after a move."""
    return _Mover(move).text()


class _Mover:
    def __init__(self, move: Move) -> None:
        self.move = move
        self.file = move.file
        self._body = move.file.tree.body
        self._module = ModuleNames(move.file)
        self._moved = {inner for one in move.statements for inner in ast.walk(one)}
        self._renamed = self._new_names()
        self._newline = newline_of(move.file.text)

    def text(self) -> str:
        """The text with all changes."""
        new = [one for one in self.move.statements if not self._is_there(one)]
        changes = self._insertion("".join(self._piece(one) for one in new))
        changes |= self._removals()
        changes |= self._placeholders()
        changes |= self._renamed_uses()
        return replace_spans(self.file.text, changes)

    def _renamed_uses(self) -> dict[tuple[int, int], str]:
        gone = {inner for one in self.move.gone for inner in ast.walk(one)} | self._moved
        return {
            span(self.file, node): self._renamed[node.id]
            for node in ast.walk(self.move.function)
            if isinstance(node, ast.Name) and node.id in self._renamed and node not in gone
        }

    def _new_names(self) -> dict[str, str]:
        """Names that mean something else at the top of the module get the function's name too."""
        taken = set(self._module.bound) | BUILTINS
        renamed: dict[str, str] = {}
        for name in sorted(self.move.names - declared_global(self.move.function)):
            if name not in taken or self._is_same(name) or self._is_placeholder(name):
                continue
            if not self._is_variable(name):
                self._refuse_other_meaning(name)
                continue
            new = f"{self.move.function.name.strip('_')}_{name}"
            while new in taken:
                new += "_"
            renamed[name] = new
        return renamed

    def _is_variable(self, name: str) -> bool:
        return all(isinstance(binder, ast.Name) for binder in _binders(self.move.statements, name))

    def _refuse_other_meaning(self, name: str) -> None:
        """Imports can be made twice, and the name of an exception is gone after its handler; any
        other definition would replace the one at the top of the module.
        """
        there = [self._body[index] for index in self._module.bound.get(name, ())]
        for binder in _binders(self.move.statements, name):
            same = isinstance(binder, ast.ExceptHandler) or (
                isinstance(binder, ast.Import | ast.ImportFrom)
                and _imports(binder, name) in {_imports(one, name) for one in _binders(there, name)}
            )
            if not same:
                raise CannotMoveError(f"`{name}` means something else at the top of the module")

    def _is_same(self, name: str) -> bool:
        """Whether the module's top makes a name by the very statement that would be moved."""
        mine = [one for one in self.move.statements if name in dict(bindings(one))]
        there = [self._body[index] for index in self._module.bound.get(name, ())]
        return [ast.dump(one) for one in mine] == [ast.dump(one) for one in there]

    def _is_there(self, statement: ast.stmt) -> bool:
        names = dict(bindings(statement))
        return bool(names) and all(self._is_same(name) for name in names)

    def _is_placeholder(self, name: str) -> bool:
        """Whether the module's top only says `name = None`."""
        indexes = self._module.bound.get(name, ())
        return bool(indexes) and all(_is_none(self._body[index]) for index in indexes)

    def _placeholders(self) -> dict[tuple[int, int], str]:
        """The changes that take out `model = None`, which would stand before the real thing."""
        surely_bound = {
            name
            for one in self.move.statements
            if isinstance(one, ast.Assign | ast.AnnAssign)
            for name, _ in bindings(one)
        }
        found = [
            self._body[index]
            for name in surely_bound
            if self._is_placeholder(name)
            for index in self._module.bound[name]
        ]
        return {
            statement_lines(self.file, one): ""
            for one in found
            if stands_alone(self.file, one) and len(dict(bindings(one))) == 1
        }

    def _insertion(self, text: str) -> dict[tuple[int, int], str]:
        if not text:
            return {}
        index = self._position()
        if index >= len(self._body):
            end = len(self.file.text)
            lead = "" if self.file.text.endswith("\n") else self._newline
            return {(end, end): f"{lead}{self._newline}{text}"}
        after = self._body[index]
        start = first_character(self.file, after)
        above = self.file.text[:start].replace("\r\n", "\n")
        lead = "" if not above.strip() or above.endswith("\n\n") else self._newline
        gap = self._newline * (2 if isinstance(after, Function | ast.ClassDef) else 1)
        return {(start, start): f"{lead}{text}{gap}"}

    def _position(self) -> int:
        """The index of the top-level statement to insert before."""
        before = self._body.index(top_statement(self.file, self.move.function))
        wanted = {name for one in self.move.statements for name in reads(one)} - self.move.names
        last = self._module.last_binding(wanted, before)
        same = [self._module.bound[name][0] for name in self.move.names if self._is_same(name)]
        return max([before, last + 1, *(index + 1 for index in same)])

    def _piece(self, statement: ast.stmt) -> str:
        """A statement as it stands at the top of the module, with the comments above it."""
        start = first_character(self.file, statement)
        end = statement_lines(self.file, statement)[1]
        changes = {}
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Name) and inner.id in self._renamed:
                first, last = span(self.file, inner)
                changes[first - start, last - start] = self._renamed[inner.id]
        text = replace_spans(self.file.text[start:end], changes)
        text = text if text.endswith("\n") else text + self._newline
        return dedented(self.file, statement, text)

    def _removals(self) -> dict[tuple[int, int], str]:
        """The changes that take the moved statements, and what is now idle, out of the function."""
        gone: list[ast.stmt] = [*self.move.statements, *self.move.gone]
        gone += self._idle_globals(gone)
        return removals(self.file, self.file.tree, gone)

    def _idle_globals(self, gone: Sequence[ast.stmt]) -> list[ast.Global]:
        """`global` statements for names that the function no longer assigns."""
        left = set(ast.walk(self.move.function))
        left -= {node for one in gone for node in ast.walk(one)}
        stored = {
            node.id
            for node in left
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return [
            node
            for node in left
            if isinstance(node, ast.Global)
            and set(node.names) & self.move.names
            and not set(node.names) & stored
            and stands_alone(self.file, node)
        ]


def _binders(statements: Sequence[ast.AST], name: str) -> list[ast.AST]:
    return [binder for one in statements for bound, binder in bindings(one) if bound == name]


def _imports(node: ast.AST, name: str) -> tuple[str, str] | None:
    """What an import statement makes a name mean: module, and name inside it."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return None
    module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
    for alias in node.names:
        if name in {alias.asname, alias.name.partition(".")[0]}:
            return module, alias.name
    return None


def _is_none(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    value = statement.value
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
