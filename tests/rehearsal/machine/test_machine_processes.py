"""No process of a Space outlives it: not one that hides, and not when the Hub is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tools.rehearsal.machine.processes import GuardedProcess, Marker

from .spaces import CARD, PROCESSES_OF_AN_APP, FolderSource, Machine, http_app

SPACE = "someone/app"
HIDING = """
import os, signal, sys, time
def hide():
    os.setsid()
    if os.fork():
        os._exit(0)
    time.sleep(600)
if os.fork() == 0:
    hide()
"""
STUBBORN = HIDING.replace("time.sleep", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep")
OF_ONE_SPACE = PROCESSES_OF_AN_APP + 1
"""With the hidden one."""

HUB = """
import asyncio, sys
from pathlib import Path
from tests.rehearsal.machine.spaces import FolderSource, Machine
async def main():
    machine = Machine(FolderSource(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]))
    await machine.start()
    await machine.supervisor.restart("someone/app")
    runtime = await machine.settled("someone/app")
    print(runtime.stage, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


async def run(tmp_path: Path, *command: str) -> tuple[int, str]:
    output: list[str] = []
    process = await GuardedProcess.start(
        [sys.executable, *command], tmp_path, dict(os.environ), "test:any", output.append
    )
    return await process.wait(), "".join(output)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(9)", 9),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("import os; os.kill(os.getpid(), 11)", 139),
    ],
)
async def test_exit_codes_are_those_of_the_program(tmp_path: Path, program: str, code: int) -> None:
    assert (await run(tmp_path, "-c", program))[0] == code


async def test_output_arrives_whole_and_in_order(tmp_path: Path) -> None:
    program = "import sys\nfor n in range(20000): print(n, 'é')\nprint('end', file=sys.stderr)"
    code, output = await run(tmp_path, "-c", program)
    assert code == 0
    assert output == "".join(f"{number} é\n" for number in range(20000)) + "end\n"


async def test_a_program_that_is_not_there_is_an_exit_code(tmp_path: Path) -> None:
    output: list[str] = []
    process = await GuardedProcess.start(
        ["/nonexistent/python"], tmp_path, {}, "test:none", output.append
    )
    assert await process.wait() == 127
    assert "cannot start" in "".join(output)


async def test_a_stopped_space_takes_a_hidden_process_with_it(machine: Machine) -> None:
    await machine.run(SPACE, STUBBORN + http_app("x"))
    assert len(machine.processes()) == OF_ONE_SPACE
    await machine.supervisor.pause(SPACE)
    assert machine.processes() == []


async def test_an_app_that_ends_takes_a_hidden_process_with_it(machine: Machine) -> None:
    await machine.run(SPACE, HIDING + "raise SystemExit(1)\n")
    assert machine.processes() == []


async def test_a_killed_guard_leaves_nothing_either(machine: Machine) -> None:
    await machine.run(SPACE, HIDING + http_app("x"))
    guard = min(machine.processes(), key=lambda process: process.create_time())
    guard.kill()
    runtime = await machine.left(SPACE, "RUNNING")
    assert runtime.stage == "RUNTIME_ERROR"
    assert machine.processes() == []


def test_nothing_outlives_a_hub_that_was_killed(tmp_path: Path, cache_folder: Path) -> None:
    source = FolderSource(tmp_path / "store")
    source.commit(SPACE, {"README.md": CARD, "app.py": HIDING + http_app("x")})
    arguments = [str(tmp_path / "store"), str(tmp_path / "state"), str(cache_folder)]
    with subprocess.Popen(
        [sys.executable, "-c", HUB, *arguments], stdout=subprocess.PIPE, text=True
    ) as hub:
        assert hub.stdout is not None
        assert hub.stdout.readline() == "RUNNING\n"
        marker = Marker.of(tmp_path / "state")
        assert len(marker.processes()) == OF_ONE_SPACE
        hub.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while marker.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert marker.processes() == []


async def test_a_starting_hub_sweeps_what_carries_its_marker_and_nothing_else(
    tmp_path: Path, source: FolderSource, cache_folder: Path
) -> None:
    machine = Machine(source, tmp_path / "state", cache_folder)
    leftovers = [
        await asyncio.create_subprocess_exec(
            "sleep", "600", env={"PATH": os.environ["PATH"], "REHEARSAL_SPACE": marker}
        )
        for marker in (Marker.of(tmp_path / "state").of_space(SPACE), "another:someone/app")
    ]
    await machine.start()
    await machine.stop()
    assert await leftovers[0].wait() == -signal.SIGTERM
    assert psutil.pid_exists(leftovers[1].pid)
    leftovers[1].kill()
    await leftovers[1].wait()


def test_markers_belong_to_a_folder_however_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert Marker.of(tmp_path / "a" / ".." / "a") == Marker.of(tmp_path / "a")
    assert Marker.of(tmp_path / "a") != Marker.of(tmp_path)
    assert json.dumps(Marker.of(tmp_path).of_space(SPACE))
