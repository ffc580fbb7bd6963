"""Real failures inside long logs: the known error is named, and only that one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.logreading import noise
from tools.diagnosing.matching import Match, matches
from tools.knowledge.known_errors import KnownError, known_errors
from tools.logreading import read_log

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("logs.yaml").read_text())
ERRORS = known_errors()
CONSEQUENCES = [
    '--> ERROR: process "/bin/sh -c pip install -r x" did not complete successfully: exit code: 1',
    "Traceback (most recent call last):",
    '  File "/home/user/app/retry.py", line 7, in again',
    "    connect()",
    "ConnectionError: the other side is gone",
    "Job failed with exit code: 1. Reason: cache miss: [base 6/7] RUN pip install",
]
FORMS = {
    "time stamp": "2026-11-22T10:00:00.123Z {}",
    "coloured": "\x1b[31m{}\x1b[0m",
    "windows": "{}\r",
    "container": "app-1  | {}",
}
# A wrapper says that something failed, not what: a consequence that says more takes its place.
SHOWN = [error for error in ERRORS if error.severity == "error" and not error.generic]
each_example = pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(error, text, id=f"{error.id}-{number}")
        for error in SHOWN
        for number, text in enumerate(error.examples)
    ],
)


def found_in(lines: list[str], errors: tuple[KnownError, ...] = ERRORS) -> tuple[Match, ...]:
    """What the first error of a log of 300 lines and more, with consequences, is known as."""
    log = [*noise.lines(300, seed=len(lines)), *lines, *noise.lines(40), *CONSEQUENCES]
    reading = read_log(log)
    assert reading.first_error is not None
    assert reading.later_errors >= 2
    return matches(reading.first_error.block, reading.first_error.text, errors)


@each_example
def test_an_example_is_the_first_error_of_a_long_log(error: KnownError, text: str) -> None:
    found = found_in(text.splitlines())
    assert [match.error.id for match in found if not match.error.generic] == [error.id]
    assert found[0].error is error


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_form_of_the_lines_does_not_matter(form: str) -> None:
    missed = [
        error.id
        for error in SHOWN
        if found_in([form.format(line) for line in error.examples[0].splitlines()])[0].error
        is not error
    ]
    assert missed == []


DIAGNOSED = [case for case in CASES if case["expected"] == "diagnosed"]
INCONCLUSIVE = [case for case in CASES if case["expected"] == "inconclusive"]
FINE = [case for case in CASES if case["expected"] == "healthy"]


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


@named(DIAGNOSED)
def test_a_reported_failure_is_diagnosed(case: dict[str, Any]) -> None:
    found = found_in(case["log"].splitlines())
    assert found[0].error.id == case["error"]
    assert case["root"] in case["log"]


@named(DIAGNOSED)
def test_without_its_entry_it_is_unknown(case: dict[str, Any]) -> None:
    others = tuple(error for error in ERRORS if error.id != case["error"])
    found = found_in(case["log"].splitlines(), others)
    assert [match.error.id for match in found if not match.error.generic] == []


@named(INCONCLUSIVE)
def test_what_nobody_could_tell_is_not_guessed(case: dict[str, Any]) -> None:
    reading = read_log(case["log"].splitlines())
    blocks = [reading.first_error, *reading.consequences]
    found = [match for block in blocks if block for match in matches(block.block, block.text)]
    assert [match.error.id for match in found if not match.error.generic] == []


@named(FINE)
def test_a_healthy_log_has_no_error(case: dict[str, Any]) -> None:
    reading = read_log([*noise.lines(300), *case["log"].splitlines()])
    assert reading.first_error is None


def test_every_kind_of_case_is_there() -> None:
    assert len(DIAGNOSED) >= 21
    assert len(INCONCLUSIVE) >= 5
    assert len(FINE) >= 4
