"""The two lists at the end of a rehearsal."""

from __future__ import annotations

import pytest

from tools.rehearsing import Step, not_proved, proved


def test_what_was_not_reached_is_open() -> None:
    assert proved(()) == ()
    assert len(proved(("build", "start", "answer"))) == 3
    assert [line for line in not_proved("cpu-basic", ("build",)) if "not reached" in line] == [
        f"not reached: {line}" for line in proved(("start", "answer"))
    ]


@pytest.mark.parametrize(
    ("hardware", "said"),
    [("zero-a10g", "ZeroGPU's queue"), ("t4-small", "price"), ("cpu-upgrade", "platform's CPUs")],
)
def test_what_only_the_hardware_shows(hardware: str, said: str) -> None:
    assert any(said in line for line in not_proved(hardware, ("build", "start", "answer")))


def test_a_page_installs_nothing_and_runs_no_python() -> None:
    steps: tuple[Step, ...] = ("build", "start", "answer")
    lines = " ".join((*proved(steps, "static"), *not_proved("cpu-basic", steps, "static")))
    for word in ("install", "port", "Debian", "CPU", "not reached"):
        assert word not in lines
    assert "scripts" in lines
    assert "plan, slots" in lines
