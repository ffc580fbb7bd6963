"""What an app does before it imports `spaces`, in the order in which Python does it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..knowledge.gpu_code import gpu_code_facts
from .devices import places_on_cuda
from .edits import stands_alone
from .execution import Execution, execution_of
from .following import files_of_import
from .project import Project
from .python import Imported, PythonFile
from .scopes import Scope
from .spelling import mentions, spelled

DEEPEST = 8
"""Calls that are followed at import."""


@dataclass(frozen=True)
class Early:
    """Something that happens before `import spaces`: at `node` of `file`.

    `top` is the statement of the app's own file that leads there.
    """

    what: str
    file: PythonFile
    node: ast.stmt | ast.expr
    top: ast.stmt | ast.expr


@dataclass(frozen=True)
class BeforeSpaces:
    """The imports of torch and the uses of CUDA before `import spaces`, each in order.

    `spaces` is where it is imported; None when no code at import does it, and then there is no
    before.
    """

    imports: tuple[Early, ...]
    uses: tuple[Early, ...]
    spaces: Early | None


class _FoundError(Exception):
    """`spaces` is imported; nothing after it matters."""


class _Walk:
    """Follows what the app does, statement by statement, until it imports `spaces`."""

    def __init__(self, model: Execution) -> None:
        self._model = model
        self._seen: set[str] = set()
        self._entered: set[Scope] = set()
        self.imports: list[Early] = []
        self.uses: list[Early] = []
        self.spaces: Early | None = None

    def file(self, file: PythonFile, top: ast.stmt | ast.expr | None) -> None:
        """Import a file."""
        if file.path not in self._seen:
            self._seen.add(file.path)
            self.scope(Scope(file, file.tree), top, 0)

    def scope(self, scope: Scope, top: ast.stmt | ast.expr | None, depth: int) -> None:
        """Run a scope."""
        if scope in self._entered or depth > DEEPEST:
            return
        self._entered.add(scope)
        for node in self._steps(scope):
            if self._model.is_dead(scope, node):
                continue
            if isinstance(node, ast.Call):
                self._call(scope, node, top or node, depth)
            else:
                self._import(scope.file, node, top or node)

    def _steps(self, scope: Scope) -> Iterator[ast.Call | ast.Import | ast.ImportFrom]:
        scopes = self._model.graph.scopes(scope.file)
        nodes: list[ast.Call | ast.Import | ast.ImportFrom] = [
            *scopes.owned(scope.node, ast.Import),
            *scopes.owned(scope.node, ast.ImportFrom),
            *scopes.owned(scope.node, ast.Call),
        ]
        nodes.sort(key=lambda node: (node.lineno, node.col_offset))
        return iter(nodes)

    def _import(
        self, file: PythonFile, node: ast.Import | ast.ImportFrom, top: ast.stmt | ast.expr
    ) -> None:
        for imported in (one for one in file.imports if one.node is node):
            others = list(files_of_import(self._model.project, file, imported))
            for other in others:
                self.file(other, top)
            if not others:
                self._import_package(file, imported, top)

    def _import_package(
        self, file: PythonFile, imported: Imported, top: ast.stmt | ast.expr
    ) -> None:
        package = imported.module.partition(".")[0]
        if imported.level or _is_for_types(file, imported.node):
            return
        early = Early(package, file, imported.node, top)
        if package == "spaces":
            self.spaces = early
            raise _FoundError
        if package in gpu_code_facts().torch_packages:
            self.imports.append(early)

    def _call(self, scope: Scope, call: ast.Call, top: ast.stmt | ast.expr, depth: int) -> None:
        name = scope.file.qualified(call.func) or ""
        if name in gpu_code_facts().asks_cuda or places_on_cuda(self._model.graph, scope, call):
            what = name if name.startswith("torch.") else spelled(call.func)
            self.uses.append(Early(what, scope.file, call, top))
        for edge in self._model.graph.edges(scope):
            if edge.call is call and not edge.handed:
                self.scope(edge.target, top, depth + 1)


def _is_for_types(file: PythonFile, node: ast.stmt) -> bool:
    return any(
        isinstance(above, ast.If) and mentions(file, above.test, "TYPE_CHECKING")
        for above in file.ancestors(node)
    )


def before_spaces(model: Execution) -> BeforeSpaces:
    """What the app imports and does before `import spaces`."""
    walk = _Walk(model)
    app = model.project.app
    try:
        if app is not None:
            walk.file(app, None)
    except _FoundError:
        pass
    return BeforeSpaces(tuple(walk.imports), tuple(walk.uses), walk.spaces)


def order_of(project: Project) -> BeforeSpaces:
    """The order of a project's imports, found once."""
    return project.once(_found)


def _found(project: Project) -> BeforeSpaces:
    return before_spaces(execution_of(project))


@dataclass(frozen=True)
class Move:
    """An import of `spaces` that can be moved, and the app's statement that it belongs above."""

    statement: ast.stmt
    above: ast.stmt


def spaces_import_to_move(project: Project) -> Move | None:
    """How `import spaces` gets above torch: None when it is no plain statement of the app's file,
    alone on its line.
    """
    order, app = order_of(project), project.app
    if app is None or order.spaces is None or not order.imports:
        return None
    statement = order.spaces.node
    names = getattr(statement, "names", ())
    is_plain = isinstance(statement, ast.ImportFrom) or len(names) == 1
    if statement not in app.tree.body or not isinstance(statement, ast.stmt) or not is_plain:
        return None
    above: ast.AST = order.imports[0].top
    while app.parents.get(above) not in {None, app.tree}:
        above = app.parents[above]
    if not isinstance(above, ast.stmt) or not stands_alone(app, statement):
        return None
    return Move(statement, above)
