"""`huggingface-spaces demo`: the whole loop on a real app, through the MCP server, nothing mocked.

It speaks MCP over standard input and output, as any agent's host does, to a server on a rehearsal
Hub of its own. It has its own HF_HOME and no token, so it never touches a real account.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import rehearsal_process
from ..problems import Problem
from ..settings import (
    ACCOUNT_VARIABLE,
    DEFAULT_ACCOUNT,
    HUB_VARIABLE,
    STATE_VARIABLE,
    state_folder,
)

if TYPE_CHECKING:
    from mcp import Client, StdioServerParameters

SPACE = "rehearsal-pro/qr-codes"
APP = Path(__file__).parent / "demo_app"
_PACKAGE = __name__.partition(".")[0]


@click.command()
@click.option("--keep", is_flag=True, help="Leave the Hub and the app running at the end.")
@click.option("--stop", is_flag=True, help="Stop what an earlier `demo --keep` left running.")
def demo(keep: bool, stop: bool) -> int:
    """Deploy, watch, verify, break and repair a real Gradio app on this machine."""
    state = state_folder() / "demo"
    if stop:
        click.echo("Stopped." if rehearsal_process.stop(state / "rehearsal") else "Nothing ran.")
        return 0
    with _clean_state(state):
        try:
            asyncio.run(_Demo(state).run())
        except DemoFailed as failed:
            click.secho(f"\nThe demo failed: {failed}", fg="red", err=True)
            return 1
        finally:
            if not keep:
                rehearsal_process.stop(state / "rehearsal")
    if keep:
        click.echo(f"Left running, as asked: {_page(state)}")
        click.echo("To stop it: huggingface-spaces demo --stop")
    else:
        click.echo("Nothing is left running; `huggingface-spaces demo --keep` leaves the app up.")
    return 0


def _page(state: Path) -> str:
    """The Space's page, opened as its owner: it is private."""
    running = rehearsal_process.find(state / "rehearsal")
    if running is None:
        raise Problem("rehearsal_failed", "the rehearsal Hub is gone", object=SPACE)
    token = running.tokens()[DEFAULT_ACCOUNT]
    return rehearsal_process.page_with_ticket(running, token, f"/spaces/{SPACE}")


class DemoFailed(Exception):  # noqa: N818 - read aloud: "the demo failed"
    """A step did not come out as it must; says which."""


@contextlib.contextmanager
def _clean_state(state: Path) -> Iterator[None]:
    rehearsal_process.stop(state / "rehearsal")
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True, mode=0o700)
    yield


class _Demo:
    """The steps of the loop, each printed with the seconds it took."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._began = time.monotonic()
        self._step = self._began
        self._folder = Path(tempfile.mkdtemp(prefix="demo-app-", dir=state)) / "app"
        shutil.copytree(APP, self._folder, ignore=shutil.ignore_patterns("__pycache__"))

    async def run(self) -> None:
        from mcp import Client

        async with Client(self._server(), read_timeout_seconds=120) as client:
            await self._account(client)
            await self._first_deployment(client)
            await self._break_it(client)
            await self._repair_it(client)
        total = time.monotonic() - self._began
        click.secho(f"\nAll of it in {total:.0f} s.", fg="green", bold=True)

    def _server(self) -> StdioServerParameters:
        """This package's server, in an environment that knows no real account."""
        from mcp import StdioServerParameters

        private = {
            "HF_TOKEN",
            "HUGGING_FACE_HUB_TOKEN",
            "HF_ENDPOINT",
            ACCOUNT_VARIABLE,
            HUB_VARIABLE,
        }
        kept = {name: value for name, value in os.environ.items() if name not in private}
        parent = str(Path(__file__).resolve().parents[2])
        return StdioServerParameters(
            command=sys.executable,
            args=["-m", f"{_PACKAGE}.cli", "serve", "--hub", "rehearsal"],
            env={
                **kept,
                STATE_VARIABLE: str(self._state),
                "HF_HOME": str(self._state / "hf-home"),
                **({"PYTHONPATH": parent} if _PACKAGE == "tools" else {}),
            },
            cwd=self._folder.parent,
        )

    async def _account(self, client: Client) -> None:
        self._title("Which Hub, which account")
        result = await self._call(client, "account_status", {}, {"logged_in"})
        self._say(f"{result['user']} ({result['plan']}) on the rehearsal Hub; nothing is published")

    async def _first_deployment(self, client: Client) -> None:
        self._title("Create a Space, push an app, wait until exactly that revision runs")
        created = {"space": SPACE, "sdk": "gradio"}
        await self._call(client, "space_create", created, {"created"})
        self._say(f"created {SPACE}, private")
        revision = await self._upload(client, "The app")
        ready = await self._wait(client, revision, {"ready"})
        self._say(f"its page: {ready['page']}; the app itself: {ready['app']}")
        self._title("Does it work? Call it and look at what comes back")
        await self._smoke(client)

    async def _break_it(self, client: Client) -> None:
        self._title("Push a revision that lost its requirement")
        (self._folder / "requirements.txt").write_text("# nothing\n")
        revision = await self._upload(client, "Tidy the requirements")
        result = await self._wait(client, revision, {"failed"})
        error = result["failure"]["first_error"]
        if error is None or "segno" not in error["text"]:
            raise DemoFailed(f"the first error should name segno: {result['failure']}")
        where = f" ({error['where']})" if error.get("where") else ""
        click.secho(f"   first error: {error['text']}{where}", fg="red")

    async def _repair_it(self, client: Client) -> None:
        self._title("Repair what the first error names, and verify again")
        shutil.copy(APP / "requirements.txt", self._folder / "requirements.txt")
        revision = await self._upload(client, "Require segno again")
        await self._wait(client, revision, {"ready"})
        await self._smoke(client)

    async def _upload(self, client: Client, message: str) -> str:
        arguments = {"folder": self._folder.name, "space": SPACE, "message": message}
        result = await self._call(client, "space_upload", arguments, {"uploaded"})
        sent = [*result["changes"]["added"], *result["changes"]["changed"]]
        self._say(f"{result['revision'][:7]}: {', '.join(sent)}; the Space will {result['effect']}")
        return str(result["revision"])

    async def _wait(self, client: Client, revision: str, wanted: set[str]) -> dict[str, Any]:
        arguments = {"space": SPACE, "revision": revision}
        while True:
            allowed = {*wanted, "still_running"}
            result = await self._call(client, "space_wait", arguments, allowed)
            if result["outcome"] != "still_running":
                self._say(f"{result['outcome']}: {result.get('evidence', revision[:7])}")
                return result

    async def _smoke(self, client: Client) -> None:
        arguments = {"space": SPACE, "endpoint": "/qr_code", "input": {"text": "It works."}}
        result = await self._call(client, "space_smoke_test", arguments, {"rehearsed"})
        files = [file for endpoint in result["endpoints"] for file in endpoint["files"]]
        if not files or not str(files[0]["kind"]).startswith("image/"):
            raise DemoFailed(f"no image came back: {result}")
        image = files[0]
        size = f"{image['width']} x {image['height']} pixels"
        self._say(f"{result['verdict']}: a real {image['kind']}, {size}: {image['path']}")

    async def _call(
        self, client: Client, tool: str, arguments: dict[str, Any], wanted: set[str]
    ) -> dict[str, Any]:
        """One tool call; its result with its outcome, which must be one of `wanted`."""
        answer = await client.call_tool(tool, arguments, progress_callback=self._progress)
        envelope: dict[str, Any] = answer.structured_content or {}
        if envelope.get("outcome") not in wanted:
            raise DemoFailed(f"{tool} answered {answer.content[0]}")
        return {**envelope["result"], "outcome": envelope["outcome"]}

    async def _progress(self, progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG002 - the SDK's shape
        if message and sys.stderr.isatty():
            click.secho(f"\r\033[K   … {message[:90]}", nl=False, dim=True, err=True)

    def _title(self, text: str) -> None:
        click.secho(f"\n{text}", bold=True)

    def _say(self, text: str) -> None:
        now = time.monotonic()
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
        click.echo(f"   {text}  [{now - self._step:.1f} s]")
        self._step = now
