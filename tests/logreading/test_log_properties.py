"""What holds for any log: no crash, exact line numbers, constant memory."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.logreading import read_log

from . import noise

FRAGMENTS = (
    "Traceback (most recent call last):",
    '  File "/home/user/app/app.py", line 3, in <module>',
    "    import torch",
    "ValueError: no",
    "Boom: no",
    "During handling of the above exception, another exception occurred:",
    "  + Exception Group Traceback (most recent call last):",
    "  +-+---------------- 1 ----------------",
    "    | KeyError: 'x'",
    "Exception ignored in: <x>",
    "ERROR: Cannot install a and b",
    "  error: subprocess-exited-with-error",
    "      Traceback (most recent call last):",
    "      TypeError: inner",
    "  × No solution found when resolving dependencies:",
    "E: Unable to locate package x",
    "npm error code E404",
    "npm error 404 x",
    "--> ERROR: process x did not complete successfully: exit code: 1",
    "Exit code: 1. Reason: Traceback (most recent call last):",
    "Exit code: 137. Reason: x",
    "* Running on local URL:  http://x",
    "===== Application Startup at 2026-10-02 15:41:02 =====",
    "ERROR:root:x",
    "\x1b[31mError: x\x1b[0m\r",
    "",
    "plain",
)
LINES = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=40)), max_size=60)

STREAM = """
import resource, sys
from tools.logreading import read_log
from tests.logreading import noise
def stream(size):
    block = [line + "\\n" for line in noise.lines(4000)]
    each = sum(map(len, block))
    for _ in range(size // each + 1):
        yield from block
    yield "ValueError: at last\\n"
    yield from block
read_log(stream(1_000_000))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
reading = read_log(stream(int(sys.argv[1])))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert reading.first_error.text == "ValueError: at last", reading.first_error
print(grown // (1024 if sys.platform == "linux" else 1024 * 1024))
"""


@given(LINES)
def test_any_log_is_read_and_its_lines_are_counted(lines: list[str]) -> None:
    reading = read_log(lines)
    assert reading.lines == sum(line.removesuffix("\n").count("\n") + 1 for line in lines)
    numbers = [block.line for block in reading.consequences]
    assert all(1 <= number <= reading.lines for number in numbers)
    assert len(numbers) == min(5, reading.later_errors)
    assert all(len(block.block) <= 40 for block in reading.consequences)


@given(LINES)
def test_line_ends_make_no_difference(lines: list[str]) -> None:
    bare = [line.replace("\n", "") for line in lines]
    assert read_log(f"{line}\n" for line in bare) == read_log(bare)


@given(LINES, st.integers(0, 300))
def test_line_numbers_are_exact(lines: list[str], count: int) -> None:
    """Each reported line is the one that holds the text, wherever the log starts."""
    harmless = [f"step {number}" for number in range(count)]
    plain = [line.replace("\n", " ").replace("\r", " ") for line in lines]
    log = [*harmless, *plain]
    reading = read_log(log)
    for block in (reading.first_error, *reading.consequences):
        if block is not None and "\x1b" not in log[block.line - 1]:
            assert block.text in log[block.line - 1]


@given(LINES, LINES)
def test_a_closed_first_error_stays_the_first(before: list[str], after: list[str]) -> None:
    """Only an error that names no cause may be replaced by what comes later."""
    closed = [*before, *["closing"] * 40]
    first = read_log(closed).first_error
    later = read_log([*closed, *after]).first_error
    if first is not None and not first.provisional:
        assert later == first


@settings(max_examples=25, deadline=None)  # a shared machine may take its time
@given(st.integers(0, 5000), st.integers(0, 3))
def test_the_batches_that_lines_are_read_in_do_not_show(count: int, seed: int) -> None:
    before = [line for line in noise.lines(count, seed) if "\n" not in line]
    reading = read_log([*before, "ValueError: here"])
    assert reading.first_error is not None
    assert reading.first_error.line == len(before) + 1


def growth_in_megabytes(log_bytes: int) -> int:
    command = [sys.executable, "-c", STREAM, str(log_bytes)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_memory_does_not_grow_with_the_log() -> None:
    assert growth_in_megabytes(20_000_000) < 16


@pytest.mark.slow
def test_a_hundred_megabytes_are_read_in_constant_memory() -> None:
    assert growth_in_megabytes(100_000_000) < 16
