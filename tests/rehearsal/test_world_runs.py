"""Seeded Spaces that really run: what a running Space sees of the Hub."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import HfApi

from tests.conftest import Hub
from tools.rehearsal.seeding import OWN_WORLD

from .machine.spaces import http_app

CLIENTS: Any = importlib.import_module("gradio_client")
"""Untyped, hence not imported by name."""

OWNER = "rehearsal-world"
SECONDS = 300.0
"""As long as a first build may take on a busy machine; a healthy one needs ten seconds."""
NOT_RUNNING = {"broken-import", "docker-fastapi", "docker-streamlit", "still-running"}
RUNNING = sorted({path.name for path in (OWN_WORLD / "spaces").iterdir()} - NOT_RUNNING)


def host(api: HfApi, space: str) -> str:
    address: str = api.get_space_runtime(space).raw["rehearsal"]["host"]
    return address


def visit(api: HfApi, space: str) -> str:
    """Open a Space's page, which wakes it, and return the stage it settles in."""
    httpx.get(host(api, space), timeout=SECONDS)
    deadline = time.monotonic() + SECONDS
    while (stage := str(api.get_space_runtime(space).stage)) in {"BUILDING", "APP_STARTING"}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return stage


def test_a_space_downloads_a_seeded_model_without_a_token(hub: Hub) -> None:
    api, space = hub.api(None), f"{OWNER}/model-card-reader"
    assert api.get_space_runtime(space).stage == "SLEEPING"
    assert visit(api, space) == "RUNNING"
    client = CLIENTS.Client(host(api, space), verbose=False)
    try:
        table = client.predict("rehearsal-world/tiny-llama", api_name="/describe")
    finally:
        client.close()
    rows = {row[0]: row[1:] for row in table["data"]}
    assert rows["model.embed_tokens.weight"] == ["BF16", "[64, 16]"]
    assert len(rows) == 21


def test_a_space_sees_this_hub_and_no_token_but_its_own(
    hub: Hub, api: HfApi, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    space = f"rehearsal-pro/{name}"
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    (tmp_path / "app.py").write_text(http_app("here"))
    api.upload_folder(folder_path=tmp_path, repo_id=space, repo_type="space")
    assert visit(api, space) == "RUNNING"
    seen = httpx.get(host(api, space)).json()["environment"]
    assert seen["HF_ENDPOINT"] == hub.endpoint
    assert not {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"} & set(seen)
    own = "hf_" + "y" * 34
    api.add_space_secret(space, "HF_TOKEN", own)
    assert visit(api, space) == "RUNNING"
    assert httpx.get(host(api, space)).json()["environment"]["HF_TOKEN"] == own
    api.delete_repo(space, repo_type="space")


def test_the_broken_space_fails_for_the_reason_its_card_gives(hub: Hub) -> None:
    api, space = hub.api("rehearsal-pro"), f"{OWNER}/broken-import"
    assert visit(api, space) == "RUNTIME_ERROR"
    assert "No module named 'slugify'" in str(api.get_space_runtime(space).raw["errorMessage"])


def test_docker_spaces_say_that_they_are_not_rehearsed(hub: Hub) -> None:
    assert visit(hub.api(None), f"{OWNER}/docker-fastapi") == "NOT_REHEARSED"


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNNING)
def test_every_other_space_runs(hub: Hub, name: str) -> None:
    assert visit(hub.api(None), f"{OWNER}/{name}") == "RUNNING"


@pytest.mark.slow
def test_one_space_calls_another(hub: Hub) -> None:
    api, space = hub.api(None), f"{OWNER}/asks-another-space"
    assert visit(api, space) == "RUNNING"
    client = CLIENTS.Client(host(api, space), verbose=False)
    try:
        answer = client.predict(10, 400, api_name="/marathon")
    finally:
        client.close()
    assert answer.startswith("10 laps of 400 m are 2.49 miles")
