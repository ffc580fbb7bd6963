"""The keys of a card: what the client knows is known here, and the limits are the reported ones."""

from __future__ import annotations

import inspect

import pytest
from huggingface_hub import SpaceCardData

from tools.knowledge import gradio_releases, latest_gradio
from tools.knowledge.card_keys import (
    card_key,
    card_keys,
    ignored_card_keys,
    is_emoji,
    python_minors,
    withdrawn_sdks,
    zero_gpu_pythons,
)
from tools.knowledge.gradio_versions import gradio_versions
from tools.knowledge.servers import server_calls, server_commands
from tools.knowledge.static_builds import builds_elsewhere, static_builds


def test_every_key_of_the_client_is_known() -> None:
    parameters = set(inspect.signature(SpaceCardData).parameters)
    assert parameters - {"ignore_metadata_errors", "kwargs"} <= set(card_keys())


def test_no_key_is_both_read_and_ignored() -> None:
    assert not card_keys().keys() & ignored_card_keys().keys()
    assert not set(card_key("sdk").allowed) & withdrawn_sdks().keys()
    assert set(withdrawn_sdks().values()) <= set(card_key("sdk").allowed)


def test_limits_and_patterns() -> None:
    assert card_key("short_description").longest == 60
    assert (card_key("app_port").lowest, card_key("app_port").default) == (1025, "7860")
    assert card_key("base_path").matches("/app")
    assert not card_key("base_path").matches("app")
    assert not card_key("python_version").matches("3")
    for duration in ("30m", "1h", "1h 30m", "90s", "1.5h"):
        assert card_key("startup_duration_timeout").matches(duration)
    for other in ("30", "half an hour", "1h and more", ""):
        assert not card_key("startup_duration_timeout").matches(other)


@pytest.mark.parametrize("text", ["🚀", "1️⃣", "🇫🇷", "🧝‍♀️🧛‍♂️", "ℹ️", "™"])
def test_emoji(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.parametrize("text", ["rocket", ":rocket:", "é", "中", "a🚀", "", "1", "?"])
def test_no_emoji(text: str) -> None:
    assert not is_emoji(text)


def test_versions_agree() -> None:
    assert latest_gradio() in gradio_versions()
    assert set(gradio_releases().latest_by_major.values()) <= set(gradio_versions())
    assert {".".join(one.split(".")[:2]) for one in zero_gpu_pythons()} <= set(python_minors())


def test_servers_and_builds_are_complete() -> None:
    assert {"uvicorn", "gunicorn", "flask"} <= {one.program for one in server_commands()}
    assert all(one.host_options or one.bind_options for one in server_commands())
    assert {one.call for one in server_calls()} >= {"uvicorn.run", ".launch"}
    assert all(one.words and one.folder for one in static_builds())
    assert "@sveltejs/kit" in builds_elsewhere()
