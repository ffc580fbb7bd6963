"""Statements of a parsed file: where they stand, what is around them, their text elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from ..edits import indentation, newline_of, statement_lines
from ..python import Function, PythonFile

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")


def statement_of(file: PythonFile, node: ast.AST) -> ast.stmt:
    """The innermost statement that a node is or stands in."""
    for above in (node, *file.ancestors(node)):
        if isinstance(above, ast.stmt):
            return above
    raise ValueError("it stands in no statement")


def top_statement(file: PythonFile, node: ast.AST) -> ast.stmt:
    """The statement of the module's top that holds a node."""
    for above in (node, *file.ancestors(node)):
        if isinstance(above, ast.stmt) and isinstance(file.parents.get(above), ast.Module):
            return above
    raise ValueError("it stands in no statement")


def holds(block: Iterable[ast.AST], node: ast.AST) -> bool:
    """Whether a node stands in a block, at any depth."""
    return any(node is inner for one in block for inner in ast.walk(one))


def block_of(file: PythonFile, statement: ast.stmt) -> list[ast.stmt]:
    """The list of statements that a statement is one of."""
    above = file.parents[statement]
    for name in ("body", "orelse", "finalbody"):
        block = getattr(above, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def blocks(node: ast.AST) -> list[list[ast.stmt]]:
    """Every list of statements inside a node."""
    return [
        block
        for inner in ast.walk(node)
        for name in ("body", "orelse", "finalbody")
        if isinstance(block := getattr(inner, name, None), list)
    ]


def declared_global(function: ast.AST) -> set[str]:
    """The names that a function declares `global`."""
    return {
        name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names
    }


def asks_whether_there(test: ast.expr) -> bool:
    """Whether a test looks for something that is made when it is missing: `x is None`, `not x`,
    `"x" not in y`, also several of them.
    """
    if isinstance(test, ast.BoolOp):
        return all(asks_whether_there(value) for value in test.values)
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    compared = test.comparators[0]
    is_none = isinstance(compared, ast.Constant) and compared.value is None
    return (isinstance(test.ops[0], ast.Is | ast.Eq) and is_none) or isinstance(
        test.ops[0], ast.NotIn
    )


def first_character(file: PythonFile, statement: ast.stmt) -> int:
    """Where a statement's lines begin, the comments directly above it included."""
    start = statement_lines(file, statement)[0]
    while start:
        above = file.text.rfind("\n", 0, start - 1) + 1
        if not file.text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def dedented(file: PythonFile, statement: ast.stmt, text: str) -> str:
    """A statement's text from `first_character` on, moved to the left margin.

    Lines inside a text that spans lines are left alone: they are what it says.
    """
    lead = indentation(file, statement)
    first = file.text.count("\n", 0, first_character(file, statement)) + 1
    kept = {
        line
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno is not None
        for line in range(node.lineno + 1, node.end_lineno + 1)
    }
    return "".join(
        line if number in kept else line.removeprefix(lead)
        for number, line in enumerate(_LINE.findall(text), start=first)
    )


def removals(
    file: PythonFile, inside: ast.AST, gone: Sequence[ast.stmt]
) -> dict[tuple[int, int], str]:
    """The changes that take statements out, `pass` put where a block would be left empty."""
    outer = [one for one in gone if not any(one is not two and holds([two], one) for two in gone)]
    changes = {_lines_of(file, one): "" for one in outer}
    for block in blocks(inside):
        leading = list(takewhile(lambda one: any(one is two for two in outer), block))
        if not leading:
            continue
        if len(leading) == len(block):
            idle = f"{indentation(file, block[0])}pass{newline_of(file.text)}"
            changes[_lines_of(file, block[0])] = idle
        elif not isinstance(inside, ast.Module) or block is not inside.body:
            start, end = _lines_of(file, leading[-1])
            del changes[start, end]
            changes[start, _after_blank_lines(file, end)] = ""
    return {_without_double_gap(file, place): new for place, new in changes.items()}


def _lines_of(file: PythonFile, statement: ast.stmt) -> tuple[int, int]:
    return first_character(file, statement), statement_lines(file, statement)[1]


def _without_double_gap(file: PythonFile, place: tuple[int, int]) -> tuple[int, int]:
    """A span with one blank line after it, when one stands before it too."""
    start, end = place
    above = file.text.rfind("\n", 0, max(start - 1, 0)) + 1
    below = file.text.find("\n", end) + 1
    if below and start and not file.text[above:start].strip() and not file.text[end:below].strip():
        return start, below
    return place


def _after_blank_lines(file: PythonFile, place: int) -> int:
    """The beginning of the next line with something on it."""
    for found in _LINE.finditer(file.text, place):
        if found.group().strip():
            return found.start()
    return len(file.text)


def method_class(file: PythonFile, function: Function) -> ast.ClassDef | None:
    """The class that a function is a method of."""
    above = file.parents.get(function)
    return above if isinstance(above, ast.ClassDef) else None
