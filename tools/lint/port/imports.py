"""`import spaces` on top of the app, and of every file where its decorator stands."""

from __future__ import annotations

import ast

from ..edits import newline_of, replace_spans, statement_lines
from ..project import Project
from ..python import PythonFile
from ..recipes import StepResult


def import_spaces(project: Project) -> StepResult:
    """Add the import where it is missing. Where it is there, its rule's fix knows whether it
    comes early enough.
    """
    files = [file for file in project.running if _lacks_import(file, is_app=file is project.app)]
    return StepResult({file.path: _with_import(file) for file in files})


def _lacks_import(file: PythonFile, *, is_app: bool) -> bool:
    if file.syntax_error is not None:
        return False
    has_any = has_sure = False
    for imported in file.imports:
        if imported.module.partition(".")[0] == "spaces" and imported.level == 0:
            has_any = True
            has_sure = has_sure or not (imported.guarded or imported.in_function)
    return not has_sure if is_app else "spaces.GPU" in file.text and not has_any


def _with_import(file: PythonFile) -> str:
    """The text with the import above all others but those of `__future__`."""
    body = file.tree.body
    index = 1 if body and ast.get_docstring(file.tree, clean=False) is not None else 0
    while index < len(body):
        statement = body[index]
        if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
            break
        index += 1
    at_end = index >= len(body)
    place = len(file.text) if at_end else statement_lines(file, body[index])[0]
    return replace_spans(file.text, {(place, place): f"import spaces{newline_of(file.text)}"})
