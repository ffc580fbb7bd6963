"""The edits of a known error as steps of the fix engine: replaced lines, and lines added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ..knowledge.known_errors import Edit
from ..lint.edits import newline_of
from ..lint.recipes import Step, StepResult

if TYPE_CHECKING:
    from ..lint.project import Project

USUAL_APP_FILE = "app.py"
"""Stands for the file that is started where that has another name."""
APP_FILE = "app_file"
"""A placeholder of an edit's file that every project fills: the file that is started."""
# `{3}` and `{1,2}` are repetitions of a regular expression, so names only.
_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def placeholders(text: str) -> frozenset[str]:
    """The names in `{braces}` that a caller has to fill; those that a project fills are not named.

    Those of a regular expression's repetitions, `{2}`, are no names.
    """
    return frozenset(_PLACEHOLDER.findall(text)) - {APP_FILE}


def step_of(name: str, edit: Edit, values: Mapping[str, str]) -> Step:
    """An edit with its values as a step; it changes nothing where it was made before."""

    def run(project: Project) -> StepResult:
        filled = dict(values)
        if project.app_path is not None:
            filled[APP_FILE] = project.app_path
        changes: dict[str, str | None] = {}
        for path in _paths(project, edit, filled):
            old = project.text(path)
            if old is None and path in project.paths:
                continue
            new = edited(old, edit, filled, path)
            if edited(new, edit, filled, path) != new:
                note = f"its edit of {path} would change more at every call, so it was not made"
                return StepResult(notes=(note,))
            if new is not None and new != old:
                changes[path] = new
        return StepResult(changes=changes)

    return Step(name, run)


def edited(text: str | None, edit: Edit, values: Mapping[str, str], path: str) -> str | None:
    """A file's text after an edit; None is a file that is not there, and stays so unless a line is
    added to it."""
    if edit.find is None:
        return _with_line(text, _filled(edit.replace, values), path)
    if text is None:
        return None
    pattern = _filled(edit.find, {name: re.escape(value) for name, value in values.items()})
    literal = {name: value.replace("\\", r"\\") for name, value in values.items()}
    template = _filled(edit.replace, literal)
    unix = text.replace("\r\n", "\n")

    def replacement(found: re.Match[str]) -> str:
        new = found.expand(template)
        return found[0] if _is_there(unix, found, new) else new

    new = re.sub(pattern, replacement, unix, flags=re.MULTILINE)
    return text if new == unix else new.replace("\n", newline_of(text))


def _is_there(text: str, found: re.Match[str], new: str) -> bool:
    """Whether something that is added around a match stands around it already."""
    at = new.find(found[0])
    while at >= 0:
        if found.start() >= at and text.startswith(new, found.start() - at):
            return True
        at = new.find(found[0], at + 1) if found[0] else -1
    return False


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _paths(project: Project, edit: Edit, values: Mapping[str, str]) -> list[str]:
    """The files of an edit: one by name, or all that fit a pattern such as `*.py`."""
    if APP_FILE not in values and f"{{{APP_FILE}}}" in edit.file:
        return []
    name = _filled(edit.file, values)
    if "*" in name:
        return sorted(path for path in project.paths if fnmatchcase(path, name))
    if name == USUAL_APP_FILE and name not in project.paths:
        return [values.get(APP_FILE, name)]
    return [name]


def _with_line(text: str | None, line: str, path: str) -> str:
    """The text with a line (or several) at its end, unless it is there already, or its package."""
    lines = (text or "").splitlines()
    added = {one for one in line.splitlines() if one.strip()}
    if added <= set(lines) or (path.endswith("requirements.txt") and _names_package(lines, line)):
        return text or ""
    newline = newline_of(text or "")
    before = text or ""
    if before and not before.endswith(("\n", "\r")):
        before += newline
    return f"{before}{line}{newline}"


def _names_package(lines: list[str], line: str) -> bool:
    wanted = _package(line)
    return wanted is not None and wanted in {_package(one) for one in lines}


def _package(line: str) -> str | None:
    found = _DISTRIBUTION.match(line.strip())
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else None
