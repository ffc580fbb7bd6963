"""Imports that nobody installs."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Fix, Hit, Severity
from ..needed import needed_by_calls
from ..project import Project
from ..provided import (
    Missing,
    brings_files,
    lists_unknown_packages,
    may_be_brought,
    missing_imports,
)
from ..rule import on_gradio, rule

REQUIREMENTS = "requirements.txt"
_MOST_NAMED = 5


@rule(
    "REQ_MISSING_FILE",
    Severity.ERROR,
    "There is no requirements.txt, and the app imports more than the platform installs",
    source="hub-docs spaces-dependencies.md; uv pip compile of the platform's call",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def missing_file(project: Project) -> Iterator[Hit]:
    """A Gradio Space has Gradio and what it needs itself, nothing else. Every other package has to
    be named in requirements.txt at the root, or the app stops at its first import.
    """
    if REQUIREMENTS in project.paths or project.app is None:
        return
    missing = [one for one in missing_imports(project) if one.in_app and not one.is_documented]
    if not missing:
        return
    named = ", ".join(one.module for one in missing[:_MOST_NAMED])
    more = " and others" if len(missing) > _MOST_NAMED else ""
    sure = not lists_unknown_packages(project) and any(one.distribution for one in missing)
    yield Hit(
        project.app.path,
        missing[0].imported.line,
        f"there is no requirements.txt, and nobody installs {named}{more}",
        None if sure else Severity.WARNING,
        fixable=all(one.distribution for one in missing),
    )


@rule(
    "REQ_MISSING_PACKAGE",
    Severity.ERROR,
    "An imported package is not installed by anybody",
    source="uv pip compile of the platform's call and of eighty packages",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def missing_package(project: Project) -> Iterator[Hit]:
    """What is neither in requirements.txt nor brought by something in it is not there: the app
    stops with ModuleNotFoundError. On the machine where it was written it was installed.
    """
    if REQUIREMENTS not in project.paths or project.requirements is None:
        return
    for missing in missing_imports(project):
        severity = _severity(project, missing)
        added = f"add `{missing.distribution}`" if missing.distribution else "name its package"
        known = severity is not Severity.INFO
        what = f"`{missing.module}` is imported, and"
        if missing.is_documented:
            why = "the documentation calls it preinstalled, which no recent build log shows; "
            message = f"{what} {why}{added} in {REQUIREMENTS}"
        elif known:
            message = f"{what} nothing installs it; {added} in {REQUIREMENTS}"
        else:
            message = f"{what} nothing that is listed is known to bring it"
        fixable = known and missing.distribution is not None
        yield Hit(missing.file.path, missing.imported.line, message, severity, fixable=fixable)
    for needed in needed_by_calls(project):
        message = (
            f"`device_map` needs {needed.distribution}, and nothing installs it: loading raises; "
            f"add `{needed.distribution}` in {REQUIREMENTS}"
        )
        severity = Severity.ERROR if needed.is_sure else Severity.WARNING
        yield Hit(needed.file.path, needed.call.lineno, message, severity)


def _severity(project: Project, missing: Missing) -> Severity:
    """An error only for a known package in the started file, beside nothing but known packages."""
    if missing.is_documented or lists_unknown_packages(project) or missing.imported.in_function:
        return Severity.INFO
    if missing.distribution:
        sure = missing.in_app and not may_be_brought(project, missing.distribution)
        return Severity.ERROR if sure else Severity.WARNING
    sure = missing.in_app and not brings_files(project)
    return Severity.WARNING if sure else Severity.INFO
