"""Variables that an app needs from its Space."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...knowledge.library_removals import library_removals
from ..attempts import is_prepared
from ..finding import Hit, Severity
from ..project import Project
from ..python import PythonFile
from ..rule import rule


@rule(
    "APP_ENV_REQUIRED",
    Severity.INFO,
    "A variable that the app cannot start without",
    source="hub-docs spaces-overview.md: secrets and variables",
    as_of="2026-11-22",
    reference="debugging",
)
def environment_required(project: Project) -> Iterator[Hit]:
    """`os.environ["NAME"]` raises KeyError when the variable is not set, and a secret of a laptop
    is not in the Space. It has to be set there before the first start.
    """
    facts = library_removals()
    if project.app is None:
        return
    seen: set[str] = set()
    for file in project.running:
        if "environ" not in file.text:
            continue
        given = {name for name, _ in _environment(file, ast.Store)}
        for name, node in _environment(file, ast.Load):
            hidden = file.function_around(node) is not None or is_prepared(file, node)
            if name in seen | given or facts.is_provided(name) or hidden or _caught(file, node):
                continue
            seen.add(name)
            message = f"the app does not start without `{name}`; set it as a secret or variable"
            yield Hit(file.path, node.lineno, message)


def _environment(
    file: PythonFile, context: type[ast.expr_context]
) -> Iterator[tuple[str, ast.Subscript]]:
    for node in file.nodes(ast.Subscript):
        if isinstance(node.ctx, context) and isinstance(node.slice, ast.Constant):
            name = node.slice.value
            if isinstance(name, str) and file.qualified(node.value) == "os.environ":
                yield name, node


def _caught(file: PythonFile, node: ast.AST) -> bool:
    return any(isinstance(up, ast.Try | ast.If | ast.IfExp) for up in file.ancestors(node))
