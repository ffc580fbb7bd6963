"""Stages, logs, settings: Spaces that really run."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import HfApi, Volume
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.conftest import Hub

from .conftest import HfCommand, SendRaw

APP = """
import os
import gradio as gr

print("the app says hello", flush=True)


def greet(name: str) -> str:
    print("greeting", name, flush=True)
    return f"{os.environ['GREETING']} {name}{os.environ['MARK']}"


gr.Interface(greet, "text", "text").launch()
"""


def push(api: HfApi, space: str, path: str, content: str) -> str:
    return api.upload_file(
        path_or_fileobj=content.encode(), path_in_repo=path, repo_id=space, repo_type="space"
    ).oid


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own address
        text: str = answer.read().decode()
        return text


@pytest.fixture(scope="module")
def gradio_space(hub: Hub) -> Iterator[str]:
    """A private Gradio Space that runs; building it takes seconds, so tests share it."""
    api, space = hub.api("rehearsal-pro"), "rehearsal-pro/greeter"
    api.create_repo(
        space,
        repo_type="space",
        space_sdk="gradio",
        private=True,
        space_variables=[{"key": "GREETING", "value": "Hello"}],
        space_secrets=[{"key": "MARK", "value": "!"}],
    )
    push(api, space, "app.py", APP)
    # A cached build may be over by the time of this second request.
    assert api.get_space_runtime(space).stage in ("BUILDING", "APP_STARTING")
    runtime = api.wait_for_space(space, timeout=110)
    log = "".join(api.fetch_space_logs(space, build=True))
    assert runtime.stage == "RUNNING", log
    yield space
    api.delete_repo(space, repo_type="space")


def test_the_real_client_calls_the_app_by_name(
    gradio_space: str, client_environment: Callable[[str], dict[str, str]]
) -> None:
    code = (
        "import os; from gradio_client import Client;"
        f"client = Client({gradio_space!r}, token=os.environ['HF_TOKEN'], verbose=False);"
        "print(client.predict('you', api_name='/greet'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=client_environment("rehearsal-pro"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.strip() == "Hello you!", ran.stderr


def test_the_pushed_revision_is_the_one_that_runs(hub: Hub, gradio_space: str) -> None:
    api = hub.api("rehearsal-pro")
    information = api.space_info(gradio_space)
    assert information.runtime is not None
    assert information.runtime.raw["sha"] == information.sha
    assert information.runtime.hardware == "cpu-basic"
    assert information.host == information.runtime.raw["rehearsal"]["host"]


def test_logs_are_replayed_from_the_first_line(hub: Hub, gradio_space: str, hf: HfCommand) -> None:
    api = hub.api("rehearsal-pro")
    first = list(api.fetch_space_logs(gradio_space, build=True))
    assert first
    assert first == list(api.fetch_space_logs(gradio_space, build=True))
    assert "Build Queued" in first[0]
    ran = hf("spaces", "logs", gradio_space, "--tail", "50")
    assert "the app says hello" in ran.stdout, ran.stderr


def test_logs_are_for_those_who_may_write(hub: Hub, api: HfApi, space: str) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        list(hub.api("rehearsal-free").fetch_space_logs(space))
    assert refused.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError, match="no run log yet") as refused:
        list(api.fetch_space_logs(space))
    assert refused.value.response.status_code == 404


def test_a_static_space_serves_its_page(api: HfApi, space: str) -> None:
    assert api.wait_for_space(space, timeout=30).stage == "NO_APP_FILE"
    push(api, space, "index.html", "<h1>one</h1>")
    assert api.wait_for_space(space, timeout=30).stage == "RUNNING"
    host = api.space_info(space).host
    assert host is not None
    assert "<h1>one</h1>" in fetch(host)
    push(api, space, "index.html", "<h1>two</h1>")
    api.wait_for_space(space, timeout=30)
    assert "<h1>two</h1>" in fetch(host)
    assert api.space_info(space).host == host


def test_the_stage_is_right_inside_the_push(api: HfApi, gradio_space: str) -> None:
    """`wait_for_space` asks once before it waits: an old RUNNING would end it too soon."""
    commit = push(api, gradio_space, "app.py", APP + "# another revision\n")
    busy = ("RUNNING_BUILDING", "RUNNING_APP_STARTING")
    assert api.get_space_runtime(gradio_space).stage in busy
    runtime = api.wait_for_space(gradio_space, timeout=60)
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", commit)


def test_only_main_is_built(api: HfApi, space: str) -> None:
    push(api, space, "index.html", "main")
    api.wait_for_space(space, timeout=30)
    api.create_branch(space, branch="work", repo_type="space")
    api.upload_file(
        path_or_fileobj=b"work",
        path_in_repo="index.html",
        repo_id=space,
        repo_type="space",
        revision="work",
    )
    assert api.get_space_runtime(space).stage == "RUNNING"


def test_a_space_without_sdk_has_a_configuration_error(api: HfApi, space: str) -> None:
    push(api, space, "README.md", "---\ntitle: No SDK\n---\n")
    runtime = api.wait_for_space(space, timeout=30)
    assert runtime.stage == "CONFIG_ERROR"
    assert runtime.raw["errorMessage"] == "Missing configuration in README"


def test_variables_and_secrets(hub: Hub, api: HfApi, space: str) -> None:
    api.add_space_variable(space, "A", "1", description="first")
    api.add_space_variable(space, "A", "2")
    assert api.get_space_variables(space)["A"].value == "2"
    assert hub.api(None).get_space_variables(space)["A"].value == "2"
    assert api.delete_space_variable(space, "A") == {}
    assert api.delete_space_variable(space, "never") == {}
    api.add_space_secret(space, "B", "hidden")
    assert api.get_space_secrets(space)["B"].updated_at is not None
    api.delete_space_secret(space, "B")
    assert api.get_space_secrets(space) == {}
    with pytest.raises(BadRequestError, match="key '1 2'"):
        api.add_space_variable(space, "1 2", "x")


def test_variables_by_command_line(hf: HfCommand, api: HfApi, space: str) -> None:
    assert hf("spaces", "variables", "add", space, "-e", "A=1").returncode == 0
    assert hf("spaces", "secrets", "add", space, "-s", "B=2").returncode == 0
    listed = hf("spaces", "variables", "ls", space, "--format", "json")
    assert '"A"' in listed.stdout, listed.stderr
    assert "B" in hf("spaces", "secrets", "ls", space, "--format", "json").stdout


@pytest.fixture
def compute(api: HfApi, name: str) -> str:
    """A Docker Space without a Dockerfile: nothing to build, but hardware to choose."""
    space = f"rehearsal-team/{name}"
    api.create_repo(space, repo_type="space", space_sdk="docker")
    return space


def test_hardware_and_sleep(api: HfApi, compute: str) -> None:
    assert api.get_space_runtime(compute).sleep_time == 48 * 3600
    runtime = api.request_space_hardware(compute, "t4-small", sleep_time=600)  # type: ignore[arg-type]
    assert (runtime.requested_hardware, runtime.sleep_time) == ("t4-small", 600)
    assert api.set_space_sleep_time(compute, -1).sleep_time == -1
    with pytest.raises(BadRequestError, match="hardware must be one of"):
        api.request_space_hardware(compute, "h200")  # type: ignore[arg-type]
    with pytest.raises(BadRequestError, match="seconds must be positive"):
        api.set_space_sleep_time(compute, 0)
    with pytest.raises(BadRequestError, match="needs sdk gradio"):
        api.request_space_hardware(compute, "zero-a10g")  # type: ignore[arg-type]
    assert api.get_space_runtime(compute).requested_hardware == "t4-small"


def test_pause_and_restart(api: HfApi, gradio_space: str) -> None:
    assert api.pause_space(gradio_space).stage == "PAUSED"
    assert api.restart_space(gradio_space).stage != "PAUSED"
    assert api.wait_for_space(gradio_space, timeout=60).stage == "RUNNING"


def test_volumes_and_dev_mode(api: HfApi, compute: str) -> None:
    volume = Volume(type="bucket", source="rehearsal-team/b", mount_path="/data")
    api.set_space_volumes(compute, [volume])
    runtime = api.get_space_runtime(compute)
    assert runtime.volumes is not None
    assert not runtime.volumes[0].read_only
    assert api.enable_space_dev_mode(compute).dev_mode
    assert not api.disable_space_dev_mode(compute).dev_mode
    api.delete_space_volumes(compute)
    with pytest.raises(BadRequestError, match="has no volumes"):
        api.delete_space_volumes(compute)


@pytest.mark.parametrize(
    ("method", "path", "part"),
    [
        ("POST", "pause", "can't be paused"),
        ("PUT", "volumes", "can't have volumes"),
        ("POST", "hardware", "no hardware"),
    ],
)
def test_a_static_space_has_no_machine(
    send: SendRaw, space: str, method: str, path: str, part: str
) -> None:
    body = '{"flavor": "t4-small"}'
    answer = send(method, f"/api/spaces/{space}/{path}", account="rehearsal-pro", body=body)
    assert answer.status == 400
    assert part in answer.json()["error"]


def test_wait_and_settings_by_command_line(hf: HfCommand, api: HfApi, space: str) -> None:
    push(api, space, "index.html", "x")
    assert hf("spaces", "wait", space).returncode == 0
    assert "RUNNING" in hf("spaces", "info", space, "--expand", "runtime").stdout
    restarted = hf("spaces", "restart", space)
    assert restarted.returncode == 0, restarted.stderr


def test_hot_reload_says_that_it_is_not_rehearsed(send: SendRaw, space: str) -> None:
    path = f"/api/spaces/{space}/commit/main?hot_reload=1"
    answer = send("POST", path, account="rehearsal-pro", body="{}")
    assert answer.status == 400
    assert "not rehearsed" in answer.json()["error"]
