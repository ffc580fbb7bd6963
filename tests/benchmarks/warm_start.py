"""Restart to RUNNING of a built Gradio Space, against the same app started bare; goal 1.3.

Bare is the same interpreter on the same file, until its page is answered.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import cache_folder
from tests.rehearsal.machine.spaces import CARD, FolderSource, Machine
from tools.rehearsal.machine.confinement.probe import confinement

SPACE = "someone/app"
APP = "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch()\n"
BARE_PORT = 47861
PAUSE = 0.02
ROUNDS = 5


def measure() -> Iterator[str]:
    """Medians of interleaved rounds, after one of each to warm up."""
    yield asyncio.run(_measured())


async def _measured() -> str:
    with tempfile.TemporaryDirectory(prefix="warm-") as scratch:
        folder = Path(scratch)
        machine = Machine(FolderSource(folder / "store"), folder / "state", cache_folder())
        await machine.start()
        try:
            runtime = await machine.run(SPACE, APP, **{"README.md": CARD})
            if runtime.stage != "RUNNING":
                return f"not measured: the Space is {runtime.stage}"
            python = _interpreter(machine)
            (folder / "app.py").write_text(APP)
            times: dict[str, list[float]] = {"bare": [], "space": []}
            for number in range(ROUNDS + 1):
                bare, space = await asyncio.to_thread(_bare, python, folder), await _warm(machine)
                if number:
                    times["bare"].append(bare)
                    times["space"].append(space)
        finally:
            await machine.stop()
    bare, space = (statistics.median(measured) for measured in times.values())
    return (
        f"bare {bare:.2f} s, as a Space {space:.2f} s: ratio {space / bare:.2f} "
        f"({confinement().sentence})"
    )


def _interpreter(machine: Machine) -> str:
    commands = (process.cmdline() for process in machine.processes())
    return next(command[0] for command in commands if command[-1:] == ["app.py"])


async def _warm(machine: Machine) -> float:
    await machine.supervisor.pause(SPACE)
    began = time.perf_counter()
    await machine.supervisor.restart(SPACE)
    await machine.settled(SPACE)
    return time.perf_counter() - began


def _bare(python: str, folder: Path) -> float:
    """Start the app as a person would in a shell; seconds until it answers."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GRADIO_SERVER_PORT": str(BARE_PORT),
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [python, "app.py"], cwd=folder, env=environment, stdout=sys.stderr
    ) as process:
        while not _answers():
            time.sleep(PAUSE)
        took = time.perf_counter() - began
        process.kill()
    return took


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{BARE_PORT}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
