"""Names in requirements.txt that are not the package that was meant, and lines that are none."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ...knowledge.packages import Misnamed, package_facts
from ..finding import Fix, Hit, Severity
from ..installing import applies, requirement_files, uses_requirements
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import rule


def _packages(project: Project) -> Iterator[RequirementLine]:
    for file in requirement_files(project):
        for line in file.lines:
            if line.kind is LineKind.REQUIREMENT and applies(line, project):
                yield line


@rule(
    "REQ_WRONG_NAME",
    Severity.ERROR,
    "The package has another name on PyPI",
    source="each name installed with uv from PyPI",
    as_of="2026-11-23",
    reference="requirements",
    when=uses_requirements,
    fix=Fix.SAFE,
)
def wrong_name(project: Project) -> Iterator[Hit]:
    """A package is installed by its name on PyPI, which is often not the name it is imported by.
    Some of these names do not exist or refuse to be installed, which ends the build; others are
    another package, and the app imports the wrong thing.
    """
    known = {found.name: found for found in package_facts().misnamed}
    for line in _packages(project):
        found = known.get(line.name)
        if found is None or not (found.fails or _is_mistaken(project, found)):
            continue
        message = f"`{line.text}` is not what is meant: {found.why}. Write `{found.meant}`"
        severity = None if found.fails else Severity.WARNING
        yield Hit(line.file, line.line, message, severity, fixable=found.fails)


def _is_mistaken(project: Project, found: Misnamed) -> bool:
    """Whether the app imports the module, and the package that was meant is not installed."""
    listed = {line.name for line in _packages(project)}
    return found.meant not in listed and any(
        imported.level == 0 and imported.module.partition(".")[0] == found.module
        for file in project.running
        for imported in file.imports
    )


@rule(
    "REQ_STDLIB",
    Severity.WARNING,
    "A module of Python itself is asked for",
    source="each name installed with uv from PyPI (Python 3.11)",
    as_of="2026-11-23",
    reference="requirements",
    when=uses_requirements,
    fix=Fix.SAFE,
)
def standard_library(project: Project) -> Iterator[Hit]:
    """Modules such as `os` and `json` come with Python. Most of their names are no package on PyPI,
    which ends the build; the others are old copies that are never imported, because Python's own
    come first.
    """
    facts = package_facts().standard_library
    installs, fails = set(facts.installs.split()), set(facts.fails.split())
    for line in _packages(project):
        if line.name in fails:
            message = f"`{line.text}` is part of Python and no package; the build ends here"
            yield Hit(line.file, line.line, f"{message}. Take the line out", Severity.ERROR)
        elif line.name in installs or line.name.replace("-", "_") in sys.stdlib_module_names:
            yield Hit(line.file, line.line, f"`{line.text}` is part of Python; take the line out")


@rule(
    "REQ_INVALID_LINE",
    Severity.ERROR,
    "pip cannot read this line",
    source="PEP 508; pip's requirements file format",
    as_of="2026-11-23",
    reference="requirements",
    when=uses_requirements,
)
def invalid_line(project: Project) -> Iterator[Hit]:
    """One line that is no requirement, such as `pip install x`, `import x` or `x = 1.0`, and pip
    installs nothing of the file.
    """
    for file in requirement_files(project):
        for line in file.lines:
            if line.kind is LineKind.INVALID:
                shown = line.text if len(line.text) <= 60 else f"{line.text[:59]}…"
                yield Hit(line.file, line.line, f"`{shown}` is no requirement{_hint(line.text)}")
            elif line.misplaced_options:
                named = f"`{line.misplaced_options[0]}` behind a requirement"
                message = f"pip reads {named} and ignores it; give it a line of its own"
                yield Hit(line.file, line.line, message, Severity.INFO)


def _hint(text: str) -> str:
    first = text.partition(" ")[0]
    if first in {"pip", "pip3", "!pip", "python", "conda", "sudo", "apt", "apt-get"}:
        return "; write only the names of the packages, one a line"
    if first in {"import", "from"}:
        return "; imports belong into Python files"
    if "=" in text and "==" not in text:
        return "; a version is pinned with `==`"
    return "; write a package name, and its version after `==` or `>=`"
