"""`references/lint-rules.md` says what the rules say."""

from __future__ import annotations

import re

import pytest

from maintenance.lint_rules_reference import FILE, renewed
from tools.lint import all_rules

from .specimens import specimens


def test_the_reference_is_what_the_rules_say() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert renewed(text) == text, "run `python -m maintenance.lint_rules_reference`"


def test_rules_specimens_and_headings_are_the_same_set() -> None:
    headings = re.findall(r"^### (\w+)$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(all_rules())
    assert set(headings) == {path.stem for path in specimens()}


def test_a_file_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the markers"):
        renewed("# What is checked\n")


def test_what_stands_around_the_generated_part_stays() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert renewed(f"before\n{text}after\n") == f"before\n{renewed(text)}after\n"
