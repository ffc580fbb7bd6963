"""Work that outlasts a call: joined, collected once, forgotten in time, never silent for long."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from tools import background
from tools.background import join_or_start
from tools.context import Context, Report
from tools.settings import Settings


class Job:
    """Work under the test's control; counts how often it was started."""

    def __init__(self) -> None:
        self.started = 0
        self.may_end = threading.Event()

    def run(self, report: Report) -> int:
        self.started += 1
        number = self.started
        report(f"job {number} began", 0.5)
        self.may_end.wait(20)
        return number


@pytest.fixture
def job() -> Iterator[Job]:
    made = Job()
    yield made
    made.may_end.set()


@pytest.fixture
def call(job: Job) -> Callable[..., int | None]:
    key = uuid.uuid4().hex

    def call(seconds: float | None, told: list[str] | None = None) -> int | None:
        report: Report = lambda message, _: None if told is None else told.append(message)  # noqa: E731
        return join_or_start(key, job.run, Context(Settings(seconds=seconds), report=report))

    return call


def until_ended() -> None:
    """Until no work is under way any more: its result waits to be collected."""
    deadline = time.monotonic() + 10
    while any(work._ended is None for work in background._works.values()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_later_call_joins_and_collects_once(call: Callable[..., int | None], job: Job) -> None:
    assert call(0.0) is None
    assert call(0.1) is None
    job.may_end.set()
    assert call(10.0) == 1
    assert call(10.0) == 2


def test_a_joining_call_hears_the_newest_progress(
    call: Callable[..., int | None], job: Job
) -> None:
    assert call(0.1) is None
    told: list[str] = []
    assert call(0.1, told) is None
    assert told[0] == "job 1 began"


def test_a_result_that_nobody_collected_expires(
    call: Callable[..., int | None], job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(0.0) is None
    job.may_end.set()
    until_ended()
    monkeypatch.setattr(background, "KEPT_SECONDS", 0.0)
    time.sleep(0.01)
    assert call(10.0) == 2


def test_collecting_late_does_not_take_newer_work_away(
    call: Callable[..., int | None], job: Job
) -> None:
    """Two calls wait for the same work; one collects it and work anew begins under its key."""
    holds, goes_on = threading.Event(), threading.Event()
    late: list[int | None] = []

    class Slow(list[str]):
        def append(self, message: str) -> None:
            if message == "job 1 began":
                holds.set()
                goes_on.wait(10)

    second = threading.Thread(target=lambda: late.append(call(20.0, Slow())))
    second.start()
    assert holds.wait(10)
    job.may_end.set()
    assert call(10.0) == 1
    job.may_end.clear()
    assert call(0.1) is None
    goes_on.set()
    second.join()
    assert late == [1]
    job.may_end.set()
    assert call(10.0) == 2


def test_a_long_silence_is_filled(
    call: Callable[..., int | None], job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "HEARTBEAT_SECONDS", 0.1)
    told: list[str] = []
    assert call(0.55, told) is None
    assert told[0] == "job 1 began"
    assert 3 <= len(told[1:]) <= 6
    assert all(message == "job 1 began (0 s so far)" for message in told[1:4])


def test_work_does_not_wait_for_a_caller_that_does_not_read(
    call: Callable[..., int | None], job: Job
) -> None:
    stuck = threading.Event()

    class Stuck(list[str]):
        def append(self, _message: str) -> None:
            stuck.wait(20)

    waiting = threading.Thread(target=call, args=(20.0, Stuck()))
    waiting.start()
    job.may_end.set()
    until_ended()
    assert call(10.0) == 1
    stuck.set()
    waiting.join()


def test_an_error_reaches_the_call_that_collects() -> None:
    def fails(report: Report) -> None:
        raise LookupError("as raised")

    with pytest.raises(LookupError, match="as raised"):
        join_or_start(uuid.uuid4().hex, fails, Context(Settings(seconds=10.0)))
