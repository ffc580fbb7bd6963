"""Changing text and keeping all the rest of it: lines, and spans of a parsed Python file.

Line numbers count from 1. Every function leaves line endings, indentation and comments around the
place it changes as they are. The card has its own module, `card_edits`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .python import PythonFile

if TYPE_CHECKING:
    import libcst

# Python ends a line here only; `str.splitlines` also does at form feeds and Unicode separators.
_PYTHON_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def newline_of(text: str) -> str:
    """The line ending that a text uses, by its first line."""
    found = re.search(r"\r\n|\r|\n", text)
    return found.group() if found else "\n"


def replace_lines(text: str, changes: Mapping[int, str | None]) -> str:
    """A text with some lines replaced, or taken out where the new line is None.

    For files read line by line (README.md, requirements.txt, Dockerfile). New lines are given
    without their ending; one may hold several, separated by a newline.
    """
    newline = newline_of(text)
    done = []
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if number not in changes:
            done.append(line)
            continue
        new = changes[number]
        if new is not None:
            ending = line[len(line.rstrip("\r\n")) :]
            done.append(new.replace("\n", newline) + ending)
    return "".join(done)


def insert_lines(text: str, before: int, new: Iterable[str]) -> str:
    """A text with new lines put before a line; a number after the last appends them."""
    newline = newline_of(text)
    lines = text.splitlines(keepends=True)
    if before > len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    lines[before - 1 : before - 1] = [f"{line}{newline}" for line in new]
    return "".join(lines)


def replace_nodes(file: PythonFile, changes: Mapping[ast.AST, str]) -> str:
    """The file's text with the exact span of some nodes replaced; they must not overlap.

    Raises:
        ValueError: for nodes that overlap or that have no position.
    """
    return replace_spans(file.text, {span(file, node): new for node, new in changes.items()})


def replace_node(file: PythonFile, node: ast.AST, new: str) -> str:
    """The file's text with one node's span replaced."""
    return replace_nodes(file, {node: new})


def replace_spans(text: str, changes: Mapping[tuple[int, int], str]) -> str:
    """A text with character spans replaced; an empty span inserts.

    Raises:
        ValueError: for spans that overlap.
    """
    done, position = [], 0
    for (start, end), new in sorted(changes.items()):
        if start < position:
            raise ValueError("two changes overlap")
        done += [text[position:start], new]
        position = end
    return "".join([*done, text[position:]])


def span(file: PythonFile, node: ast.AST) -> tuple[int, int]:
    """Where a node begins and ends in the file's text, in characters.

    Raises:
        ValueError: for a node without a position.
    """
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    end_line, end_column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if line is None or column is None or end_line is None or end_column is None:
        raise ValueError(f"{type(node).__name__} has no position")
    return offset(file, line, column), offset(file, end_line, end_column)


def source(file: PythonFile, node: ast.AST) -> str:
    """The text of a node as it was typed."""
    start, end = span(file, node)
    return file.text[start:end]


def offset(file: PythonFile, line: int, column: int) -> int:
    """The character of a position as `ast` gives it: columns are bytes of UTF-8."""
    starts = _line_starts(file)
    start = starts[line - 1]
    text = file.text[start : starts[line] if line < len(starts) else len(file.text)]
    return start + len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))


def statement_lines(file: PythonFile, statement: ast.stmt) -> tuple[int, int]:
    """The characters of a statement's whole lines: indentation, decorators, comment and ending.

    Only right for a statement that shares its lines with no other; see `stands_alone`.
    """
    starts = [*_line_starts(file), len(file.text)]
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    last = statement.end_lineno or statement.lineno
    return starts[first - 1], starts[min(last, len(starts) - 1)]


def stands_alone(file: PythonFile, statement: ast.stmt) -> bool:
    """Whether a statement has its lines for itself, but for a comment at the end."""
    start, end = span(file, statement)
    first, last = statement_lines(file, statement)
    after = file.text[end:last].strip()
    decorated = bool(getattr(statement, "decorator_list", None))
    return (decorated or not file.text[first:start].strip()) and (
        not after or after.startswith("#")
    )


def indentation(file: PythonFile, statement: ast.stmt) -> str:
    """The white space that a statement's line begins with."""
    start = offset(file, statement.lineno, 0)
    line = file.text[start : offset(file, statement.lineno, statement.col_offset)]
    return line[: len(line) - len(line.lstrip())]


def argument_span(
    file: PythonFile, call: ast.Call, given: ast.expr | ast.keyword
) -> tuple[int, int]:
    """The characters to take out so that a call loses one argument, its comma included."""
    parts: list[ast.AST] = sorted([*call.args, *call.keywords], key=lambda part: span(file, part))
    index = parts.index(given)
    start, end = span(file, given)
    if index + 1 < len(parts):
        return start, span(file, parts[index + 1])[0]
    if index:
        return span(file, parts[index - 1])[1], end
    after = re.compile(r"\s*,").match(file.text, end)
    return start, after.end() if after else end


def remove_arguments(file: PythonFile, given: Mapping[ast.expr | ast.keyword, ast.Call]) -> str:
    """The file's text without some arguments, each with the call it stands in."""
    return replace_spans(
        file.text, {argument_span(file, call, part): "" for part, call in given.items()}
    )


def transform(text: str, transformer: libcst.CSTTransformer) -> str:
    """A Python text changed by a libcst transformer; formatting is kept.

    Raises:
        ValueError: when libcst cannot parse the text.
    """
    import libcst

    try:
        module = libcst.parse_module(text)
    except libcst.ParserSyntaxError as error:
        raise ValueError(f"libcst cannot parse it: {error.message}") from error
    return module.visit(transformer).code


def _line_starts(file: PythonFile) -> list[int]:
    return [found.start() for found in _PYTHON_LINE.finditer(file.text)] or [0]
