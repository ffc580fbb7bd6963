"""Running the rules over a project."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from ..redaction import redact
from .finding import Finding, Hit, Report, Skip, Skipped
from .project import Project
from .rule import Rule, all_rules
from .suppress import Suppressions
from .texts import FolderTexts, MemoryTexts

_log = logging.getLogger(__name__)


def lint_folder(
    folder: Path,
    *,
    hardware: str | None = None,
    app_file: str | None = None,
    ignore: Collection[str] = (),
    resolve_seconds: float | None = None,
) -> Report:
    """Lint a folder. `hardware` is the flavor it is for, where its card cannot say.

    With `resolve_seconds` the package index is asked, for at most that long, whether the
    requirements and the platform's packages can be installed together.
    """
    project = Project(
        FolderTexts(folder), hardware=hardware, app_file=app_file, resolve_seconds=resolve_seconds
    )
    return lint(project, ignore=ignore)


def lint_files(
    files: Mapping[str, str], *, hardware: str | None = None, ignore: Collection[str] = ()
) -> Report:
    """Lint files given as path to text."""
    return lint(Project(MemoryTexts(files), hardware=hardware), ignore=ignore)


def lint(
    project: Project,
    *,
    only: Collection[str] | None = None,
    ignore: Collection[str] = (),
    strict: bool = False,
) -> Report:
    """Run the rules (all, or `only` these ids, without those to `ignore`) and report.

    A rule that fails is reported as skipped: the other findings are still true. With `strict` its
    exception comes through, which is what tests want.
    """
    rules = [
        rule
        for rule in all_rules().values()
        if rule.id not in ignore and (only is None or rule.id in only)
    ]
    findings: dict[tuple[str, str, int | None, str], Finding] = {}
    skipped: list[Skipped] = []
    silenced = 0
    comments: dict[str, Suppressions] = {}
    for rule in rules:
        for said in _said(rule, project, strict=strict):
            if isinstance(said, Skip):
                skipped.append(Skipped(what=said.what, why=said.why))
                continue
            if said.file not in comments:
                comments[said.file] = Suppressions(project.text(said.file) or "")
            if comments[said.file].covers(rule.id, said.line):
                silenced += 1
                continue
            findings[rule.id, said.file, said.line, said.message] = _finding(rule, said)
    return Report(
        findings=tuple(sorted(findings.values(), key=_order)),
        skipped=tuple(skipped),
        hardware=project.hardware.flavor,
        hardware_from=project.hardware.said_by,
        sdk=project.sdk,
        files=len(project.paths),
        suppressed=silenced,
    )


def _said(rule: Rule, project: Project, *, strict: bool) -> Iterable[Hit | Skip]:
    try:
        return list(rule.check(project)) if rule.when(project) else []
    except Exception as error:
        if strict:
            raise
        _log.exception("%s failed", rule.id)
        why = f"the rule failed on this project ({type(error).__name__}); please report it"
        return [Skip(rule.id, why)]


def _finding(rule: Rule, hit: Hit) -> Finding:
    fix = rule.fix if hit.fixable else None
    return Finding(
        id=rule.id,
        severity=hit.severity or rule.severity,
        file=hit.file,
        line=hit.line,
        message=redact(hit.message),  # a message may quote what stands in a file
        fixable=fix is not None,
        fix=fix,
    )


def _order(finding: Finding) -> tuple[int, str, int, str]:
    return finding.severity.rank, finding.file, finding.line or 0, finding.id
