"""Small parts: what an app may answer, file names, the run log, the verdict, the deadline."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.app.deadline import Deadline, attempt, watch
from tools.app.files import AppFiles, NotFetched, files_in, localize, name_of
from tools.app.interface import functions
from tools.app.report import EndpointReport, EndpointVerdict, Evidence, Verdict, overall
from tools.app.runlog import RunLog, find_error, log_evidence, refused_input
from tools.app.selection import reason_to_skip
from tools.app.web import AppToken
from tools.hub.facts import LogText

from .strategies import JSON


@given(config=JSON, info=JSON)
def test_any_answer_of_an_app_is_read(config: Any, info: Any) -> None:
    assert isinstance(functions(config, {"named_endpoints": info}), tuple)
    assert isinstance(functions({"dependencies": config, "components": info}, info), tuple)


@given(value=JSON)
def test_no_path_of_the_app_s_is_ever_sent(value: Any) -> None:
    trap = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    wrapped = {"a": [value, trap], "b": {"c": trap}}
    clean = localize(wrapped, lambda file: NotFetched(name_of(file), "refused"))
    assert list(files_in(clean)) == []
    assert "/etc/passwd" not in str(clean["b"])


@given(st.text(max_size=200))
def test_names_of_downloads_stay_in_their_folder(name: str) -> None:
    for key in ("path", "orig_name", "url"):
        safe = name_of({key: name})
        assert safe
        assert "/" not in safe
        assert safe not in {".", ".."}
        assert len(safe) <= 80


def test_a_file_on_another_host_is_not_fetched(tmp_path: Path) -> None:
    files = AppFiles("http://127.0.0.1:9/gradio_api/", AppToken("not-for-others"))
    for value in (
        {"path": "x", "url": "http://127.0.0.1:10/x", "is_stream": True, "meta": {}},
        {"path": "http://127.0.0.1:10/x", "meta": {}},
    ):
        got = files.fetch(value, tmp_path, "1", Deadline(5))
        assert isinstance(got, NotFetched)
        assert "another host, 127.0.0.1:10" in got.reason


def test_a_data_url_is_a_file(tmp_path: Path) -> None:
    value: dict[str, Any] = {"path": None, "url": "data:image/png;base64,iVBORw0KGgo=", "meta": {}}
    path = AppFiles("http://127.0.0.1:9/", None).fetch(value, tmp_path, "1", Deadline(5))
    assert isinstance(path, Path)
    assert path.read_bytes() == b"\x89PNG\r\n\x1a\n"


TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "gradio/blocks.py", line 1, in preprocess_data',
    "    x = y",
    "pydantic.ValidationError: 1 validation error",
    "0.content",
]


def log_of(*lines: str, cut_because: str | None = None) -> LogText:
    return LogText(lines=lines, revision=None, cut_because=cut_because)


def test_errors_in_a_log() -> None:
    assert find_error(["all is well"]) is None
    assert find_error(TRACEBACK[:3]) is None, "its last line has not arrived yet"
    found = find_error(["before", *TRACEBACK])
    assert found is not None
    assert found.text == "pydantic.ValidationError: 1 validation error"
    assert refused_input(TRACEBACK)
    assert not refused_input(["ValueError: x", *TRACEBACK])


@pytest.mark.parametrize(
    "line",
    [
        "ERROR: it failed",
        "2026-11-23 04:00:00 - app - ERROR - no",
        "[ERROR] x",
        "RuntimeError: CUDA error",
    ],
)
def test_error_lines_are_evidence(line: str) -> None:
    evidence = log_evidence(["fine", line], failed=False)
    assert evidence is not None
    assert line.rpartition("- app")[2] in evidence.what


@pytest.mark.parametrize("line", ["0 errors", "INFO no error", "epoch 1, Error: rate 0.1"])
def test_other_lines_are_not(line: str) -> None:
    assert log_evidence([line], failed=False) is None


def since(*logs: LogText, expect_error: bool = False) -> list[str]:
    reads = itertools.chain(logs, itertools.repeat(logs[-1]))
    log = RunLog(lambda: next(reads))
    log.begin(Deadline(5))
    return list(log.since(Deadline(5), expect_error=expect_error))


def test_a_late_traceback_is_waited_for() -> None:
    late = log_of("old", *TRACEBACK)
    assert since(log_of("old"), log_of("old"), late, expect_error=True) == TRACEBACK


def test_a_rotated_log_is_new_and_a_cut_one_is_not() -> None:
    assert since(log_of("a", "b", "c"), log_of("new")) == ["new"]
    assert since(log_of("a", "b", "c"), log_of("a", cut_because="it broke")) == []


def test_each_line_counts_for_one_call() -> None:
    reads = iter([log_of("a"), log_of("a", "b"), log_of("a", "b", "c")])
    log = RunLog(lambda: next(reads))
    log.begin(Deadline(5))
    assert list(log.since(Deadline(5), expect_error=False)) == ["b"]
    assert list(log.since(Deadline(5), expect_error=False)) == ["c"]


def verdict_of(*verdicts: EndpointVerdict, ok: bool | None = True) -> Verdict:
    reports = [EndpointReport(name="/f", verdict=each) for each in verdicts]
    return overall([Evidence(what="page", ok=ok)], reports)


def test_the_verdict_over_all() -> None:
    assert verdict_of("works", "skipped") == "works"
    assert verdict_of("works", ok=None) == "works"
    assert verdict_of("works", ok=False) == "works_with_warnings"
    assert verdict_of("works", "warnings") == "works_with_warnings"
    assert verdict_of("works", "not_verified") == "works_with_warnings"
    assert verdict_of("works", "broken", "not_verified") == "broken"
    assert verdict_of("not_verified", "skipped") == "not_verified"
    assert verdict_of() == "not_verified"


@pytest.mark.parametrize(
    ("name", "component", "left_alone"),
    [
        ("/delete_all", "Textbox", True),
        ("/clear_1", "Textbox", True),
        ("/flag", "Textbox", True),
        ("/remove_item", "Textbox", True),
        ("/remove_background", "Image", False),
        ("/undelete", "Textbox", False),
        ("/clearness", "Textbox", False),
    ],
)
def test_dangerous_names(name: str, component: str, left_alone: bool) -> None:
    info = {"named_endpoints": {name: {"parameters": [{"component": component}]}}}
    (function,) = functions({}, info)
    assert bool(reason_to_skip(function)) == left_alone


def test_an_attempt_gives_a_result_an_error_or_nothing_in_time() -> None:
    def fail() -> None:
        raise KeyError("x")

    assert attempt(lambda: 3, 5).result() == 3
    assert isinstance(attempt(fail, 5).exception(), KeyError)
    never: Future[None] = Future()
    assert not attempt(never.result, 0.05).done()
    never.set_result(None)


def test_a_watched_work_is_told_of_from_the_calling_thread() -> None:
    told: list[threading.Thread] = []

    def work() -> threading.Thread:
        time.sleep(0.25)
        return threading.current_thread()

    done = watch(work, lambda _: told.append(threading.current_thread()), every=0.1)
    assert set(told) == {threading.current_thread()}
    assert told
    assert done is not threading.current_thread()


def test_an_exception_of_the_teller_ends_the_waiting() -> None:
    never: Future[None] = Future()

    def cancelled(_: float) -> None:
        raise KeyError("cancelled")

    with pytest.raises(KeyError):
        watch(never.result, cancelled, every=0.05)
    never.set_result(None)


def test_a_token_is_shown_under_the_header_of_gradio_client_alone() -> None:
    assert AppToken("t").headers == {"x-hf-authorization": "Bearer t"}
    assert set(AppToken("t", for_front=True).headers) == {"x-hf-authorization", "authorization"}
    assert "secret" not in repr(AppToken("secret"))
