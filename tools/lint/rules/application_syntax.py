"""Python files that the app imports and that Python refuses."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from ..finding import Hit, Severity, Skip
from ..project import Project
from ..python import PythonFile
from ..rule import rule

# What looks like a mistake to an older Python, with the version that brought it.
_NEWER = (
    ((3, 11), re.compile(r"^\s*except\s*\*")),
    ((3, 12), re.compile(r"""\b[rRbB]?[fF][rR]?["']|^\s*type\s+\w+|\b(?:def|class)\s+\w+\s*\[""")),
    ((3, 14), re.compile(r"""\b[rR]?[tT][rR]?["']|^\s*except\s+\w+,""")),
)
_IPYTHON = re.compile(r"^\s*(?:!|%)\s*\w+")


@rule(
    "APP_SYNTAX",
    Severity.ERROR,
    "A file that the app needs does not parse",
    source="Python language reference",
    as_of="2026-11-23",
    reference="debugging",
)
def syntax(project: Project) -> Iterator[Hit | Skip]:
    """Python reads a whole file before it runs any of it, so one wrong line stops the app at its
    start, or where the file is imported.
    """
    if project.app is None:
        return
    for file in project.running:
        if file.syntax_error is None:
            yield from _too_new(project, file)
            continue
        line = min(max(file.syntax_error.lineno or 1, 1), max(len(file.lines), 1))
        if _may_be_newer(project, file, line):
            version = ".".join(map(str, sys.version_info[:2]))
            why = f"line {line} may be syntax that Python {version} does not know"
            yield Skip(f"{file.path}: all rules about Python", why)
            continue
        yield Hit(file.path, line, _message(file, line))


def _message(file: PythonFile, line: int) -> str:
    text = file.lines[line - 1] if file.lines else ""
    if _IPYTHON.match(text):
        return "a line of a notebook (`!` or `%`) is no Python; put packages into requirements.txt"
    if text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return "a merge conflict was left in the file; resolve it"
    reason = file.syntax_error.msg if file.syntax_error else "invalid syntax"
    return f"the file does not parse: {reason}"


def _may_be_newer(project: Project, file: PythonFile, line: int) -> bool:
    """Whether the target may know what the Python of the linter does not."""
    target = _target(project) or (3, 14)
    around = file.lines[max(line - 2, 0) : line + 1]
    # An f-string over several lines is reported at the line of the part, not where it begins.
    reason = file.syntax_error.msg if file.syntax_error else ""
    for since, pattern in _NEWER:
        if sys.version_info[:2] < since <= target:
            if any(pattern.search(text) for text in around):
                return True
            if since == (3, 12) and "f-string" in reason:
                return True
    return False


def _target(project: Project) -> tuple[int, int] | None:
    """The Python that the card asks for."""
    key = project.card.keys.get("python_version")
    found = re.match(r"3\.(\d+)", key.raw) if key else None
    return (3, int(found.group(1))) if found else None


def _too_new(project: Project, file: PythonFile) -> Iterator[Hit]:
    target = _target(project)
    if target is None:
        return
    for name, since, what in _SINCE:
        kind = getattr(ast, name, None)
        if kind is None or target >= since:
            continue
        for node in file.nodes(kind)[:1]:
            message = (
                f"{what} needs Python {since[0]}.{since[1]}, and the card asks for "
                f"{target[0]}.{target[1]}"
            )
            yield Hit(file.path, getattr(node, "lineno", 1), message)


_SINCE = (
    ("TryStar", (3, 11), "`except*`"),
    ("TypeAlias", (3, 12), "`type X = ...`"),
    ("TypeVar", (3, 12), "a type parameter in brackets"),
    ("TemplateStr", (3, 14), "a template string"),
)
