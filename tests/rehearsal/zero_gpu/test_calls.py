"""What happens to a GPU call: worker, pickle, errors, as visitors and the log tell it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .spaces_on_zero_gpu import AppError, ZeroGpuSpace

HIDDEN = "has raised an exception but has not enabled verbose error reporting"


@pytest.fixture
def visitor(calls: ZeroGpuSpace) -> Any:
    return calls.visitor("rehearsal-pro")


def test_a_call_runs_in_a_warm_worker_of_its_function(calls: ZeroGpuSpace, visitor: Any) -> None:
    before = calls.facts["calls"]
    answers = [visitor.predict(number, api_name="/double") for number in (1, 2, 3)]
    main = visitor.predict(api_name="/main_process")
    assert [answer["result"] for answer in answers] == [2, 4, 6]
    assert len({answer["pid"] for answer in answers}) == 1
    assert answers[0]["pid"] != main["pid"]
    assert [answer["seen"] - answers[0]["seen"] for answer in answers] == [0, 1, 2]
    assert main["seen"] == 0
    facts = calls.facts
    assert facts["calls"] - before == 3
    assert facts["startupReport"]
    assert any("warm worker" in line for line in facts["proved"])
    assert any("torch" in line for line in facts["notProved"])
    assert any("GPU memory" in line for line in facts["notProved"])


def test_a_decorated_function_inside_another_needs_no_second_gpu(
    calls: ZeroGpuSpace, visitor: Any
) -> None:
    before = calls.facts["calls"]
    assert visitor.predict(1, api_name="/nested") == {"same": True, "is_main": False}
    assert calls.facts["calls"] - before == 1


def test_generators_stream_and_progress_is_forwarded(visitor: Any) -> None:
    assert list(visitor.submit(3, api_name="/count")) == ["0", "1", "2"]
    job = visitor.submit("x", api_name="/with_progress")
    seen = []
    while not job.done():
        if data := job.status().progress_data:
            seen.append(data[0].index)
        time.sleep(0.02)
    assert job.result() == "X"
    assert {1, 2} <= set(seen)


@pytest.mark.parametrize(
    ("how", "title", "message"),
    [
        ("value", "ZeroGPU worker error", "ValueError"),
        ("words", "Error", "the app's own words"),
        ("lambda", "ZeroGPU worker error", "PicklingError"),
        ("children", "ZeroGPU worker error", "AssertionError"),
        ("die", "ZeroGPU worker error", "GPU task aborted"),
    ],
)
def test_a_call_that_fails(visitor: Any, how: str, title: str, message: str) -> None:
    with pytest.raises(AppError) as failed:
        visitor.predict(how, api_name="/misbehave")
    assert (failed.value.title, failed.value.message) == (title, message)
    assert visitor.predict("well", api_name="/misbehave") == "well"


def test_an_argument_that_cannot_be_pickled_hides_its_reason(
    calls: ZeroGpuSpace, visitor: Any
) -> None:
    with pytest.raises(AppError, match=HIDDEN):
        visitor.predict("x", api_name="/lambda_argument")
    assert visitor.predict("well", api_name="/misbehave") == "well"
    assert calls.says("PicklingError")
    with pytest.raises(AppError):
        visitor.predict("value", api_name="/misbehave")
    assert calls.says('raise ValueError("a secret of the log")')
