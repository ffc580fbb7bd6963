"""A small process that stands between the Hub and one Space, so that nothing outlives either.

Run by the line that `command` returns, which imports as little as it can. It reads one JSON line
from its standard input, `{"command": [...], "folder": ..., "environment": {...}, "view": ...}`, so
that no secret is in a command line, starts that command, confined to the view if there is one
(`confinement/view.py`), and waits. It stops every descendant of the command, also those that made a
session of their own, when

- the command ends (as a container ends with its first process),
- its standard input closes: the Hub stopped it, or was killed with SIGKILL,
- it gets SIGTERM or SIGINT.

It exits with the command's exit code, or 128 plus the number of the signal that ended it, as a
shell says it. On Linux it adopts orphaned descendants (`PR_SET_CHILD_SUBREAPER`); elsewhere it
finds them by the marker in their environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

MARKER_VARIABLE = "REHEARSAL_SPACE"
"""Environment variable that every process of a Space carries: `machine:space`."""

CANNOT_START = 127
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
_PAUSE = 0.05
_PROGRAM = """
import sys
sys.path[0] = sys.argv.pop(1)  # in place of the working folder, which may hold a json.py
from {package} import guard
sys.exit(guard.Guard(sys.argv[1], float(sys.argv[2])).run())
"""


def command(marker: str, grace: float) -> list[str]:
    """Return the command line of a guard.

    Args:
        marker: what the processes carry in `MARKER_VARIABLE`.
        grace: seconds between asking them to end and ending them.
    """
    root = Path(__file__).resolve().parents[len(__name__.split(".")) - 1]
    package = __name__.rpartition(".")[0]
    return [
        sys.executable,
        "-c",
        _PROGRAM.format(package=package),
        str(root),
        marker,
        str(grace),
    ]


def descendants(marker: str) -> list[psutil.Process]:
    """Return the live processes below this one, and any other that carries `marker`."""
    me = psutil.Process()
    found = {process.pid: process for process in me.children(recursive=True)}
    if not sys.platform.startswith("linux"):
        found.update({process.pid: process for process in marked(lambda value: value == marker)})
    found.pop(me.pid, None)
    return [process for process in found.values() if is_alive(process)]


def marked(accept: Callable[[str], bool]) -> list[psutil.Process]:
    """Return the processes of this machine whose marker is accepted."""
    return [process for process in psutil.process_iter() if accept(marker_of(process))]


def marker_of(process: psutil.Process) -> str:
    """Return the marker a process carries; empty when it has none, is gone or is not ours."""
    try:
        return str(process.environ().get(MARKER_VARIABLE, ""))
    except (psutil.Error, OSError):
        return ""


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs: a zombie does not, it only waits to be collected."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def stop_all(find: Callable[[], list[psutil.Process]], grace: float) -> None:
    """End the processes that `find` returns: SIGTERM, and SIGKILL after `grace` seconds.

    `find` is asked again and again, because a process that is being stopped may start others.
    """
    deadline = time.monotonic() + grace
    asked: set[int] = set()
    while processes := find():
        late = time.monotonic() > deadline
        for process in processes:
            if late or process.pid not in asked:
                _signal(process, signal.SIGKILL if late else signal.SIGTERM)
                asked.add(process.pid)
        if late and time.monotonic() > deadline + 10:
            return  # in the kernel (disk, network file system): nobody can end it now
        time.sleep(_PAUSE)


def _signal(process: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(number)


class Guard:
    """The guard of one command."""

    def __init__(self, marker: str, grace: float) -> None:
        self._marker = marker
        self._grace = grace
        self._child = 0
        self._exit_code: int | None = None
        self._asked_to_stop = False

    def run(self) -> int:
        """Start the command given on standard input, wait, clean up; return the exit code."""
        wakeup = self._prepare()
        order = _read_line(0)
        if not order:
            return 0
        try:
            self._start(json.loads(order))
        except OSError as error:
            sys.stdout.write(f"cannot start: {error}\n")
            return CANNOT_START
        while self._exit_code is None and not self._asked_to_stop:
            self._wait(wakeup)
            self._collect()
        stop_all(self._others, self._grace)
        self._collect()
        return 128 + signal.SIGKILL if self._exit_code is None else self._exit_code

    def _prepare(self) -> int:
        """Become the one who inherits orphans and wakes up at signals; return the wake-up pipe."""
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        return reader

    def _ask_to_stop(self, *_: object) -> None:
        self._asked_to_stop = True

    def _start(self, order: dict[str, Any]) -> None:
        if order.get("view") is not None:
            self._start_confined(order)
            return
        process = subprocess.Popen(  # its end is collected below, together with the orphans'
            order["command"],
            cwd=order["folder"],
            env=order["environment"],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._child = process.pid
        process.returncode = 0  # keeps Popen from collecting a process that is collected here

    def _start_confined(self, order: dict[str, Any]) -> None:
        from .confinement import entering, view  # not for every build step

        program = entering.Program(order["command"], order["folder"], order["environment"])
        self._child = entering.start(program, view.View.from_json(order["view"]))

    def _wait(self, wakeup: int) -> None:
        ready, _, _ = select.select([0, wakeup], [], [])
        if wakeup in ready:
            os.read(wakeup, 4096)
        if 0 in ready and not os.read(0, 4096):
            self._asked_to_stop = True

    def _collect(self) -> None:
        """Take note of every descendant that has ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._child:
                code = os.waitstatus_to_exitcode(status)
                self._exit_code = code if code >= 0 else 128 - code

    def _others(self) -> list[psutil.Process]:
        self._collect()
        return descendants(self._marker)


def _read_line(descriptor: int) -> bytes:
    """Read one line byte by byte, so that nothing behind it is taken; empty at the end of file."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            return b""
        line += byte
    return bytes(line)
