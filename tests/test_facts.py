"""`huggingface-spaces facts`: every file of facts has a date, a source and an age."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tools.cli.main import commands
from tools.knowledge import fact_files
from tools.knowledge.files import FOLDER


def test_every_file_of_the_folder_is_a_dated_fact() -> None:
    described = {fact.name for fact in fact_files()}
    stored = {
        path.relative_to(FOLDER).with_suffix("").as_posix()
        for path in FOLDER.rglob("*")
        if path.suffix in {".yaml", ".json"}
    }
    assert described == stored
    for fact in fact_files():
        assert fact.source, fact.name
        assert fact.about, fact.name
        assert fact.as_of.year >= 2026, fact.name


def test_the_oldest_comes_first_and_ages() -> None:
    found = fact_files()
    assert [fact.as_of for fact in found] == sorted(fact.as_of for fact in found)
    first = found[0]
    assert first.age_days(first.as_of + timedelta(days=3)) == 3
    assert not first.is_expired(first.expires - timedelta(days=1))
    assert first.is_expired(first.expires)


def test_a_file_can_say_how_long_it_is_valid(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text(
        "# Prices. More words.\nas_of: 2026-01-01\nvalid_days: 30\nsource: somewhere\nrows: []\n"
    )
    (fact,) = fact_files(tmp_path)
    assert (fact.about, fact.valid_days, fact.expires) == ("Prices", 30, date(2026, 1, 31))


def test_the_command_lists_them_as_text_and_json() -> None:
    shown = CliRunner().invoke(commands, ["facts"])
    assert "hardware" in shown.output
    assert "days; until" in shown.output
    rows = json.loads(CliRunner().invoke(commands, ["facts", "--json"]).output)
    assert {"name", "as_of", "source", "age_days", "expired"} <= rows[0].keys()


def test_one_file_is_printed_whole() -> None:
    shown = CliRunner().invoke(commands, ["facts", "plans"])
    assert shown.output.strip() == (FOLDER / "plans.yaml").read_text().strip()


@pytest.mark.parametrize("name", ["prices", "../secrets"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    shown = CliRunner().invoke(commands, ["facts", name])
    assert shown.exit_code == 2
    assert "plans" in shown.output
