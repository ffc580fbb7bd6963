"""Every rule finds what its specimen says, at the line it says, and nothing in the healthy twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.lint import Project, Severity, all_rules, lint
from tools.lint.texts import MemoryTexts

from .specimens import Case, read_specimen, specimens


def project_of(case: Case) -> Project:
    return Project(
        MemoryTexts(case.files), hardware=case.hardware, resolve_seconds=case.resolve_seconds
    )


def findings(case: Case) -> set[tuple[str, int | None, str]]:
    report = lint(project_of(case), strict=True)
    return {
        (found.file, found.line, found.id)
        for found in report.findings
        if found.severity is not Severity.INFO or found.id in _expected_ids(case)
    }


def _expected_ids(case: Case) -> set[str]:
    return {rule for _, _, rule in case.expected}


def test_rules_and_specimens_are_the_same_set() -> None:
    assert {path.stem for path in specimens()} == set(all_rules())


@pytest.mark.parametrize("path", specimens(), ids=lambda path: path.stem)
def test_a_rule_finds_its_specimen(path: Path) -> None:
    for case in read_specimen(path).cases:
        assert findings(case) == case.expected, f"{path.stem}: {case.name}"


@pytest.mark.parametrize("path", specimens(), ids=lambda path: path.stem)
def test_the_healthy_twin_lacks_the_finding(path: Path) -> None:
    for case in read_specimen(path).cases:
        if not case.is_bad:
            report = lint(project_of(case), strict=True)
            assert path.stem not in {found.id for found in report.findings}
