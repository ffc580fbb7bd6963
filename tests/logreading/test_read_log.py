"""The first error of real failures, told from noise and from the errors that it caused."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.logreading import LogReading, read_log
from tools.logreading.text import LONGEST_LINE

from . import healthy, noise

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())
CONSEQUENCES = [
    '--> ERROR: process "/bin/sh -c pip install -r x" did not complete successfully: exit code: 1',
    "Server stopped",
    "Traceback (most recent call last):",
    '  File "/home/user/app/retry.py", line 7, in again',
    "    connect()",
    "ConnectionError: the other side is gone",
]


def read(text: str) -> LogReading:
    return read_log(textwrap.dedent(text).splitlines())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_cause_is_found_between_noise_and_consequences(case: dict[str, Any]) -> None:
    before = noise.lines(300, seed=len(case["id"]))
    log = [*before, *case["log"].splitlines(), *noise.lines(60), *CONSEQUENCES]
    reading = read_log(log)
    error = reading.first_error
    assert error is not None
    assert case["root"] in error.text
    assert case["root"] in log[error.line - 1]
    assert error.line > len(before)
    assert (error.kind, error.where) == (case["kind"], case.get("where"))
    assert error.while_serving == case.get("while_serving", False)
    assert case["root"] in "\n".join(error.block)
    assert not error.provisional
    assert reading.later_errors == 2
    assert [block.kind for block in reading.consequences] == ["docker", "traceback"]
    assert reading.lines == len(log)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_what_comes_later_changes_nothing(case: dict[str, Any]) -> None:
    log = [*noise.lines(20), *case["log"].splitlines(), "Bye."]
    assert (
        read_log([*log, *noise.lines(50), *CONSEQUENCES]).first_error == read_log(log).first_error
    )


@pytest.mark.parametrize("name", sorted(healthy.LOGS))
def test_a_healthy_log_holds_no_error(name: str) -> None:
    reading = read(healthy.LOGS[name])
    assert reading.first_error is None
    assert reading.later_errors == 0
    assert reading.likely_error is None


def test_noise_holds_no_error() -> None:
    reading = read_log(noise.lines(2000))
    assert (reading.first_error, reading.consequences) == (None, ())


def test_a_chain_of_exceptions_is_one_error_and_its_root_is_the_first() -> None:
    reading = read("""\
        Traceback (most recent call last):
          File "/usr/local/lib/python3.12/site-packages/requests/adapters.py", line 2, in send
            conn.urlopen()
        ConnectionRefusedError: [Errno 111] Connection refused

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "/home/user/app/app.py", line 12, in <module>
            models = fetch()
          File "/home/user/app/hub/fetching.py", line 4, in fetch
            raise ValueError("no models")
        ValueError: no models

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "/home/user/app/app.py", line 20, in <module>
            raise SystemExit(1)
        RuntimeError: giving up
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert reading.first_error.line == 4
    assert reading.first_error.where == "hub/fetching.py:4 in fetch"
    assert len(reading.first_error.block) == 20
    assert reading.later_errors == 0


def test_frames_of_the_rehearsal_are_not_the_app_s() -> None:
    hook = "/x/tools/rehearsal/machine/start_hook/sitecustomize.py"
    log = f'''Traceback (most recent call last):
  File "/w/app-0123abc/app.py", line 7, in <module>
    demo.launch(share=True)
  File "{hook}", line 175, in launch
    return plain_launch(self, *arguments, **options)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/v/lib/python3.11/site-packages/gradio/blocks.py", line 3, in launch
    raise ValueError("no")
ValueError: no
'''
    found = read_log(log.splitlines()).first_error
    assert found is not None
    assert found.where == "app.py:7 in <module>"
    assert found.text == "ValueError: no"
    quoted = "\n".join(found.block)
    assert "start_hook" not in quoted
    assert "plain_launch" not in quoted
    assert "^^^" not in quoted
    assert 'raise ValueError("no")' in quoted
    # A hook that is the innermost frame hides neither the exception nor what comes after.
    innermost = log.replace("/v/lib/python3.11/site-packages/gradio/blocks.py", hook)
    found = read_log(innermost.splitlines()).first_error
    assert found is not None
    assert (found.text, found.where) == ("ValueError: no", "app.py:7 in <module>")


def test_two_unchained_tracebacks_are_two_errors() -> None:
    reading = read("""\
        Traceback (most recent call last):
          File "a.py", line 1, in one
        KeyError: 'first'
        Traceback (most recent call last):
          File "b.py", line 1, in two
        KeyError: 'second'
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "KeyError: 'first'"
    assert [block.text for block in reading.consequences] == ["KeyError: 'second'"]


def test_other_output_may_run_into_a_traceback() -> None:
    reading = read("""\
        Traceback (most recent call last):
          File "/home/user/app/app.py", line 1, in <module>
        Loaded: 3 voices
        INFO:     10.16.4.123:53211 - "GET / HTTP/1.1" 200 OK
            import segno
        Fetching 16 files
        ModuleNotFoundError: No module named 'segno'
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "ModuleNotFoundError: No module named 'segno'"
    assert reading.first_error.line == 7
    assert reading.later_errors == 0


def test_an_exception_of_the_app_needs_no_module_name() -> None:
    reading = read("""\
        Traceback (most recent call last):
          File "/home/user/app/app.py", line 3, in <module>
            raise Boom("no voices")
        Boom: no voices
        Stopping Node.js server...
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "Boom: no voices"


def test_an_error_after_a_cut_traceback_is_not_swallowed() -> None:
    reading = read("""\
        Traceback (most recent call last):
          File "/home/user/app/app.py", line 3, in <module>
        [the log was cut here]
        E: Unable to locate package librandr2
        """)
    assert [block.text for block in reading.consequences] == [
        "E: Unable to locate package librandr2"
    ]


def test_a_group_of_exceptions_is_rooted_in_its_first_member() -> None:
    reading = read("""\
          + Exception Group Traceback (most recent call last):
          |   File "/home/user/app/app.py", line 5, in main
          |     async with create_task_group() as tasks:
          | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
          +-+---------------- 1 ----------------
            | Traceback (most recent call last):
            |   File "/home/user/app/client.py", line 8, in call
            |     await get()
            | httpx.ConnectError: All connection attempts failed
            +------------------------------------
        Stopped
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "httpx.ConnectError: All connection attempts failed"
    assert reading.first_error.line == 9
    assert reading.first_error.where == "client.py:8 in call"
    assert reading.later_errors == 0


def test_a_syntax_error_says_where() -> None:
    reading = read("""\
        Starting
          File "/home/user/app/app.py", line 12
            def f(
                 ^
        SyntaxError: '(' was never closed
        """)
    assert reading.first_error is not None
    assert reading.first_error.where == "app.py:12"
    assert reading.first_error.line == 5
    assert len(reading.first_error.block) == 4


def test_the_build_inside_pip_names_the_cause() -> None:
    reading = read("""\
        Collecting flash-attn
          error: subprocess-exited-with-error

          × Getting requirements to build wheel did not run successfully.
          │ exit code: 1
          ╰─> [20 lines of output]
              Traceback (most recent call last):
                File "<string>", line 22, in <module>
              ModuleNotFoundError: No module named 'torch'
              [end of output]

          note: This error originates from a subprocess, and is likely not a problem with pip.
        error: subprocess-exited-with-error

        --> ERROR: process "/bin/sh -c pip install" did not complete successfully: exit code: 1
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "ModuleNotFoundError: No module named 'torch'"
    assert (reading.first_error.kind, reading.first_error.line) == ("pip", 9)
    assert reading.later_errors == 1


def test_the_build_inside_uv_names_the_cause() -> None:
    reading = read("""\
        Using Python 3.11.7 environment at: /home/user/env
        error: The build backend returned an error
          cause: Call to `setuptools.build_meta:__legacy__.build_wheel` failed (exit status: 1)

                 [stderr]
                 Traceback (most recent call last):
                   File "<string>", line 1, in <module>
                 ModuleNotFoundError: No module named 'torch'

                 hint: This usually indicates a problem with the package or the build environment.
        Stopped
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "ModuleNotFoundError: No module named 'torch'"
    assert (reading.first_error.kind, reading.first_error.line) == ("uv", 8)
    assert reading.later_errors == 0


def test_the_compiler_inside_pip_names_the_cause() -> None:
    reading = read("""\
          error: subprocess-exited-with-error

          × Building wheel for fasttext (pyproject.toml) did not run successfully.
          ╰─> [9 lines of output]
              creating build
              src/fasttext.cc:3:10: fatal error: pybind11/pybind11.h: No such file or directory
              error: command '/usr/bin/gcc' failed with exit code 1
              [end of output]
          ERROR: Failed building wheel for fasttext
        """)
    assert reading.first_error is not None
    assert "fatal error: pybind11/pybind11.h" in reading.first_error.text
    assert reading.later_errors == 0


def test_a_wrapper_gives_way_to_what_it_wraps() -> None:
    reading = read("""\
        Job failed with exit code: 1. Reason: cache miss: [base 6/7] RUN pip install
        cache miss: [base 7/7] COPY
        {"total":25,"completed":19}
        Build logs:
        ERROR: Invalid requirement: 'Resolved 87 packages in 4ms': Expected end or semicolon
        """)
    assert reading.first_error is not None
    assert reading.first_error.text.startswith("ERROR: Invalid requirement")
    assert [block.line for block in reading.consequences] == [1]
    alone = read("Job failed with exit code: 1. Reason: cache miss: [base 6/7] RUN x").first_error
    assert alone is not None
    assert alone.provisional


def test_the_reason_of_an_exit_is_read() -> None:
    reading = read("""\
        Exit code: 1. Reason: ule>
            import torch
        ModuleNotFoundError: No module named 'torch'
        Container logs:
        """)
    assert reading.first_error is not None
    assert reading.first_error.text == "ModuleNotFoundError: No module named 'torch'"
    direct = read("Exit code: 1. Reason: ValueError: no voices\n").first_error
    assert direct is not None
    assert direct.text == "ValueError: no voices"


def test_an_error_before_a_healthy_start_is_less_likely() -> None:
    reading = read("""\
        ERROR:root:could not read the optional config
        * Running on local URL:  http://0.0.0.0:7860
        Traceback (most recent call last):
          File "/home/user/app/app.py", line 8, in predict
        ZeroDivisionError: division by zero
        """)
    assert reading.first_error is not None
    assert reading.likely_error is not None
    assert "optional config" in reading.first_error.text
    assert reading.first_error_survived
    assert reading.likely_error.text == "ZeroDivisionError: division by zero"
    assert reading.likely_error.while_serving
    assert reading.healthy_signs == ("Running on local URL",)


def test_an_app_that_prints_a_problem_and_starts_has_no_error() -> None:
    reading = read("""\
        Error launching MCP server: 'Server' object has no attribute 'call_tool'
        * Running on local URL:  http://127.0.0.1:54133
        """)
    assert reading.first_error is None
    stopped = read("Error launching MCP server: no package\nBye\n").first_error
    assert stopped is not None
    assert stopped.provisional


def test_a_long_block_is_shortened_in_its_middle() -> None:
    frames = [f'  File "/home/user/app/app.py", line {n}, in f' for n in range(1000)]
    log = ["Traceback (most recent call last):", *frames, "RecursionError: too deep"]
    error = read_log(log).first_error
    assert error is not None
    assert len(error.block) == 40
    assert error.block[0] == log[0]
    assert error.block[-1] == log[-1]
    assert "[... 963 lines left out ...]" in error.block
    assert error.where == "app.py:999 in f"


def test_only_five_consequences_are_kept_but_all_are_counted() -> None:
    reading = read_log([f"Error: number {n}" for n in range(20)])
    assert reading.first_error is not None
    assert reading.first_error.text == "Error: number 0"
    assert [block.line for block in reading.consequences] == [2, 3, 4, 5, 6]
    assert reading.later_errors == 19


def test_an_overlong_line_is_cut_and_still_counts_as_one() -> None:
    long_line = "x" * (10 * LONGEST_LINE)
    reading = read_log([long_line, f"ERROR: {long_line}", "Error: last"])
    assert reading.first_error is not None
    assert reading.first_error.line == 2
    assert len(reading.first_error.text) < 1100
    assert reading.lines == 3


def test_without_re2_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.logreading import search

    logs = [[*noise.lines(30), *case["log"].splitlines()] for case in CASES]
    expected = [read_log(log) for log in logs]
    monkeypatch.setitem(sys.modules, "re2", None)
    search.searcher.cache_clear()
    try:
        assert [read_log(log) for log in logs] == expected
    finally:
        search.searcher.cache_clear()


def test_ignored_exceptions_one_after_the_other_are_noise() -> None:
    """Gradio on Python 3.10 prints two of these at its start (seen 2026-11-23)."""
    block = [
        "Exception ignored in: <function BaseEventLoop.__del__ at 0x7f2b1c0d3a60>",
        "Traceback (most recent call last):",
        '  File "/usr/local/lib/python3.10/asyncio/base_events.py", line 688, in __del__',
        "    self.close()",
        "ValueError: Invalid file descriptor: -1",
    ]
    reading = read_log([*block, *block, "* Running on local URL:  http://0.0.0.0:7860", *block])
    assert reading.first_error is None
    assert reading.later_errors == 0
