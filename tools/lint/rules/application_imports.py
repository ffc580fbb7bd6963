"""Imports from the project's own files that cannot work."""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterator

from ..attempts import is_prepared
from ..defined_names import defined_names
from ..finding import Hit, Severity
from ..project import Project
from ..provided import may_be_installed
from ..python import Imported, PythonFile
from ..rule import rule

# Code that brings or makes Python files before it imports them.
_BRINGS = re.compile(
    r"git\s+clone|snapshot_download|hf_hub_download|\.extractall|sys\.path|\.clone_from"
)

# Code that lets Python look in other folders.
_ELSEWHERE = re.compile(
    r"sys\.path|PYTHONPATH|addsitedir|__path__|meta_path|chdir|extractall|git\W+clone|clone_from"
)


@rule(
    "APP_LOCAL_IMPORT_MISSING",
    Severity.ERROR,
    "An import from the project's own files that fails",
    source="Python language reference, the import system",
    as_of="2026-11-23",
    reference="debugging",
)
def local_import(project: Project) -> Iterator[Hit]:
    """The app stops with ImportError or ModuleNotFoundError. Usually a file was not pushed, a name
    was changed in one place only, or the file was written to be started with `python -m`.
    """
    if project.app is None or project.sdk not in {"gradio", None}:
        return
    brings = any(_BRINGS.search(file.text) for file in project.running)
    for file in project.running:
        for imported in file.imports:
            if is_prepared(file, imported.node) or _is_of_a_script(project, file, imported):
                continue
            message = _wrong(project, file, imported, brings=brings)
            if message is not None:
                severity = Severity.WARNING if imported.in_function or imported.guarded else None
                yield Hit(file.path, imported.line, message, severity)


def _is_of_a_script(project: Project, file: PythonFile, imported: Imported) -> bool:
    """Whether it happens only when a file is started that the Space imports."""
    return file is not project.app and file.is_main_guarded(imported.node)


def _wrong(project: Project, file: PythonFile, imported: Imported, *, brings: bool) -> str | None:
    if imported.level and file is project.app:
        return (
            f"`from {'.' * imported.level}{imported.module} import {_name(imported)}` fails in the "
            "file that is started, which is in no package; leave the dots out"
        )
    module = project.module_file(imported.module, importer=file, level=imported.level)
    if module is None and imported.level:
        return None if brings else _missing_beside(project, file, imported)
    if module is None:
        return _missing_module(project, imported)
    named = isinstance(imported.node, ast.ImportFrom) and imported.binds != "*"
    if not named or module.path == file.path:
        return None
    return _missing_name(project, module, imported)


def _missing_beside(project: Project, file: PythonFile, imported: Imported) -> str | None:
    """A relative import: it can only mean a file of the project."""
    if not imported.module:
        return None
    folder = file.path.split("/")[: -imported.level]
    return _not_there(project, "/".join([*folder, *imported.module.split(".")]))


def _missing_module(project: Project, imported: Imported) -> str | None:
    """An import of a module that the project has, but not where Python looks for it.

    Any other may be a package, which is for the rules about requirements to say.
    """
    top, *below = imported.module.split(".")
    if top in sys.stdlib_module_names or may_be_installed(project, imported):
        return None
    if any(_ELSEWHERE.search(file.text) for file in project.running):
        return None
    started_in = project.folder_of(project.app_path or "")
    for folder in dict.fromkeys((started_in, "")):
        place = f"{folder}/{top}".lstrip("/")
        if _is_submodule(project, place):
            return _not_there(project, "/".join([place, *below])) if below else None
    return _misplaced(project, imported.module)


def _not_there(project: Project, wanted: str) -> str | None:
    if _is_submodule(project, wanted):
        return None  # a folder without __init__.py, or a compiled module
    return f"`{wanted}.py` is not in the folder; add it, or correct the import"


def _misplaced(project: Project, module: str) -> str | None:
    wanted = f"{module.replace('.', '/')}.py"
    found = sorted(path for path in project.paths if path.endswith(f"/{wanted}"))
    if found:
        dotted = found[0].removesuffix(".py").replace("/", ".")
        advice = f"; import `{dotted}`" if re.fullmatch(r"[\w.]+", dotted) else ""
        return f"`{module}` is not found: it is in {found[0]}, and not beside the app{advice}"
    alike = sorted(path for path in project.paths if path.lower() == wanted.lower())
    return f"`{module}` is not found, {alike[0]} is: names are case-sensitive" if alike else None


def _missing_name(project: Project, module: PythonFile, imported: Imported) -> str | None:
    name = _name(imported)
    names = project.once(_Modules).names(module)
    if names is None or name in names or name == "*":
        return None
    folder = project.folder_of(module.path) if module.path.endswith("__init__.py") else None
    if folder is not None and _is_submodule(project, f"{folder}/{name}".lstrip("/")):
        return None
    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.8)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"{module.path} defines no `{name}`{hint}"


class _Modules:
    """The names of each module of a project, looked up once."""

    def __init__(self, _: Project) -> None:
        self._names: dict[str, set[str] | None] = {}

    def names(self, file: PythonFile) -> set[str] | None:
        """As `defined_names`."""
        if file.path not in self._names:
            self._names[file.path] = defined_names(file)
        return self._names[file.path]


def _is_submodule(project: Project, path: str) -> bool:
    return any(other.startswith((f"{path}.", f"{path}/")) for other in project.paths)


def _name(imported: Imported) -> str:
    return imported.target.rpartition(".")[2]
