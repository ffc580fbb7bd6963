"""The server as hosts see it: both protocol eras, in memory and over standard input and output."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import ElicitResult

from tests.calling import plain_app, readme, write_files
from tests.conftest import Hub
from tools.serve import SpacesServer, choose_tools
from tools.settings import STATE_VARIABLE, Settings

ROOT = Path(__file__).parent.parent
Mode = Literal["legacy", "2026-07-28"]
Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture(params=["legacy", "2026-07-28"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture(params=["memory", "stdio"])
def connect(
    request: pytest.FixtureRequest, mode: Mode, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> Connect:
    """A client of our server over each transport, in each era."""
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))

    @asynccontextmanager
    async def open_client(*options: str, **client_options: Any) -> AsyncIterator[Client]:
        if request.param == "memory":
            read_only = "--read-only" in options
            settings = Settings(
                hub="rehearsal", hub_confirmed=True, roots=(Path("/"),), read_only=read_only
            )
            served: Any = SpacesServer(settings, choose_tools(read_only=read_only))
        else:
            served = StdioServerParameters(
                command=sys.executable,
                args=["server.py", "--hub", "rehearsal", "--root", "/", *options],
                env=dict(os.environ),
                cwd=ROOT,
            )
        async with Client(served, mode=mode, read_timeout_seconds=60, **client_options) as client:
            yield client

    return open_client


async def test_listing(connect: Connect) -> None:
    async with connect() as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(choose_tools())
        for tool in tools.values():
            hints = tool.annotations
            assert hints is not None
            assert None not in (
                hints.read_only_hint,
                hints.destructive_hint,
                hints.idempotent_hint,
                hints.open_world_hint,
            )
        delete, wait = tools["space_delete"].annotations, tools["space_wait"].annotations
        assert delete is not None
        assert wait is not None
        assert delete.destructive_hint
        assert not delete.read_only_hint
        assert wait.read_only_hint


async def test_a_result_is_the_envelope_and_its_text(connect: Connect) -> None:
    async with connect() as client:
        answer = await client.call_tool("account_status", {})
        assert not answer.is_error
        envelope = answer.structured_content
        assert envelope is not None
        assert envelope["outcome"] == "logged_in"
        assert envelope["hub"]["kind"] == "rehearsal"
        assert answer.content[0].text.startswith("Nothing is published")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("tool", "arguments", "begins"),
    [
        ("space_status", {"space": "rehearsal-pro/nope"}, "not_found: there is no Space"),
        ("space_status", {"space": "nope"}, "bad_argument: space_status refused"),
        ("space_status", {}, "bad_argument: space_status refused its arguments: `space`"),
        ("space_stauts", {}, "unknown_tool: no tool `space_stauts`"),
        ("space_logs", {"space": "a/b", "tail": "many"}, "bad_argument: space_logs refused"),
    ],
)
async def test_an_error_reaches_the_model_as_written(
    connect: Connect, tool: str, arguments: dict[str, Any], begins: str
) -> None:
    async with connect() as client:
        answer = await client.call_tool(tool, arguments)
        assert answer.is_error
        text = answer.content[0].text  # type: ignore[union-attr]
        assert text.startswith(begins)
        assert "pydantic" not in text


async def test_read_only_hides_and_refuses(connect: Connect) -> None:
    async with connect("--read-only") as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert "space_wait" in names
        assert not names & {"space_create", "space_upload", "space_delete"}
        answer = await client.call_tool("space_create", {"space": "a/b", "sdk": "static"})
        assert answer.is_error


async def test_deploy_with_progress(connect: Connect, tmp_path: Path, mode: Mode) -> None:
    """Create, upload, wait, delete with consent: one life of a Space over the wire."""
    space = f"rehearsal-pro/served-{tmp_path.name[:40].replace('_', '-')}".rstrip("-")
    write_files(tmp_path, {"README.md": readme(), "app.py": plain_app()})
    told: list[str] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async with connect() as client:

        async def call(tool: str, **arguments: Any) -> dict[str, Any]:
            answer = await client.call_tool(tool, arguments, progress_callback=progress)
            envelope: dict[str, Any] | None = answer.structured_content
            assert envelope is not None, answer
            return envelope

        assert (await call("space_create", space=space, sdk="gradio"))["outcome"] == "created"
        pushed = await call("space_upload", folder=str(tmp_path), space=space)
        assert pushed["outcome"] == "uploaded"
        following = pushed["next"][0]
        waited = await call(following["tool"], **following["arguments"])
        while waited["outcome"] == "still_running":
            waited = await call(following["tool"], **following["arguments"])
        assert waited["outcome"] == "ready"
        assert any(space in message for message in told)
        asked = await client.call_tool("space_delete", {"space": space})
        assert asked.is_error
        code = (asked.structured_content or {})["next"][0]["arguments"]
        assert (await call("space_delete", **code))["outcome"] == "deleted"


@pytest.mark.parametrize("says", ["accept", "decline"])
async def test_a_host_with_a_dialog_is_asked(hub: Hub, connect: Connect, says: str) -> None:
    """The person's yes goes on without a code through the model; a no is final."""
    space = f"rehearsal-pro/asked-{uuid.uuid4().hex[:8]}"
    hub.api("rehearsal-pro").create_repo(space, repo_type="space", space_sdk="static")
    asked: list[str] = []

    async def person(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action=says, content={} if says == "accept" else None)

    async with connect(elicitation_callback=person) as client:
        answer = await client.call_tool("space_delete", {"space": space})
        assert space in asked[0]
        assert answer.is_error == (says == "decline")
        if says == "decline":
            again = await client.call_tool("space_delete", {"space": space})
            assert again.content[0].text.startswith("declined:")  # type: ignore[union-attr]
    assert len(asked) == 1
    exists = hub.api("rehearsal-pro").repo_exists(space, repo_type="space")
    assert exists == (says == "decline")


async def test_stray_output_of_a_tool_does_not_break_the_stream(hub: Hub) -> None:
    """The stream is standard output: whatever a library prints must go elsewhere."""
    code = (
        "import sys; sys.path.insert(0, '.');"
        "from tools import gates; from tools.steps import account;"
        "original = account.namespace_of;"
        "account.namespace_of = lambda *a: (print('stray'), original(*a))[1];"
        "from tools.cli import main; main(['serve', '--hub', 'rehearsal'])"
    )
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", code],
        env={**os.environ, STATE_VARIABLE: str(hub.state.parent)},
        cwd=ROOT,
    )
    async with Client(server, read_timeout_seconds=60) as client:
        answer = await client.call_tool("account_status", {})
        assert not answer.is_error
