"""No fact is older than it may be; what is, is listed with where to look it up again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tools.knowledge import fact_files

from .dates import check_dates, expired
from .documents import shown
from .markdown import read_document

TODAY = date(2026, 11, 23)


def test_no_facts_are_expired() -> None:
    today = date.today()  # noqa: DTZ011 - a day is enough
    old = "\n".join(expired(fact_files(), today))
    assert not old, f"to be looked up again:\n{old}"


def test_an_expired_file_is_named_with_its_source_and_the_way(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text(
        "# Prices.\nas_of: 2026-01-01\nvalid_days: 30\nsource: the price list\nrows: []\n"
    )
    facts = fact_files(tmp_path)
    assert not list(expired(facts, date(2026, 1, 30)))
    (said,) = expired(facts, date(2026, 1, 31))
    assert "prices" in said
    assert "the price list" in said
    assert "as_of" in said
    assert "make references" in said


@pytest.mark.parametrize(
    ("text", "is_old"),
    [
        ("A limit is 5 (docs, {day}).", True),
        ("A limit is 5; looked up {day}.", True),
        ("Checked with `hf` on {day}", True),
        ("It was removed in 6.0 (changelog, {day}).", False),
        ("Since {day} it costs money.", False),
        ("A model of {day} is loaded.", False),
    ],
)
def test_old_sources_in_prose(text: str, is_old: bool) -> None:
    for days, expected in ((400, is_old), (300, False)):
        day = TODAY - timedelta(days=days)
        checked = read_document("references/x.md", text.format(day=day.isoformat()))
        assert bool(shown(check_dates(checked, TODAY))) is expected
