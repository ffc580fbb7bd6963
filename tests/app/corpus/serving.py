"""Processes with real Gradio apps, started on demand and gone afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tools.hub.facts import LogText

from ..hosting import free_ports, gradio_python

SECONDS_TO_START = 40.0
HERE = Path(__file__).parent


class NotStarted(Exception):  # noqa: N818 - what happened, in the words of a report
    """An app did not listen in time; the text is the end of its log."""


@dataclass(frozen=True)
class ServedApp:
    """An app on 127.0.0.1 in a process group of its own."""

    url: str
    folder: Path
    process: int

    def read_log(self) -> LogText:
        """What the app has printed so far."""
        text = (self.folder / "app.log").read_text(encoding="utf-8", errors="replace")
        return LogText(lines=tuple(text.splitlines()), revision=None)


class Zygote:
    """The process with Gradio imported, from which the apps are forked."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._count = 0

    @contextmanager
    def serving(
        self, module: str, arguments: Sequence[str], folder: Path | None = None
    ) -> Iterator[ServedApp]:
        """Run `module.main(*arguments)` in `folder` until the end of the block.

        Raises `NotStarted` when the app's port is not its own in time.
        """
        self._count += 1
        folder = folder or self._folder / str(self._count)
        folder.mkdir(exist_ok=True)
        (port,) = free_ports(1)
        order = {
            "folder": str(folder),
            "port": port,
            "module": module,
            "arguments": list(arguments),
        }
        app = ServedApp(f"http://127.0.0.1:{port}", folder, self._fork(order))
        try:
            _wait(app, port)
            yield app
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(app.process, signal.SIGKILL)

    def _fork(self, order: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def zygote(folder: Path) -> Iterator[Zygote]:
    """A process that forks apps; what they write goes below `folder`."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONUNBUFFERED": "1",
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "HF_HUB_OFFLINE": "1",
    }
    process = subprocess.Popen(
        [gradio_python(), HERE / "zygote.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env=environment,
        text=True,
    )
    try:
        yield Zygote(process, folder)
    finally:
        process.kill()
        process.communicate()


def _wait(app: ServedApp, port: int) -> None:
    """Wait until a process of the app owns the port; a listening port alone proves nothing."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and psutil.pid_exists(app.process):
        with contextlib.suppress(psutil.Error):
            if port in _listening(psutil.Process(app.process)):
                return
        time.sleep(0.05)
    raise NotStarted("\n".join(app.read_log().lines[-30:]))


def _listening(process: psutil.Process) -> set[int]:
    connections = process.net_connections("tcp")
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}
