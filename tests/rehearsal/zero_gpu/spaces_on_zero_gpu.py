"""Spaces on ZeroGPU, and visitors who call them with the real client."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from huggingface_hub import SpaceHardware

from tests.conftest import Hub

AppError: Any = importlib.import_module("gradio_client.exceptions").AppError
"""What the client raises; gradio_client ships no types."""

OWNER = "rehearsal-pro"
LIMITS = "/api/rehearsal/zero-gpu"
README = '---\ntitle: T\nsdk: gradio\nsdk_version: "6.31.0"\npython_version: "3.11"\n---\n'
HARDWARE = SpaceHardware.ZERO_A10G


@dataclass(frozen=True)
class ZeroGpuSpace:
    """One Space and its Hub."""

    hub: Hub
    name: str

    @property
    def runtime(self) -> dict[str, Any]:
        """The runtime as the Hub tells it."""
        raw: dict[str, Any] = self.hub.api(OWNER).get_space_runtime(self.name).raw
        return raw

    @property
    def facts(self) -> dict[str, Any]:
        """What the rehearsal says of the run on ZeroGPU."""
        facts: dict[str, Any] = self.runtime["rehearsal"]["zeroGpu"]
        return facts

    @property
    def log(self) -> str:
        """The run log so far."""
        return "".join(self.hub.api(OWNER).fetch_space_logs(self.name))

    def says(self, text: str) -> bool:
        """Wait for a text in the run log; the client leaves out lines of the running second."""
        deadline = time.monotonic() + 15
        while text not in self.log:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        return True

    def visitor(self, account: str | None = None, **headers: str) -> Any:
        """Return a gradio_client, which ships no types, with or without an account."""
        client = importlib.import_module("gradio_client").Client
        host = self.runtime["rehearsal"]["host"]
        token = self.hub.token(account) if account else None
        with contextlib.redirect_stdout(io.StringIO()):  # it announces itself
            return client(host, token=token, headers=headers)


def make_space(
    hub: Hub, name: str, app: str, requirements: str = "", hardware: SpaceHardware = HARDWARE
) -> ZeroGpuSpace:
    """Create a Space, push its files and wait until it has settled."""
    api, full_name = hub.api(OWNER), f"{OWNER}/{name}"
    api.create_repo(full_name, repo_type="space", space_sdk="gradio", space_hardware=hardware)
    files = {"README.md": README, "app.py": app, "requirements.txt": requirements}
    folder = hub.state.parent / name
    folder.mkdir()
    for path, content in files.items():
        (folder / path).write_text(content)
    api.upload_folder(folder_path=folder, repo_id=full_name, repo_type="space")
    space = ZeroGpuSpace(hub, full_name)
    settled = api.wait_for_space(full_name, timeout=110)
    if settled.stage not in {"RUNNING", "RUNTIME_ERROR"}:
        raise AssertionError("".join(api.fetch_space_logs(full_name, build=True)))
    return space


def ask(
    hub: Hub, method: str, path: str = LIMITS, body: Any = None, account: str = OWNER
) -> httpx.Response:
    """Send JSON to a route that only a rehearsal Hub has."""
    headers = {"Authorization": f"Bearer {hub.token(account)}"}
    return httpx.request(method, hub.endpoint + path, json=body, headers=headers, timeout=20)


def set_limits(hub: Hub, **limits: Any) -> None:
    """Change limits until the Hub stops."""
    ask(hub, "PATCH", body={"limits": limits}).raise_for_status()


def set_used(hub: Hub, seconds: int, account: str = OWNER) -> None:
    """Say how much of its quota an account has used."""
    ask(hub, "PATCH", body={"usedSeconds": seconds}, account=account).raise_for_status()


@dataclass(frozen=True)
class Said:
    """What the browser of a visitor is told during a call."""

    toasts: list[str]
    output: list[Any]
    error: str | None


def toasts(space: ZeroGpuSpace, name: str, data: list[Any], account: str) -> Said:
    """Call an endpoint as the browser does; gradio_client keeps no toasts."""
    base = f"{space.runtime['rehearsal']['host']}/gradio_api"
    headers = {"x-hf-authorization": f"Bearer {space.hub.token(account)}"}
    with httpx.Client(headers=headers, timeout=60) as client:
        config = client.get(f"{base.removesuffix('/gradio_api')}/config").json()
        index = next(one["id"] for one in config["dependencies"] if one["api_name"] == name)
        join = {"fn_index": index, "data": data, "session_hash": uuid.uuid4().hex}
        client.post(f"{base}/queue/join", json=join).raise_for_status()
        return _listen(client, f"{base}/queue/data?session_hash={join['session_hash']}")


def _listen(client: httpx.Client, address: str) -> Said:
    seen: list[str] = []
    with client.stream("GET", address) as answer:
        for line in answer.iter_lines():
            told = json.loads(line.removeprefix("data:")) if line else {}
            if told.get("msg") == "log":
                seen.append(f"{told['title']}: {told['log']}")
            if told.get("msg") == "process_completed":
                output = told["output"]
                return Said(seen, output.get("data", []), output.get("error"))
    raise AssertionError(f"the stream ended: {seen}")
