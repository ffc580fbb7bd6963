"""What the functions of a Gradio app give back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..finding import Hit, Severity
from ..gradio_handlers import BoundFunction, bound_functions
from ..project import Project
from ..python import PythonFile
from ..rule import on_gradio, rule


@rule(
    "GR_PROGRESS_YIELD",
    Severity.INFO,
    "A progress bar in a function that yields",
    source="event stream of gradio 6.31.0: progress and values alternate on the same outputs",
    as_of="2026-11-23",
    reference="gradio",
)
def progress_yield(project: Project) -> Iterator[Hit]:
    """Gradio draws the bar over the outputs, and a function that yields fills the same outputs: bar
    and value take turns in hiding each other. Use one of the two: yield the state as text, or
    return once.
    """
    seen: set[ast.AST] = set()
    for bound in bound_functions(project):
        name = _progress(bound)
        if name is None or bound.function in seen:
            continue
        seen.add(bound.function)
        first = _first_yield(bound)
        if first is not None and _progress_after(bound, name, first):
            message = (
                f"`{bound.function.name}` yields and moves a progress bar over the same outputs; "
                "yield the state as text, or return once"
            )
            yield Hit(bound.file.path, bound.function.lineno, message)


def _progress(bound: BoundFunction) -> str | None:
    """The parameter whose default is gr.Progress()."""
    given = bound.function.args
    positional = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(positional), reversed(given.defaults), strict=False)]
    pairs += [
        (one, default)
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default
    ]
    for parameter, default in pairs:
        if (
            isinstance(default, ast.Call)
            and bound.file.qualified(default.func) == "gradio.Progress"
        ):
            return parameter.arg
    return None


def _first_yield(bound: BoundFunction) -> ast.expr | None:
    both = [*bound.file.nodes(ast.Yield), *bound.file.nodes(ast.YieldFrom)]
    own = [one for one in both if bound.file.function_around(one) is bound.function]
    return min(own, key=lambda one: one.lineno, default=None)


def _progress_after(bound: BoundFunction, name: str, first: ast.expr) -> bool:
    """Whether the bar is moved after the first value, or in a loop with it."""
    return any(
        bound.file.qualified(call.func) in {name, f"{name}.tqdm"}
        and bound.file.function_around(call) is bound.function
        and (
            call.lineno > first.lineno or bool(_loops(bound.file, call) & _loops(bound.file, first))
        )
        for call in bound.file.calls
    )


def _loops(file: PythonFile, node: ast.AST) -> set[ast.AST]:
    return {up for up in file.ancestors(node) if isinstance(up, ast.For | ast.While | ast.AsyncFor)}


@rule(
    "GR_FILE_ACCESS",
    Severity.WARNING,
    "A file outside the folders that Gradio serves",
    source="gradio guide on file access; gradio 6.31.0 raises InvalidPathError",
    as_of="2026-11-23",
    reference="gradio",
    when=on_gradio,
)
def file_access(project: Project) -> Iterator[Hit]:
    """Gradio gives out files of the app's folder, of the temporary folder and of its cache. A file
    on the storage at `/data` is refused with InvalidPathError until `launch(allowed_paths=...)` or
    `gr.set_static_paths` names the folder.
    """
    if any(
        "allowed_paths" in file.text or "set_static_paths" in file.text for file in project.running
    ):
        return
    for bound in bound_functions(project):
        for node in bound.file.nodes(ast.Return):
            if (
                node.value is not None
                and _is_own(bound, node)
                and _is_on_storage(bound.file, node.value)
            ):
                message = (
                    f"`{bound.function.name}` returns a file below /data, which Gradio does not "
                    'give out; use launch(allowed_paths=["/data"])'
                )
                yield Hit(bound.file.path, node.lineno, message)


def _is_own(bound: BoundFunction, node: ast.AST) -> bool:
    return bound.file.function_around(node) is bound.function


_PATH_CALLS = frozenset({"os.path.join", "str", "pathlib.Path", "pathlib.PurePath"})


def _is_on_storage(file: PythonFile, value: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is a path that begins with /data."""
    text = file.constant(value)
    if isinstance(text, str):
        return text == "/data" or text.startswith("/data/")
    if isinstance(value, ast.JoinedStr) and value.values:
        return _is_on_storage(file, value.values[0], depth) or (
            isinstance(value.values[0], ast.FormattedValue)
            and _is_on_storage(file, value.values[0].value, depth)
        )
    if isinstance(value, ast.Call) and value.args and depth < 4:
        joins = file.qualified(value.func) in _PATH_CALLS
        return joins and _is_on_storage(file, value.args[0], depth + 1)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div | ast.Add) and depth < 4:
        return _is_on_storage(file, value.left, depth + 1)
    return False
