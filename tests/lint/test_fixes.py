"""Every fix repairs its rule's specimen, once, and breaks nothing else."""

from __future__ import annotations

import pytest

from tools.lint import Fix, Report, Severity, all_rules
from tools.lint.fixes import all_fixes
from tools.lint.fixing import Repairs, repair
from tools.lint.texts import MemoryTexts

from .specimens import Case, read_specimen, specimens

FIXABLE = {rule.id: rule.fix for rule in all_rules().values() if rule.fix is not None}


def bad_cases() -> list[tuple[str, str]]:
    return [
        (path.stem, case.name)
        for path in specimens()
        if path.stem in FIXABLE
        for case in read_specimen(path).cases
        if case.is_bad
    ]


def case_of(rule: str, name: str) -> Case:
    path = next(path for path in specimens() if path.stem == rule)
    return read_specimen(path).case(name)


def twin_of(rule: str, name: str) -> Case | None:
    path = next(path for path in specimens() if path.stem == rule)
    wanted = name.replace("bad", "good", 1)
    return next((case for case in read_specimen(path).cases if case.name == wanted), None)


def repaired(case: Case, rule: str) -> tuple[Repairs, dict[str, str]]:
    result = repair(MemoryTexts(case.files), rules=[rule], unsafe=True, hardware=case.hardware)
    files = {**case.files, **result.changes}
    return result, {path: text for path, text in files.items() if text is not None}


def loud(report: Report) -> set[str]:
    return {found.id for found in report.findings if found.severity is not Severity.INFO}


def test_rules_that_promise_a_fix_and_fixes_are_the_same_set() -> None:
    assert set(FIXABLE) == set(all_fixes())


@pytest.mark.parametrize(("rule", "name"), bad_cases())
def test_a_fix_repairs_its_specimen(rule: str, name: str) -> None:
    case = case_of(rule, name)
    result, files = repaired(case, rule)
    fixable = [one for one in result.before.findings if one.id == rule and one.fixable]
    if not fixable:
        assert files == case.files
        return
    unfixable = len([one for one in result.before.findings if one.id == rule]) - len(fixable)
    left = [one for one in result.after.findings if one.id == rule]
    assert len(left) <= unfixable, result.refused
    assert not [one for one in left if one.fixable]
    assert loud(result.after) <= loud(result.before)
    again = repair(MemoryTexts(files), rules=[rule], unsafe=True, hardware=case.hardware)
    assert not again.changes


@pytest.mark.parametrize(("rule", "name"), bad_cases())
def test_a_safe_fix_makes_the_healthy_twin(rule: str, name: str) -> None:
    twin = twin_of(rule, name)
    if FIXABLE[rule] is Fix.SAFE and twin is not None:
        assert repaired(case_of(rule, name), rule)[1] == twin.files
