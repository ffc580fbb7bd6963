"""Classes that load their model when they are first used, made to load it when they are made."""

from __future__ import annotations

import ast

from ..edits import indentation, newline_of, replace_spans, statement_lines
from ..python import Function, PythonFile
from ..scopes import Scope
from .app import App
from .idle import with_its_test
from .names import bindings, parameters, reads
from .planning import CannotMoveError, guard_of
from .statements import dedented, first_character, removals, statement_of


def load_in_constructor(
    app: App, file: PythonFile, owner: ast.ClassDef, method: Function, call: ast.Call
) -> str:
    """The file's text with a model, which a method builds, built by `__init__`.

    Raises:
        CannotMoveError: when the method needs its arguments for it, or a base class has a say.
    """
    if method.name == "__init__":
        raise CannotMoveError("its class is made for each call")
    calls = _calls_of_loader(app, file, method)
    if calls is not None:
        return _loader_called_by_constructor(file, owner, method, calls)
    return _statements_in_constructor(file, owner, method, statement_of(file, call))


def _calls_of_loader(app: App, file: PythonFile, method: Function) -> list[ast.stmt] | None:
    """The statements that do nothing but call a method that only loads; None when it does more."""
    scope, given = Scope(file, method), method.args
    needed = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    if needed > 1 or scope in app.handlers or method.decorator_list:
        return None
    if any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(method)):
        return None
    statements: list[ast.stmt] = []
    for one in file.method_calls(method.name):
        if app.graph.function(app.graph.around(file, one), one.func) != scope:
            continue
        statement = statement_of(file, one)
        if not isinstance(statement, ast.Expr) or statement.value is not one or one.args:
            return None
        if _runs_for_visitor(app, file, one):
            statements.append(with_its_test(file, statement))
    return statements or None


def _runs_for_visitor(app: App, file: PythonFile, call: ast.Call) -> bool:
    around = app.graph.around(file, call)
    return not around.is_module and around.name != "__init__"


def _loader_called_by_constructor(
    file: PythonFile, owner: ast.ClassDef, method: Function, calls: list[ast.stmt]
) -> str:
    changes = removals(file, file.tree, calls)
    receiver = _receiver(method)
    called = f"{receiver}.{method.name}()"
    return replace_spans(file.text, {**changes, **_in_constructor(file, owner, called)})


def _statements_in_constructor(
    file: PythonFile, owner: ast.ClassDef, method: Function, statement: ast.stmt
) -> str:
    guard = guard_of(file, method, statement)
    moved = guard.body if guard is not None else [statement]
    if guard is not None and guard.orelse:
        raise CannotMoveError("the test before it has an `else`")
    if guard is None and statement not in method.body:
        raise CannotMoveError("it stands in a branch or a loop")
    mine = {name for one in moved for name, _ in bindings(one)}
    local = {name for one in method.body for name, _ in bindings(one)} - mine
    wanted = reads(*moved) - {_receiver(method)}
    for name in sorted(wanted & (parameters(method) | local)):
        raise CannotMoveError(f"it depends on `{name}` of the call")
    if any(isinstance(node, ast.Return | ast.Await) for one in moved for node in ast.walk(one)):
        raise CannotMoveError("it may leave the function")
    gone: list[ast.stmt] = [guard] if guard is not None else list(moved)
    left = {name for one in method.body if one not in gone for name in reads(one)}
    if mine & left or not _is_attribute(statement, _receiver(method)):
        raise CannotMoveError("the function goes on with it under a local name")
    text = "".join(_piece(file, one) for one in moved)
    changes = removals(file, file.tree, gone)
    return replace_spans(file.text, {**changes, **_in_constructor(file, owner, text.rstrip())})


def _is_attribute(statement: ast.stmt, receiver: str) -> bool:
    """Whether a statement assigns attributes of the object, such as `self.pipe`."""
    if not isinstance(statement, ast.Assign):
        return isinstance(statement, ast.Expr)
    targets = [
        part
        for target in statement.targets
        for part in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    return all(
        isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == receiver
        for one in targets
    )


def _in_constructor(file: PythonFile, owner: ast.ClassDef, text: str) -> dict[tuple[int, int], str]:
    """The change that puts lines at the end of a class's `__init__`, which is made if missing."""
    newline = newline_of(file.text)
    found = [one for one in owner.body if isinstance(one, Function) and one.name == "__init__"]
    if found:
        last = found[0].body[-1]
        lead, end = indentation(file, last), statement_lines(file, last)[1]
        if isinstance(last, ast.Return):
            raise CannotMoveError("`__init__` of its class returns early")
        start = "" if file.text[:end].endswith("\n") else newline
        return {(end, end): start + _indented(text, lead, newline)}
    if owner.bases:
        raise CannotMoveError("its class has a base class and no `__init__`")
    first = owner.body[0]
    has_docstring = ast.get_docstring(owner, clean=False) is not None
    lead = indentation(file, first)
    place = statement_lines(file, first)[1] if has_docstring else first_character(file, first)
    body = f"{lead}def __init__(self):{newline}" + _indented(text, lead * 2, newline)
    body = f"{newline}{body}" if has_docstring else f"{body}{newline}"
    return {(place, place): body}


def _indented(text: str, lead: str, newline: str) -> str:
    return "".join(
        f"{lead}{line}{newline}" if line.strip() else newline for line in text.split("\n")
    )


def _piece(file: PythonFile, statement: ast.stmt) -> str:
    start, end = first_character(file, statement), statement_lines(file, statement)[1]
    return dedented(file, statement, file.text[start:end]).replace("\r\n", "\n")


def _receiver(method: Function) -> str:
    first = [*method.args.posonlyargs, *method.args.args]
    if not first:
        raise CannotMoveError("it is in a method without `self`")
    return first[0].arg
