"""Following names through the files of a project: modules to files, names to their definitions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from .python import Function, Imported, PythonFile

if TYPE_CHECKING:
    from .project import Project

DEEPEST = 12
"""Re-exports that are followed; a longer chain is a cycle or a joke."""


def reachable_from(project: Project, app: PythonFile) -> tuple[PythonFile, ...]:
    """The app's file and every file of the project that it imports, directly or through others."""
    found: dict[str, PythonFile] = {app.path: app}
    waiting = [app]
    while waiting:
        file = waiting.pop(0)
        for imported in file.imports:
            for other in files_of_import(project, file, imported):
                if other.path not in found:
                    found[other.path] = other
                    waiting.append(other)
    return tuple(found.values())


def files_of_import(project: Project, file: PythonFile, imported: Imported) -> Iterator[PythonFile]:
    """The module of an import, the packages above it, and an imported name that is a module."""
    parts = imported.module.split(".") if imported.module else []
    names = [".".join(parts[: count + 1]) for count in range(len(parts))]
    if isinstance(imported.node, ast.ImportFrom):
        names.append(imported.target)
    for name in names:
        other = project.module_file(name, importer=file, level=imported.level)
        if other is not None:
            yield other


def module_paths(project: Project, module: str, importer: PythonFile, level: int) -> Iterator[str]:
    """Where the file of a module may be, in Python's order."""
    inner = module.replace(".", "/")
    for folder in _search_folders(project, importer, level):
        base = f"{folder}/{inner}".strip("/") if inner else folder
        if not base:
            continue
        yield f"{base}.py"
        yield f"{base}/__init__.py"


def _search_folders(project: Project, importer: PythonFile, level: int) -> Iterator[str]:
    if level:
        folder = PurePosixPath(importer.path).parent
        for _ in range(level - 1):
            folder = folder.parent
        yield "" if str(folder) == "." else str(folder)
        return
    # `python app.py` puts the folder of app.py first; the Space starts it from the root.
    started = project.app_path or importer.path
    yield from dict.fromkeys((project.folder_of(started), "", *_added_folders(project, started)))


def _added_folders(project: Project, started: str) -> tuple[str, ...]:
    """Folders that the started file puts on `sys.path` by name; looked up once for each file."""
    known = project.once(_known_folders)
    if started not in known:
        known[started] = tuple(dict.fromkeys(_folders_added_by(project, started)))
    return known[started]


def _known_folders(project: Project) -> dict[str, tuple[str, ...]]:  # noqa: ARG001 - for `once`
    return {}


def _folders_added_by(project: Project, started: str) -> Iterator[str]:
    file = project.python(started) if started.endswith(".py") else None
    for call in file.calls_to("sys.path.append", "sys.path.insert") if file else ():
        for node in ast.walk(call):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                folder = node.value.strip("./")
                if folder and any(path.startswith(f"{folder}/") for path in project.paths):
                    yield folder


def find_definition(
    project: Project, file: PythonFile, name: str, depth: int = 0
) -> tuple[PythonFile, Function | ast.ClassDef] | None:
    """The function or class that a qualified name means; `Class.method` finds the method."""
    if depth > DEEPEST:
        return None
    level = len(name) - len(name.lstrip("."))
    parts = name.lstrip(".").split(".")
    local = None if level else _inside(file.tree.body, parts)
    if local is not None:
        return file, local
    first = parts[0]
    bound = file.bound_imports.get(first) if not level else None
    if bound is not None and bound != first:
        return find_definition(project, file, ".".join([bound, *parts[1:]]), depth + 1)
    for count in range(len(parts) - 1, 0, -1):
        module = project.module_file(".".join(parts[:count]), importer=file, level=level)
        if module is not None and module.path != file.path:
            return find_definition(project, module, ".".join(parts[count:]), depth + 1)
    return None


def _inside(body: list[ast.stmt], parts: list[str]) -> Function | ast.ClassDef | None:
    """A definition by its path of names inside a body, also under `if`, `try` and `with`."""
    for statement in body:
        if isinstance(statement, Function | ast.ClassDef) and statement.name == parts[0]:
            if len(parts) == 1:
                return statement
            return _inside(statement.body, parts[1:])
        if isinstance(statement, ast.If | ast.Try | ast.With):
            nested = [
                *statement.body,
                *getattr(statement, "orelse", ()),
                *(line for handler in getattr(statement, "handlers", ()) for line in handler.body),
            ]
            found = _inside(nested, parts)
            if found is not None:
                return found
    return None
