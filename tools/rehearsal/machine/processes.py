"""Programs of a Space, each started through a guard that leaves nothing behind."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from . import guard
from .confinement.probe import confinement
from .confinement.view import View

GRACE_SECONDS = 5.0
"""Between asking a Space's processes to end and ending them."""

ABNORMAL_EXIT = 137
"""What is reported when the guard itself was killed: the platform's code for SIGKILL."""

LAST_OUTPUT_SECONDS = 2.0
_STDIN, _STDOUT = 0, 1
_KEPT_FOR_GUARD = ("PATH", "HOME", "LANG", "PYTHONPATH", "PYTHONUSERBASE", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Marker:
    """What tells the processes of one machine (one state folder) from all others."""

    machine: str

    @classmethod
    def of(cls, state_folder: Path) -> Marker:
        """Return the marker of the machine that keeps its state in `state_folder`."""
        return cls(hashlib.sha256(str(state_folder.resolve()).encode()).hexdigest()[:16])

    def of_space(self, space: str) -> str:
        """Return the value that the processes of one Space carry."""
        return f"{self.machine}:{space}"

    def processes(self) -> list[psutil.Process]:
        """Return every live process of this machine, guards included."""
        found = guard.marked(lambda value: value.partition(":")[0] == self.machine)
        return [process for process in found if guard.is_alive(process)]

    def sweep(self) -> int:
        """Stop what an earlier Hub left behind; return how many processes that were."""
        count = len(self.processes())
        guard.stop_all(self.processes, grace=1.0)
        return count


class _GuardProtocol(asyncio.SubprocessProtocol):
    """Receives a guard's output and end, each on its own.

    `asyncio.subprocess.Process.wait` returns only when the output is at its end, too (3.11), which
    is too late here: when a guard was killed, its app still holds the other end of the pipe.
    """

    def __init__(self, output: Callable[[str], None]) -> None:
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.exited = asyncio.Event()
        self.output_ended = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002 - asyncio's name
        self._output(self._decoder.decode(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        if fd == _STDOUT:
            self._output(self._decoder.decode(b"", final=True))
            self.output_ended.set()

    def process_exited(self) -> None:
        self.exited.set()


class GuardedProcess:
    """One running program and everything it starts."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, protocol: _GuardProtocol, marker: str
    ) -> None:
        self._transport = transport
        self._protocol = protocol
        self._marker = marker
        self._ended = asyncio.create_task(self._watch())

    @classmethod
    async def start(
        cls,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str],
        marker: str,
        output: Callable[[str], None],
        view: View | None = None,
    ) -> GuardedProcess:
        """Start `command` in `folder` with exactly `environment` and the marker.

        Args:
            command: the program's absolute path and its arguments.
            folder: its working directory.
            environment: all of its environment variables.
            marker: from `Marker.of_space`.
            output: called with each piece of its output (standard output and error, as text).
            view: what it sees of the machine's files, where the machine can confine it (see
                `confinement.probe`); None for everything.
        """
        confined = view is not None and await asyncio.to_thread(lambda: confinement().works)
        kept = {name: os.environ[name] for name in _KEPT_FOR_GUARD if name in os.environ}
        transport, protocol = await asyncio.get_running_loop().subprocess_exec(
            lambda: _GuardProtocol(output),
            *guard.command(marker, GRACE_SECONDS),
            stderr=subprocess.STDOUT,
            env={**kept, guard.MARKER_VARIABLE: marker},
            start_new_session=True,
        )
        started = cls(transport, protocol, marker)
        order = {
            "command": [str(part) for part in command],
            "folder": str(folder),
            "environment": {**environment, guard.MARKER_VARIABLE: marker},
            "view": view.as_json() if view is not None and confined else None,
        }
        started._stdin.write(json.dumps(order).encode() + b"\n")
        return started

    @property
    def pid(self) -> int:
        """The guard's process number: the ancestor of all processes of this program."""
        return self._transport.get_pid()

    @property
    def _stdin(self) -> asyncio.WriteTransport:
        stdin = self._transport.get_pipe_transport(_STDIN)
        if not isinstance(stdin, asyncio.WriteTransport):
            raise TypeError("a guard is started with a pipe as its standard input")
        return stdin

    async def wait(self) -> int:
        """Wait for the end of the program and all it started; return its exit code (0 to 255)."""
        return await asyncio.shield(self._ended)

    async def stop(self) -> int:
        """Stop the program and all it started, within the grace; return its exit code."""
        if not self._ended.done():
            self._stdin.close()
        try:
            return await asyncio.wait_for(self.wait(), GRACE_SECONDS + 15)
        except asyncio.TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()
            return await self.wait()

    async def _watch(self) -> int:
        await self._protocol.exited.wait()
        code = self._transport.get_returncode()
        if code is None or code < 0:
            code = ABNORMAL_EXIT
            await asyncio.to_thread(self._sweep)
        # Whoever still holds the pipe is not of this program: all of those have been ended.
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._protocol.output_ended.wait(), LAST_OUTPUT_SECONDS)
        self._transport.close()
        return code

    def _sweep(self) -> None:
        """Stop what is left after the guard was killed by force."""

        def left() -> list[psutil.Process]:
            found = guard.marked(lambda value: value == self._marker)
            return [process for process in found if guard.is_alive(process)]

        guard.stop_all(left, GRACE_SECONDS)
