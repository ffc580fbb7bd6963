"""`account_status` says who, where, and what may be created today."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller
from tests.conftest import Hub
from tools.settings import STATE_VARIABLE, Settings
from tools.which_hub import resolve


def permissions(result: dict, namespace: str) -> dict[str, str]:  # type: ignore[type-arg] # JSON
    place = next(place for place in result["may_create"] if place["namespace"] == namespace)
    return {found["hardware"]: found["may_create"] for found in place["hardware"]}


def test_pro_account(caller: Caller) -> None:
    answer = caller.answer("account_status")
    result = answer.envelope["result"]
    assert result["user"] == "rehearsal-pro"
    assert result["plan"] == "pro"
    may = permissions(result, "rehearsal-pro")
    assert (may["static"], may["cpu-basic"], may["zero-a10g"]) == ("yes", "yes", "yes")
    assert may["a10g-small"] == "yes"
    assert result["zero_gpu_quota"]["base_seconds"] == 2400
    assert result["prices_from"] == "live from the Hub"
    assert answer.envelope["hub"]["kind"] == "rehearsal"
    assert answer.text.startswith("Nothing is published")
    assert "a10g-small $1," in answer.text


def test_free_account_is_told_what_changed_in_july_2026(
    caller_as: Callable[[str], Caller],
) -> None:
    answer = caller_as("rehearsal-free").answer("account_status")
    may = permissions(answer.envelope["result"], "rehearsal-free")
    assert (may["static"], may["cpu-basic"], may["zero-a10g"]) == ("yes", "no", "try")
    assert may["t4-small"] == "no"
    assert "402" in answer.text


def test_read_only_token_is_said(caller_as: Callable[[str], Caller]) -> None:
    answer = caller_as("rehearsal-reader").answer("account_status")
    assert answer.envelope["result"]["token_role"] == "read"
    assert "read-only" in answer.text


@pytest.mark.parametrize("account", ["rehearsal-pro", "rehearsal-free", "rehearsal-reader"])
def test_the_next_step_is_a_plan_and_no_space_yet(
    caller_as: Callable[[str], Caller], account: str
) -> None:
    (following,) = caller_as(account).answer("account_status").envelope["next"]
    assert following["tool"] == "space_plan"
    assert "a task in words" in following["arguments"]["source"]


def test_hf_is_found_with_its_version(caller: Caller) -> None:
    found = caller.result("account_status", "logged_in")["hf"]
    assert found["path"].endswith("hf")
    assert found["version"].startswith("2.")


def test_without_a_login_it_says_how_to_log_in(stranger: Callable[[str], Caller]) -> None:
    answer = stranger("").answer("account_status")
    assert answer.envelope["outcome"] == "logged_out"
    assert "! hf auth login" in answer.text
    assert answer.exit_code == 2


def test_wrong_token(stranger: Callable[[str], Caller]) -> None:
    text = stranger("hf_" + "w" * 34).problem("account_status", "bad_token")
    assert "hf auth login" in text


def test_the_token_is_read_anew_at_each_call(hub: Hub, stranger: Callable[[str], Caller]) -> None:
    caller = stranger("")
    caller.result("account_status", "logged_out")
    caller.settings.environment["HF_TOKEN"] = hub.token("rehearsal-free")  # type: ignore[index]
    assert caller.result("account_status", "logged_in")["user"] == "rehearsal-free"


def test_no_network() -> None:
    caller = Caller(
        Settings(hub="http://127.0.0.1:9", hub_confirmed=True, environment={"HF_TOKEN": "x" * 9})
    )
    text = caller.problem("account_status", "hub_unreachable")
    assert "http://127.0.0.1:9" in text


def test_unknown_rehearsal_account(caller_as: Callable[[str], Caller]) -> None:
    assert "rehearsal-pro" in caller_as("nobody").problem("account_status", "unknown_account")


def test_a_hub_of_the_environment_is_read_only(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path))
    environment = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token("rehearsal-pro")}
    caller = Caller(Settings(environment=environment))
    told = caller.result("account_status", "logged_out")
    assert "no token is sent" in told["why"]
    text = caller.problem(
        "space_create", "unconfirmed_hub", space="rehearsal-pro/never", sdk="gradio"
    )
    assert f"--hub {hub.endpoint}" in text


def test_no_token_travels_in_the_clear(hub: Hub) -> None:
    settings = Settings(
        hub="http://hub.example.invalid", hub_confirmed=True, environment={"HF_TOKEN": "x" * 20}
    )
    assert resolve(settings).token is None
    assert resolve(dataclasses.replace(settings, hub="https://hub.example.invalid")).token
