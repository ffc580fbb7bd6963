"""Smoke tests of apps that are more than one function: order, logins, tools, routes, fallbacks."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from tools.app.report import EndpointReport, SmokeReport
from tools.app.smoke import Manner

from .conftest import Smoke
from .hosting import ServedApp

A_GPU = Manner(expects_gpu=True)


def told(report: EndpointReport | SmokeReport) -> str:
    return "\n".join(f"{each.what} {each.detail}" for each in report.evidence)


def by_name(report: SmokeReport) -> dict[str, EndpointReport]:
    return {each.name: each for each in report.endpoints}


def test_functions_share_page_and_state_like_a_visitor_s(smoke: Smoke) -> None:
    report = smoke("in_order")
    found = by_name(report)
    assert report.verdict == "works", [told(each) for each in report.endpoints]
    assert found["/user"].verdict == "not_verified"
    assert "for the next function" in told(found["/user"])
    assert found["/bot"].inputs["history"] == found["/bot"].inputs["history"]
    assert "You asked: Hello! This is a short test" in found["/bot"].outputs[0]
    assert "history (earlier)" in told(found["/bot"])
    assert found["/measure"].outputs == ("40x20",)
    assert found["/add_task"].verdict == "works"
    assert "changed the state of the session" in told(found["/add_task"])
    assert found["/count_tasks"].outputs == ("1 tasks",)
    assert found["/lambda"].verdict == "skipped"
    assert "beside named functions" in told(found["/lambda"])


def test_a_function_that_answers_a_history_gets_one(smoke: Smoke) -> None:
    (report,) = smoke("in_order", endpoint="/bot").endpoints
    assert report.verdict == "works", told(report)
    assert "history (generated)" in told(report)


def test_with_one_call_the_most_telling_function_is_chosen(smoke: Smoke) -> None:
    report = smoke("in_order", manner=Manner(calls_once=True))
    called = [each.name for each in report.endpoints if each.verdict != "skipped"]
    assert len(called) == 1
    assert called[0] in {"/bot", "/draw"}


def test_a_multimodal_chat_with_more_inputs_streams(smoke: Smoke) -> None:
    (report,) = [each for each in smoke("more_chat").endpoints if each.verdict != "skipped"]
    assert report.verdict == "works", told(report)
    assert "kind: Hello! This is a short test sentence. with 0 files, 3" in report.outputs[0]
    assert "streamed 3 values" in told(report)


def test_a_page_that_fails_breaks_an_app_whose_api_works(smoke: Smoke) -> None:
    report = smoke("failing_page")
    assert report.verdict == "broken"
    assert "GET / answers HTTP 500" in told(report)
    assert [each.verdict for each in report.endpoints] == ["works"]


@pytest.mark.parametrize(
    ("endpoint", "sign"),
    [
        ("/snap", "asked for 100x200, got 64x192"),
        ("/think", "marker <think> is left"),
        ("/babble", "the same over and over"),
        ("/say_nan", "not finite"),
        ("/score", "which is also how NaN arrives"),
        ("/use_cpu", "use the CPU although the Space has a GPU: CUDA is not available, using CPU"),
        ("/widen", "another number format"),
    ],
)
def test_a_silent_fallback_is_a_warning(smoke: Smoke, endpoint: str, sign: str) -> None:
    inputs = {"width": 100, "height": 200} if endpoint == "/snap" else {}
    report = smoke("fallbacks", endpoint=endpoint, inputs=inputs, manner=A_GPU)
    assert report.endpoints[0].verdict == "warnings", told(report.endpoints[0])
    assert sign in told(report.endpoints[0])


def test_without_a_gpu_the_cpu_is_right_and_the_size_that_was_asked_for_fits(smoke: Smoke) -> None:
    for endpoint in ("/use_cpu", "/widen", "/snap"):
        report = smoke("fallbacks", endpoint=endpoint)
        assert report.endpoints[0].verdict == "works", told(report.endpoints[0])


def test_what_the_caller_sent_is_no_sign(smoke: Smoke) -> None:
    for words in ("<think>Hm</think>", "Error: nothing", "la la " * 60):
        report = smoke("fallbacks", endpoint="/echo_input", inputs={"text": words})
        assert report.endpoints[0].verdict == "works", told(report.endpoints[0])


def test_a_call_that_runs_into_the_deadline_is_cancelled(
    smoke: Smoke, apps: Mapping[str, ServedApp]
) -> None:
    report = smoke("fallbacks", endpoint="/tick", deadline=3)
    assert report.endpoints[0].verdict == "warnings"
    time.sleep(1.5)  # the step in progress ends first
    ticks = len(apps["fallbacks"].read_log().lines)
    time.sleep(1)
    assert len(apps["fallbacks"].read_log().lines) == ticks


def test_sizing_measures_and_sees_what_the_time_depends_on(smoke: Smoke) -> None:
    report = smoke("fallbacks", endpoint="/work", inputs={"steps": 4}, manner=Manner(sizing=True))
    sizing = report.sizing
    assert sizing is not None
    assert [each.changed for each in sizing.calls] == [{}, {}, {}, {"steps": 8}]
    assert sizing.grows_with == "steps"
    assert "callable duration" in sizing.advice
    assert sizing.max_seconds == max(each.seconds for each in sizing.calls) > 0.9
    assert sizing.duration_seconds >= sizing.max_seconds * 1.4 > sizing.p50_seconds
    steady = smoke("fallbacks", endpoint="/think", manner=Manner(sizing=True))
    assert steady.sizing is None  # what does not work is not measured
    steady = smoke("fallbacks", endpoint="/echo_input", manner=Manner(sizing=True))
    assert steady.sizing is not None
    assert (steady.sizing.grows_with, len(steady.sizing.calls)) == (None, 3)


def test_a_server_s_own_routes_are_asked(smoke: Smoke) -> None:
    report = smoke("server_routes")
    found = by_name(report)
    assert set(found) == {"/shout", "GET /health", "GET /broken"}
    assert found["/shout"].verdict == found["GET /health"].verdict == "works"
    assert found["GET /broken"].verdict == report.verdict == "broken"
    assert "the table is missing" in told(found["GET /broken"])


def test_tools_are_listed_and_one_is_called(smoke: Smoke) -> None:
    report = smoke("with_tools")
    tools = by_name(report)["MCP server"]
    assert tools.verdict == report.verdict == "works", told(tools)
    assert "lists 2 tools: shade, count_letters" in told(tools)
    assert tools.outputs == ("3",)
    once = by_name(smoke("with_tools", manner=Manner(calls_once=True)))["MCP server"]
    assert "no tool was called" in told(once)


def test_functions_for_logged_in_visitors_are_not_verified(smoke: Smoke) -> None:
    report = smoke("behind_oauth")
    found = by_name(report)
    assert "login button" in told(report)
    verdicts = {"/greet": "not_verified", "/ask": "warnings", "/name": "not_verified"}
    for name, verdict in verdicts.items():
        assert found[name].verdict == verdict, told(found[name])
        assert "made without a login" in told(found[name])
    assert found["/count"].verdict == "works"
    assert report.verdict == "works_with_warnings"
