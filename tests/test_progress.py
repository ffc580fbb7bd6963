"""Progress reaches the client: of every tool, from every thread, and never with a long silence."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from mcp import Client, StdioServerParameters

from tests.between import between
from tests.calling import plain_app, readme, write_files
from tests.conftest import Hub
from tools import progress
from tools.progress import Progress
from tools.serve import SpacesServer, choose_tools
from tools.settings import STATE_VARIABLE, Settings

ROOT = Path(__file__).parent.parent
LONGEST_SILENCE = 5.0
Mode = Literal["legacy", "2026-07-28"]


class Listener:
    """Remembers what it was told and when."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.shares: list[float] = []
        self.moments = [time.monotonic()]

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        self.messages.append(message or "")
        self.shares.append(progress / (total or 1.0))
        self.moments.append(time.monotonic())

    def longest_silence(self) -> float:
        moments = [*self.moments, time.monotonic()]
        return max(later - earlier for earlier, later in itertools.pairwise(moments))


@pytest.fixture(params=["legacy", "2026-07-28"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def space(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> str:
    """A static Space that exists."""
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    name = f"rehearsal-pro/progress-{uuid.uuid4().hex[:8]}"
    hub.api("rehearsal-pro").create_repo(name, repo_type="space", space_sdk="static")
    return name


async def test_a_slow_upload_is_never_silent_for_long(
    hub: Hub, space: str, mode: Mode, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "app", {"README.md": readme("static"), "index.html": "x"})
    told = Listener()
    with between(hub.endpoint) as slow:
        slow.delay = 6.0
        server = StdioServerParameters(
            command=sys.executable,
            args=["server.py", "--hub", slow.endpoint, "--root", "/"],
            env={
                **os.environ,
                "HF_TOKEN": hub.token("rehearsal-pro"),
                STATE_VARIABLE: str(tmp_path / "elsewhere"),
            },
            cwd=ROOT,
        )
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            told.moments = [time.monotonic()]
            answer = await client.call_tool(
                "space_upload",
                {"folder": str(folder), "space": space},
                progress_callback=told,
            )
            silence = told.longest_silence()
    assert (answer.structured_content or {})["outcome"] == "uploaded", answer.content
    assert any(message.startswith("sending 2 files") for message in told.messages)
    assert any("so far" in message for message in told.messages)
    assert silence <= LONGEST_SILENCE
    assert told.shares == sorted(set(told.shares))


async def test_a_wait_tells_its_progress(hub: Hub, space: str, mode: Mode, tmp_path: Path) -> None:
    """A Space that is built anew takes a moment, in which the client hears of it."""
    folder = write_files(tmp_path, {"README.md": readme(), "app.py": plain_app()})
    pushed = hub.api("rehearsal-pro").upload_folder(
        folder_path=folder, repo_id=space, repo_type="space"
    )
    settings = Settings(hub="rehearsal", hub_confirmed=True)
    server: Any = SpacesServer(settings, choose_tools())
    told = Listener()
    async with Client(server, mode=mode, read_timeout_seconds=60) as client:
        arguments = {"space": space, "revision": pushed.oid}
        answer = await client.call_tool("space_wait", arguments, progress_callback=told)
    hub.api("rehearsal-pro").delete_repo(space, repo_type="space")
    assert any(space in message for message in told.messages), answer.content


async def test_a_thread_of_the_tools_own_may_report() -> None:
    told = Listener()

    class Call:
        report_progress = told

    report = Progress(Call()).report  # type: ignore[arg-type]
    thread = threading.Thread(target=report, args=("from a thread", 0.5))
    thread.start()
    await asyncio.to_thread(thread.join)
    assert (told.messages, told.shares) == (["from a thread"], [0.5])


async def test_a_client_that_stops_reading_does_not_hold_the_tool_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "TAKEN_SECONDS", 0.3)
    reads_again = asyncio.Event()
    taken: list[str] = []

    class Call:
        async def report_progress(self, _progress: float, _total: float, message: str) -> None:
            await reads_again.wait()
            taken.append(message)

    report = Progress(Call()).report  # type: ignore[arg-type]
    began = time.monotonic()
    for number in range(20):
        await asyncio.to_thread(report, f"message {number}", None)
    assert time.monotonic() - began < 2
    reads_again.set()
    await asyncio.sleep(0.05)
    await asyncio.to_thread(report, "afterwards", None)
    assert taken == ["message 0", "afterwards"]


async def test_a_silent_call_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0.06)
    told = Listener()

    class Call:
        report_progress = told

    speaking = asyncio.create_task(Progress(Call()).keep_alive("space_wait"))  # type: ignore[arg-type]
    with anyio.fail_after(30):
        while len(told.messages) < 2:
            await asyncio.sleep(0.01)
    speaking.cancel()
    assert re.fullmatch(r"space_wait: \d+ s so far", told.messages[0])
    assert told.shares == sorted(set(told.shares))
