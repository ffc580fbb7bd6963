"""Durations and quotas: what is refused, in the package's words, and what is charged."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.conftest import StartHub

from .spaces_on_zero_gpu import LIMITS, AppError, ZeroGpuSpace, ask, set_limits, set_used

FREE, PRO = "rehearsal-free", "rehearsal-pro"
SPACE_LIMIT = (
    "Space app has reached its GPU limit. "
    "Try re-running outside of examples if it happened after clicking one"
)


def refusal(space: ZeroGpuSpace, account: str | None, *values: Any, call: str = "/ask") -> str:
    """Call and return title and message of the refusal."""
    visitor = space.visitor(account)
    with pytest.raises(AppError) as refused:
        visitor.predict(*values, api_name=call)
    return f"{refused.value.title}: {refused.value.message}"


def test_a_duration_counts_half_as_much_again_and_must_fit_the_quota(calls: ZeroGpuSpace) -> None:
    set_used(calls.hub, 283, FREE)
    assert re.match(
        r"ZeroGPU quota exceeded: You have exceeded your free ZeroGPU quota "
        r"\(90s requested vs\. 17s left\)\. Try again in 2\d:\d\d:\d\d\. "
        r"Subscribe to Hugging Face PRO to get 40 min of ZeroGPU quota a day - https://huggingface\.co/subscribe/pro",
        refusal(calls, FREE, 60, 0),
    )
    assert calls.visitor(FREE).predict(10, 0, api_name="/ask") == "done"


def test_pro_is_asked_to_add_credits(calls: ZeroGpuSpace) -> None:
    set_used(calls.hub, 2390, PRO)
    said = refusal(calls, PRO, 60, 0)
    assert "You have exceeded your Pro ZeroGPU quota (90s requested vs. 10s left)." in said
    assert "$1 for 10 minutes of ZeroGPU inference" in said


@pytest.mark.parametrize(
    ("account", "asked", "printed"), [(FREE, 267, "400s"), (PRO, 1700, "2550s")]
)
def test_a_duration_above_the_longest(
    calls: ZeroGpuSpace, account: str, asked: float, printed: str
) -> None:
    said = refusal(calls, account, asked, 0)
    expected = f"The requested GPU duration ({printed}) is larger than the maximum allowed"
    assert said.startswith(f"ZeroGPU illegal duration: {expected}")
    assert ("allowedSubscribe to Hugging Face PRO" in said) == (account == FREE)


def test_xlarge_costs_twice_and_is_not_multiplied(calls: ZeroGpuSpace) -> None:
    set_used(calls.hub, 200, FREE)
    said = refusal(calls, FREE, 60, call="/ask_xlarge")
    assert "(120s requested vs. 100s left)" in said
    before = calls.hub.api(FREE).get_zero_gpu_quota().remaining
    calls.visitor(FREE).predict(20, api_name="/ask_xlarge")
    used = before - calls.hub.api(FREE).get_zero_gpu_quota().remaining
    assert 1.0 <= used < 8


def test_without_a_token_the_space_itself_pays(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, spaceQuotaSeconds=1, longestCallShareOfQuota=1000)
    assert refusal(calls, None, 60, 0) == f"ZeroGPU quota exceeded: {SPACE_LIMIT}"
    assert calls.visitor(PRO).predict(60, 0, api_name="/ask") == "done"


def test_runs_are_limited_when_somebody_says_so(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, runsPerDay=0)
    said = refusal(calls, FREE, 1, 0)
    assert said.startswith("ZeroGPU quota exceeded: You have exceeded your ZeroGPU runs limit. ")


def test_a_visitor_token_expires(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, visitorTokenSeconds=0)
    assert refusal(calls, FREE, 1, 0) == "ZeroGPU client error: Expired ZeroGPU proxy token"


def test_a_forged_visitor_token_is_refused(calls: ZeroGpuSpace) -> None:
    visitor = calls.visitor(None, **{"x-ip-token": "e30.e30.e30"})
    with pytest.raises(AppError, match="Expired ZeroGPU proxy token"):
        visitor.predict(1, 0, api_name="/ask")


def test_the_fault_quota_spent(calls: ZeroGpuSpace) -> None:
    faults = "/api/rehearsal/faults"
    ask(calls.hub, "POST", faults, {"name": "quota-spent"}).raise_for_status()
    try:
        assert "You have exceeded your Pro ZeroGPU quota (2s requested vs. 0s left)" in refusal(
            calls, PRO, 1, 0
        )
        assert calls.hub.api(PRO).get_zero_gpu_quota().remaining == 0
    finally:
        ask(calls.hub, "DELETE", faults).raise_for_status()
    assert calls.visitor(PRO).predict(1, 0, api_name="/ask") == "done"


def test_only_the_time_used_is_charged_and_the_quota_tells_it(calls: ZeroGpuSpace) -> None:
    api = calls.hub.api(FREE)
    before = api.get_zero_gpu_quota()
    seconds = calls.facts["secondsUsed"]
    began = time.monotonic()
    calls.visitor(FREE).predict(60, 1, api_name="/ask")
    lasted = time.monotonic() - began
    after = api.get_zero_gpu_quota()
    assert before.base == after.base == 300
    assert 0.9 <= before.remaining - after.remaining <= lasted
    assert calls.facts["secondsUsed"] - seconds >= 0.9
    assert after.resets_at is not None


def test_used_quotas_survive_the_death_of_the_hub(start_hub: StartHub, tmp_path: Any) -> None:
    hub = start_hub(tmp_path / "state")
    assert hub.api(PRO).get_zero_gpu_quota().resets_at is None
    set_used(hub, 400, PRO)
    hub.restart(kill=True)
    assert hub.api(PRO).get_zero_gpu_quota().remaining == 2000
    assert hub.api(FREE).get_zero_gpu_quota().remaining == 300


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"limits": {"gpus": -1}}, "gpus must be a whole number"),
        ({"limits": {"gpu": 1}}, "limits must be among"),
        ({"limits": {"queueSeconds": "3"}}, "queueSeconds must be a number"),
        ({"limits": 3}, "limits must be an object"),
        ({"usedSeconds": -1}, "usedSeconds must not be negative"),
    ],
)
def test_bad_numbers_are_refused(calls: ZeroGpuSpace, body: dict[str, Any], said: str) -> None:
    limits = ask(calls.hub, "GET").json()
    refused = ask(calls.hub, "PATCH", LIMITS, body)
    assert refused.status_code == 400
    assert said in refused.json()["error"]
    assert ask(calls.hub, "GET").json() == limits
