"""ZeroGPU: `import spaces` comes first, and is the real one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..finding import Fix, Hit, Severity
from ..import_order import Early, order_of, spaces_import_to_move
from ..project import Project
from ..python import PythonFile
from ..rule import on_zero_gpu, rule

_SOURCE = "spaces 0.51.3 zero/__init__.py; hub-docs spaces-zerogpu.md (2026-08-22)"


@rule(
    "ZG_IMPORT_ORDER",
    Severity.WARNING,
    "torch is imported before `spaces`",
    source=_SOURCE,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
    fix=Fix.SAFE,
)
def import_order(project: Project) -> Iterator[Hit]:
    """`spaces` replaces parts of torch when it is imported. Whatever an earlier import does with
    CUDA reaches the driver, and then `import spaces` refuses to go on. Importing it first keeps the
    app out of that trap when a library changes.
    """
    order = order_of(project)
    if order.spaces is None or not order.imports:
        return
    early = order.imports[0]
    file, line = _place(project, early)
    where = "" if file == early.file.path else f" (in {early.file.path}, which is imported here)"
    message = f"`{early.what}` is imported before `spaces`{where}; put `import spaces` above it"
    fixable = spaces_import_to_move(project) is not None
    yield Hit(file, line, message, fixable=fixable)


def _place(project: Project, early: Early) -> tuple[str, int]:
    """The app's own line that leads there: `import spaces` has to stand above it."""
    app = project.app
    return (app.path if app is not None else early.file.path), early.top.lineno


@rule(
    "ZG_CUDA_BEFORE_SPACES",
    Severity.ERROR,
    "CUDA is used before `spaces` is imported",
    source=f"{_SOURCE}; torch/csrc/cuda/Module.cpp (counting devices forbids a later fork)",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def cuda_before_spaces(project: Project) -> Iterator[Hit]:
    """`import spaces` raises "CUDA has been initialized before importing the `spaces` package" when
    the process has asked for CUDA before. Asking whether it is available is enough.
    """
    order = order_of(project)
    if order.spaces is None or not order.uses:
        return
    early = order.uses[0]
    file, line = _place(project, early)
    where = "" if file == early.file.path else f" in {early.file.path}"
    yield Hit(
        file,
        line,
        f"`{early.what}`{where} runs before `import spaces`, which then raises; "
        "put `import spaces` at the top of the app",
    )


@rule(
    "ZG_STUB",
    Severity.INFO,
    "a stand-in replaces `spaces` when its import fails",
    source=_SOURCE,
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def stub(project: Project) -> Iterator[Hit]:
    """The package is installed everywhere a Gradio Space runs, and off ZeroGPU its decorator does
    nothing. A stand-in hides the real reason when the import fails on ZeroGPU; one that catches
    every exception hides even that CUDA came first, and the app then has no GPU function.
    """
    for file in project.running:
        for imported in file.imports:
            if imported.module.partition(".")[0] != "spaces" or imported.level:
                continue
            handler = _handler_around(file, imported.node)
            if handler is None or _raises(handler):
                continue
            message = (
                "a failing `import spaces` is hidden here; import it plainly, off ZeroGPU the "
                "decorator does nothing"
            )
            yield Hit(file.path, imported.line, message)


def _handler_around(file: PythonFile, node: ast.stmt) -> ast.ExceptHandler | None:
    above = file.parents.get(node)
    if isinstance(above, ast.Try) and node in above.body and above.handlers:
        return above.handlers[0]
    return None


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(statement, ast.Raise) for statement in handler.body)


@rule(
    "ZG_SHADOWED",
    Severity.ERROR,
    "a file of the Space is imported instead of the package `spaces`",
    source="Python's import system: the folder of the started file comes first",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_zero_gpu,
)
def shadowed(project: Project) -> Iterator[Hit]:
    """A module or package called `spaces` beside the app is found before the installed one. Nothing
    is then emulated or decorated, and the Space fails as one without a GPU function.
    """
    app = project.app
    own = project.module_file("spaces", importer=app) if app is not None else None
    if own is None or own.calls_to("spaces.GPU"):
        return
    for file in project.running:
        for imported in file.imports:
            is_package = imported.module.partition(".")[0] == "spaces" and not imported.level
            if is_package and file.path != own.path:
                message = f"`import spaces` finds {own.path}, not the package; rename that file"
                yield Hit(file.path, imported.line, message)
                return
