"""Spaces for the machine's tests: a store of folders, small apps, and a machine to drive."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import httpx
import psutil

from tools.rehearsal.machine.confinement.probe import confinement
from tools.rehearsal.machine.processes import Marker
from tools.rehearsal.machine.source import Runtime, SpaceSettings
from tools.rehearsal.machine.stages import INTERMEDIATE
from tools.rehearsal.machine.supervisor import Supervisor

CARD = '---\ntitle: Test\nsdk: gradio\nsdk_version: "6.31.0"\npython_version: "3.11"\n---\n'
STATIC_CARD = "---\ntitle: Site\nsdk: static\n---\n"

HTTP_APP = """
import http.server, json, os, sys, time
STARTED = time.time_ns()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/end":
            os._exit(7)
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps({"reply": REPLY, "environment": dict(os.environ),
                                     "folder": os.getcwd(), "started": STARTED}).encode())
server = http.server.ThreadingHTTPServer(ADDRESS, Handler)
print("serving on", server.server_address, flush=True)
server.serve_forever()
"""


PROCESSES_OF_AN_APP = 3 if confinement().works else 2
"""Its guard, process 1 of its namespace where there is one, and itself."""

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a Space asks for, in a text


def http_app(reply: str, host: str = EVERYWHERE, port: int = 7860) -> str:
    """Return an app of the standard library that answers with `reply` and what it sees."""
    return f"REPLY, ADDRESS = {reply!r}, {(host, port)!r}\n{HTTP_APP}"


class FolderSource:
    """A store in which a revision is a folder; implements `SpaceSource`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.configured: dict[str, SpaceSettings] = {}
        self.open = threading.Event()
        """Cleared, it holds every build at its first step."""
        self.open.set()

    def commit(self, space: str, files: Mapping[str, str]) -> str:
        """Store a revision that consists of `files`; return its sha."""
        history = self._folder / space / "history.json"
        revisions = json.loads(history.read_text()) if history.exists() else []
        content = json.dumps([dict(files), len(revisions), space]).encode()
        revision = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        for name, text in files.items():
            path = self._folder / space / revision / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        history.parent.mkdir(parents=True, exist_ok=True)
        history.write_text(json.dumps([*revisions, revision]))
        return revision

    def link(self, space: str, revision: str, name: str, target: str) -> None:
        """Add a symbolic link to a revision."""
        (self._folder / space / revision / name).symlink_to(target)

    def spaces(self) -> list[str]:
        found = self._folder.glob("*/*/history.json")
        return sorted(f"{path.parts[-3]}/{path.parts[-2]}" for path in found)

    def head(self, space: str) -> str | None:
        history = self._folder / space / "history.json"
        return str(json.loads(history.read_text())[-1]) if history.exists() else None

    def export(self, space: str, revision: str, folder: Path) -> None:
        self.open.wait()
        shutil.copytree(self._folder / space / revision, folder, dirs_exist_ok=True, symlinks=True)

    def settings(self, space: str) -> SpaceSettings:
        default = SpaceSettings(space, "gradio", "cpu-basic", creator_id="0123456789abcdef")
        return self.configured.get(space, default)

    def recall(self, space: str) -> dict[str, Any]:
        path = self._folder / space / "notes.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def remember(self, space: str, notes: Mapping[str, Any]) -> None:
        path = self._folder / space / "notes.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notes))


class Machine:
    """A supervisor on a store of folders, with the questions that tests ask."""

    def __init__(self, source: FolderSource, state_folder: Path, cache_folder: Path) -> None:
        self.source = source
        self.state_folder = state_folder
        self.supervisor = Supervisor(
            source, state_folder, cache_folder, lambda: "http://127.0.0.1:9"
        )
        self.stages: dict[str, list[str]] = {}

    async def start(self) -> None:
        await self.supervisor.start()

    async def stop(self) -> None:
        await self.supervisor.stop()

    async def push(self, space: str, files: Mapping[str, str]) -> str:
        revision = self.source.commit(space, files)
        await self.supervisor.pushed(space, revision)
        return revision

    async def run(self, space: str, app: str, **files: str) -> Runtime:
        """Push a Gradio Space with this app and wait until it has settled."""
        await self.push(space, {"README.md": CARD, "app.py": app, **files})
        return await self.settled(space)

    async def settled(self, space: str, seconds: float = 90) -> Runtime:
        """Wait until the stage is one that stays; the stages on the way are in `stages`."""
        seen = self.stages.setdefault(space, [])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            runtime = self.supervisor.runtime(space)
            if not seen or seen[-1] != runtime.stage:
                seen.append(runtime.stage)
            if runtime.stage not in INTERMEDIATE:
                return runtime
            await asyncio.sleep(0.02)
        raise AssertionError(f"{space} went on for {seconds} s: {seen}")

    async def left(self, space: str, stage: str, seconds: float = 30) -> Runtime:
        """Wait until the stage is another one."""
        deadline = time.monotonic() + seconds
        while self.supervisor.runtime(space).stage == stage and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return self.supervisor.runtime(space)

    async def ask(self, space: str, path: str = "/") -> httpx.Response:
        host = self.supervisor.runtime(space).host
        async with httpx.AsyncClient(timeout=60) as client:
            return await client.get(f"{host}{path}")

    async def reply(self, space: str) -> dict[str, Any]:
        """Return what an `http_app` answers."""
        return dict((await self.ask(space)).json())

    async def log(self, space: str, kind: Literal["build", "run"]) -> str:
        """Return a whole log; it must be closed."""
        journal = self.supervisor.journal(space, kind)
        assert journal is not None
        return "".join([entry["data"] async for entry in journal.follow()])

    def processes(self) -> list[psutil.Process]:
        """Return every live process of this machine's Spaces, guards included."""
        return Marker.of(self.state_folder).processes()
