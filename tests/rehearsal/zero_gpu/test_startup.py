"""The startup check, and what a Space is told of ZeroGPU."""

from __future__ import annotations

import os

import httpx
import psutil
import pytest
from huggingface_hub import SpaceHardware

from tests.conftest import Hub
from tools.rehearsal.machine.processes import Marker

from .spaces_on_zero_gpu import OWNER, ZeroGpuSpace, make_space, set_limits

NOTHING_DECORATED = """
import gradio as gr
gr.Interface(lambda text: text, "text", "text").launch()
"""

LAUNCH_NOT_REACHED = """
import gradio as gr, spaces, uvicorn
from fastapi import FastAPI

@spaces.GPU
def same(text):
    return text

demo = gr.Interface(same, "text", "text")
uvicorn.run(gr.mount_gradio_app(FastAPI(), demo, path="/"), host="0.0.0.0", port=7860)
"""

DECORATED_AND_UNUSED = """
import gradio as gr, os, spaces

@spaces.GPU
def unused(): ...

def sees():
    return {name: os.environ.get(name) for name in ("SPACES_ZERO_GPU", "HF_TOKEN")}

gr.Interface(sees, None, "json", api_name="sees").launch()
"""


@pytest.fixture
def impatient(zero_hub: Hub, usual_limits: dict[str, object]) -> Hub:
    set_limits(zero_hub, **{**usual_limits, "startupReportSeconds": 1})
    return zero_hub


def processes(hub: Hub) -> list[psutil.Process]:
    return Marker.of(hub.state).processes()


@pytest.mark.parametrize(
    ("name", "app"), [("plain", NOTHING_DECORATED), ("mounted", LAUNCH_NOT_REACHED)]
)
def test_an_app_that_announces_no_gpu_function_fails(impatient: Hub, name: str, app: str) -> None:
    space = make_space(impatient, name, app)
    runtime = space.runtime
    assert runtime["stage"] == "RUNTIME_ERROR"
    assert runtime["errorMessage"] == "No @spaces.GPU function detected during startup"
    lines = [line for line in space.log.splitlines() if line.strip()]
    assert not any("GPU" in line for line in lines)
    if app == NOTHING_DECORATED:
        assert lines[-1] == "Stopping Node.js server..."
        assert "* Running on local URL:  http://0.0.0.0:7860" in lines
    assert httpx.get(runtime["rehearsal"]["host"]).status_code == 503
    assert not [one for one in processes(impatient) if name in " ".join(one.cmdline())]
    facts = space.facts
    assert not facts["startupReport"]
    assert facts["proved"] == []


def test_a_decorated_function_that_nobody_calls_is_enough(impatient: Hub) -> None:
    space = make_space(impatient, "unused", DECORATED_AND_UNUSED)
    assert space.runtime["stage"] == "RUNNING", space.log
    assert space.facts["startupReport"]
    assert space.facts["calls"] == 0
    seen = space.visitor("rehearsal-pro").predict(api_name="/sees")
    assert seen == {"SPACES_ZERO_GPU": "true", "HF_TOKEN": None}
    build = "".join(space.hub.api(OWNER).fetch_space_logs(space.name, build=True))
    assert "spaces==0.51.3" in build
    assert "torch; here only if requirements.txt names it" in build


@pytest.mark.slow
def test_a_space_that_moves_to_zero_gpu_is_built_for_it(zero_hub: Hub) -> None:
    space = make_space(zero_hub, "moved", DECORATED_AND_UNUSED, hardware=SpaceHardware.CPU_BASIC)
    assert space.visitor().predict(api_name="/sees")["SPACES_ZERO_GPU"] is None
    assert "zeroGpu" not in space.runtime["rehearsal"]
    api = zero_hub.api(OWNER)
    api.request_space_hardware(space.name, SpaceHardware.ZERO_A10G)
    assert api.wait_for_space(space.name, timeout=110).stage == "RUNNING"
    assert space.visitor().predict(api_name="/sees")["SPACES_ZERO_GPU"] == "true"
    assert space.facts["startupReport"]


def device_of(space: ZeroGpuSpace) -> str:
    """Return the address of the device API, as the app's process has it."""
    for process in processes(space.hub):
        if process.environ().get("SPACE_ID") == space.name:
            return process.environ()["SPACES_ZERO_DEVICE_API_URL"]
    raise AssertionError(f"no process of {space.name}")


def test_a_space_cannot_have_foreign_processes_ended(calls: ZeroGpuSpace) -> None:
    set_limits(calls.hub, overrunGraceSeconds=0)
    with httpx.Client(base_url=device_of(calls)) as client:
        query = {"cgroupPath": "/", "taskId": "1", "durationSeconds": "1"}
        granted = client.post("/schedule", params=query)
        token = granted.json()["allowToken"]
        assert granted.headers["x-approve-result"] == "approved"
        refused = client.post("/allow", params={"allowToken": token, "pid": os.getpid()})
        assert refused.status_code == 403
        assert client.get("/queue-size").json() == 0
        assert client.post("/release", params={"allowToken": token}).status_code == 204
        assert client.post("/release", params={"allowToken": token}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"durationSeconds": "-1"}, {"durationSeconds": "x"}, {"gpuSize": "huge"}]
)
def test_bad_fields_are_refused_by_name(calls: ZeroGpuSpace, query: dict[str, str]) -> None:
    answer = httpx.post(f"{device_of(calls)}/schedule", params=query)
    assert answer.status_code == 400
    assert next(iter(query)) in answer.json()["error"]


def test_a_secret_that_no_app_has_opens_nothing(zero_hub: Hub) -> None:
    address = f"{zero_hub.endpoint}/api/rehearsal/zero-gpu/none"
    assert httpx.post(f"{address}/schedule").status_code == 404
    assert httpx.post(f"{address}/startup-report").status_code == 404
