"""One GPU for all: waiting, giving up, and workers that take too long."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .spaces_on_zero_gpu import AppError, ZeroGpuSpace, set_limits, toasts

PRO = "rehearsal-pro"
EXAMPLES = "Try re-running outside of examples if it happened after clicking one"


def hold_gpu(calls: ZeroGpuSpace, seconds: float) -> Any:
    """Start a call that holds the GPU; it does when this returns."""
    before = calls.facts["calls"]
    job = calls.visitor(PRO).submit(60, seconds, api_name="/ask")
    while calls.facts["calls"] == before:
        time.sleep(0.05)
    return job


def test_a_second_call_waits_and_succeeds(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, pingSeconds=0.2)
    holder = hold_gpu(calls, 2)
    said = toasts(calls, "double", [21], PRO)
    assert holder.result() == "done"
    assert "ZeroGPU queue: Waiting for a GPU slot on this Space" in said.toasts
    assert "ZeroGPU queue: Successfully acquired a GPU" in said.toasts
    assert said.output[0]["result"] == 42
    assert any("waited in the queue" in line for line in calls.facts["proved"])


@pytest.mark.parametrize(
    ("account", "title", "message"),
    [
        (PRO, "ZeroGPU queue timeout", "No GPU was available after 60s"),
        (None, "ZeroGPU quota exceeded", f"No GPU was available after 60s. {EXAMPLES}"),
    ],
)
def test_a_call_waits_only_so_long(
    calls: ZeroGpuSpace, account: str | None, title: str, message: str
) -> None:
    set_limits(calls.hub, queueSeconds=0.5)
    visitor = calls.visitor(account)
    holder = hold_gpu(calls, 4)
    with pytest.raises(AppError) as refused:
        visitor.predict(1, api_name="/double")
    assert refused.value.title == title
    assert refused.value.message.startswith(message)
    assert holder.result() == "done"
    assert visitor.predict(1, api_name="/double")["result"] == 2


def test_a_platform_without_gpus(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, gpus=0)
    with pytest.raises(AppError) as refused:
        calls.visitor(PRO).predict(1, api_name="/double")
    assert refused.value.title == "ZeroGPU client error"
    assert refused.value.message == "No GPU was available"


def test_a_worker_that_overruns_is_warned_of_and_ended(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, overrunGraceSeconds=1)
    began = time.monotonic()
    said = toasts(calls, "ask", [1, 60], PRO)
    assert time.monotonic() - began < 20
    warning = "GPU task is exceeding its requested duration and might be aborted"
    assert f"ZeroGPU duration: {warning}" in said.toasts
    assert said.error == "GPU task aborted"
    assert any("overran" in line for line in calls.facts["proved"])
    assert calls.visitor(PRO).predict(5, 0, api_name="/ask") == "done"


def test_gradio_lets_one_event_wait(calls: ZeroGpuSpace) -> None:
    visitor = calls.visitor(PRO)
    jobs = [visitor.submit(60, 2, api_name="/ask") for _ in range(4)]
    errors = [str(error) for error in (job.exception() for job in jobs) if error]
    assert errors
    assert all("Queue is full" in error for error in errors)
    assert sum(job.exception() is None for job in jobs) >= 1
