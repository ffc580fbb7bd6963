"""Healthy apps as people write them: each works, and is called so."""

from __future__ import annotations

import pytest

from .conftest import TryApp
from .variants import KINDS

QUICK = {"text", "image", "streaming_chat", "server"}


def check(try_app: TryApp, kind: str) -> None:
    tested = try_app("kinds", kind)
    assert tested.report.verdict == "works", tested.told


@pytest.mark.parametrize("kind", [each for each in KINDS if each in QUICK])
def test_a_healthy_app_works(try_app: TryApp, kind: str) -> None:
    check(try_app, kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [each for each in KINDS if each not in QUICK])
def test_every_healthy_app_works(try_app: TryApp, kind: str) -> None:
    check(try_app, kind)


WORKING_WAYS = (
    "progress",
    "examples",
    "cached_examples",
    "mcp_server",
    "tabs",
    "blocks_with_tabs",
    "timer",
    "load_event",
    "custom_names",
    "private_endpoints",
    "chain",
    "multimodal_chat",
    "seed_and_size",
    "mounted_below",
    "warnings_in_the_log",
    "transcriber",
    "classifier",
    "in_a_batch",
    "asynchronous",
    "busy_button",
    "download",
    "zero_and_no",
    "about_errors",
    "table_editor",
    "slider_out_of_bounds",
    "one_color_at_the_end",
    "two_pictures_in_one",
    "side_effect",
    "particular_afterwards",
)
UNTESTABLE_WAYS = {
    "behind_a_login": "the app needs a login",
    "oauth": "it wants a visitor who is logged in",
    "nothing_public": "nothing to call among the endpoints: none",
    "counter": "a lambda event without parameters",
}
QUICK_WAYS = {
    "one_color_at_the_end",
    "cached_examples",
    "private_endpoints",
    "chain",
    "about_errors",
}


def check_way(try_app: TryApp, way: str) -> None:
    tested = try_app("ways", way)
    assert tested.report.verdict == "works", tested.told


@pytest.mark.parametrize("way", [each for each in WORKING_WAYS if each in QUICK_WAYS])
def test_an_app_written_another_way_works(try_app: TryApp, way: str) -> None:
    check_way(try_app, way)


@pytest.mark.slow
@pytest.mark.parametrize("way", [each for each in WORKING_WAYS if each not in QUICK_WAYS])
def test_every_app_written_another_way_works(try_app: TryApp, way: str) -> None:
    check_way(try_app, way)


@pytest.mark.slow
@pytest.mark.parametrize("way", UNTESTABLE_WAYS)
def test_what_no_stranger_can_call_is_not_verified(try_app: TryApp, way: str) -> None:
    tested = try_app("ways", way)
    assert tested.report.verdict == "not_verified", tested.told
    assert UNTESTABLE_WAYS[way] in tested.told


@pytest.mark.slow
def test_a_first_function_that_could_not_be_judged_leaves_a_doubt(try_app: TryApp) -> None:
    tested = try_app("ways", "particular_first")
    assert tested.report.verdict == "works_with_warnings", tested.told
    assert "must be in portrait format" in tested.told


@pytest.mark.slow
def test_a_button_for_a_side_effect_is_not_pressed(try_app: TryApp) -> None:
    tested = try_app("ways", "side_effect")
    assert "called for a side effect" in tested.told
    assert "nobody should press this" not in tested.told


@pytest.mark.slow
def test_cached_examples_are_sent(try_app: TryApp) -> None:
    (endpoint,) = try_app("ways", "cached_examples").report.endpoints
    assert endpoint.inputs == {"words": "a b c"}


@pytest.mark.slow
def test_a_default_outside_its_own_limits_is_replaced(try_app: TryApp) -> None:
    (endpoint,) = try_app("ways", "slider_out_of_bounds").report.endpoints
    assert (endpoint.verdict, endpoint.inputs) == ("works", {"size": 5, "share": 2})
