"""Loaders that have nothing left to do after their model moved to the top of the module."""

from __future__ import annotations

import ast

from ..edits import replace_spans, statement_lines
from ..python import Function, PythonFile
from .app import App
from .statements import asks_whether_there, first_character, removals, statement_of


def without_idle_function(app: App, file: PythonFile, function: Function, text: str) -> str:
    """`text`, without the function when the move has left it nothing to do and nobody needs it.

    `file` is the file before the move; `text` the one after it.
    """
    new = PythonFile(file.path, text)
    found = [one for one in new.functions if one.name == function.name]
    if len(found) != 1 or not _is_idle(found[0]) or found[0] not in new.tree.body:
        return text
    if found[0].decorator_list or _is_imported(app, file, function.name):
        return text
    calls = _bare_calls(new, found[0])
    if calls is None:
        return text
    changes = removals(new, new.tree, calls)
    start, end = first_character(new, found[0]), statement_lines(new, found[0])[1]
    end += len(text[end:]) - len(text[end:].lstrip("\r\n"))
    changes[start, end] = ""
    return replace_spans(new.text, changes)


def _is_idle(function: Function) -> bool:
    docstring = ast.get_docstring(function, clean=False) is not None
    rest = function.body[1:] if docstring else function.body
    return all(isinstance(one, ast.Pass | ast.Global) for one in rest)


def _is_imported(app: App, file: PythonFile, name: str) -> bool:
    return any(
        imported.target.rpartition(".")[2] in {name, "*"}
        for other in app.project.running
        if other.path != file.path
        for imported in other.imports
    )


def _bare_calls(file: PythonFile, function: Function) -> list[ast.stmt] | None:
    """The statements that only call a function, with the test around them; None when it is used
    in any other way.
    """
    found: list[ast.stmt] = []
    for node in file.nodes(ast.Name):
        if node.id != function.name:
            continue
        call = file.parents.get(node)
        statement = statement_of(file, node)
        if not isinstance(call, ast.Call) or call.func is not node:
            return None
        if not isinstance(statement, ast.Expr) or statement.value is not call:
            return None
        found.append(with_its_test(file, statement))
    return found


def with_its_test(file: PythonFile, statement: ast.stmt) -> ast.stmt:
    """The `if model is None:` around a statement that is all it holds, or the statement."""
    above = file.parents.get(statement)
    if isinstance(above, ast.If) and above.body == [statement] and not above.orelse:
        return above if asks_whether_there(above.test) else statement
    return statement
