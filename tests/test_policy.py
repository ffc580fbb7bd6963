"""Consent: bound to one call, used once, and nothing happens before it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tools import policy
from tools.policy import Consents


@pytest.fixture
def ledger(tmp_path: Path) -> Consents:
    return Consents(tmp_path / "state" / "consents.json")


def test_a_code_works_once_and_for_its_call_only(ledger: Consents) -> None:
    code = ledger.issue("delete me/demo")
    assert not ledger.redeem("yes-00000000", "delete me/demo")
    assert ledger.redeem(code, "delete me/demo")
    assert not ledger.redeem(code, "delete me/demo")


def test_a_code_shown_for_another_call_is_used_up(ledger: Consents) -> None:
    code = ledger.issue("delete me/demo")
    assert not ledger.redeem(code, "delete me/other")
    assert not ledger.redeem(code, "delete me/demo")


def test_a_code_expires(ledger: Consents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "CODE_SECONDS", -1.0)
    assert not ledger.redeem(ledger.issue("anything"), "anything")


def test_codes_are_kept_for_the_person_alone(ledger: Consents, tmp_path: Path) -> None:
    ledger.issue("anything")
    file = tmp_path / "state" / "consents.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "anything" in json.loads(file.read_text()).popitem()[1]["digest"]


def test_a_damaged_ledger_gives_no_consent(ledger: Consents, tmp_path: Path) -> None:
    code = ledger.issue("anything")
    (tmp_path / "state" / "consents.json").write_text("{")
    assert not ledger.redeem(code, "anything")
