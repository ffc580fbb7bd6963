"""Consent: bound to one call, used once, and nothing happens before it."""

from __future__ import annotations

import concurrent.futures
import stat
from pathlib import Path

import pytest

from tools import policy
from tools.policy import Consents


@pytest.fixture
def ledger(tmp_path: Path) -> Consents:
    return Consents(tmp_path / "state" / "consents")


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
    code = ledger.issue("anything")
    file = tmp_path / "state" / "consents" / code
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_of_many_at_once_one_is_let_through(ledger: Consents) -> None:
    for _ in range(30):
        code = ledger.issue("anything")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            let = list(pool.map(lambda _: ledger.redeem(code, "anything"), range(8)))  # noqa: B023
        assert let.count(True) == 1


@pytest.mark.parametrize("code", ["", "../consents", "yes-", "yes-1234567g", "/etc/passwd"])
def test_what_is_no_code(ledger: Consents, code: str) -> None:
    ledger.issue("anything")
    assert not ledger.redeem(code, "anything")
