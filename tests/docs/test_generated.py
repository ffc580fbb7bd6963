"""Generated parts of references are what their data say, and no table lacks its place."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from maintenance.reference_tables.filling import all_tables, filled, places
from maintenance.reference_tables.markdown import table

from .documents import ROOT, references

TABLES = all_tables()
PLACE = "<!-- table one: python -m maintenance.reference_tables -->\n{}<!-- end of table -->\n"


@pytest.mark.parametrize(
    "module", ["reference_tables", "lint_rules_reference", "known_errors_document"]
)
def test_references_are_what_the_facts_say(module: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", f"maintenance.{module}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stderr}: `make references` writes them anew"


def test_every_table_has_a_place_and_every_place_a_table() -> None:
    placed = [name for reference in references() for name in places(reference.text)]
    assert sorted(placed) == sorted(TABLES), "a table and its place are made together"


def test_no_place_is_spelt_so_that_it_is_missed() -> None:
    for reference in references():
        begun = re.findall(r"<!-- *table ", reference.text)
        ended = re.findall(r"<!-- *end of table", reference.text)
        assert len(begun) == len(ended) == len(places(reference.text)), reference.path


def test_a_table_is_written_into_its_place_and_nowhere_else() -> None:
    text = f"before\n{PLACE.format('old rows')}after\n".replace("old rows", "old\nrows\n")
    new = filled(text, {"one": lambda: "| new |"})
    assert new.startswith("before\n")
    assert new.endswith("after\n")
    assert "| new |" in new
    assert "old" not in new
    assert filled(new, {"one": lambda: "| new |"}) == new


def test_a_place_for_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table is called one"):
        filled(PLACE.format(""), {})


def test_cells_cannot_break_a_table() -> None:
    written = table(["a", "b"], [["x|y", "two\nlines"], [None, 3]])
    assert written.splitlines() == ["| a | b |", "|---|---|", "| x\\|y | two lines |", "|  | 3 |"]
