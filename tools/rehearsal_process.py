"""Finding, starting and stopping the rehearsal Hub's process.

The Hub is a separate process that outlives the command which started it; the next command attaches
to it. Nothing of the Hub's code is imported here.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .problems import Problem
from .settings import cache_folder, state_folder

START_SECONDS = 30.0
STOP_SECONDS = 20.0
_PACKAGE = __package__ or "tools"


@dataclass(frozen=True)
class RunningHub:
    """A rehearsal Hub that answered with the nonce of its own state folder."""

    endpoint: str
    pid: int
    state: Path

    def tokens(self) -> dict[str, str]:
        """Token of each seeded account by account name."""
        text = (self.state / "tokens.json").read_text(encoding="utf-8")
        return {str(name): str(token) for name, token in json.loads(text).items()}


def rehearsal_state() -> Path:
    """The rehearsal Hub's state folder."""
    return state_folder() / "rehearsal"


def find(state: Path | None = None) -> RunningHub | None:
    """The Hub that runs on `state`, or None.

    A port that answers may be somebody else's, so the answer must carry the nonce that the Hub
    wrote beside its port.
    """
    folder = state or rehearsal_state()
    try:
        written = json.loads((folder / "hub.json").read_text(encoding="utf-8"))
        endpoint, nonce, pid = (
            f"http://127.0.0.1:{written['port']}",
            written["nonce"],
            written["pid"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if _identity(endpoint).get("nonce") != nonce:
        return None
    return RunningHub(endpoint=endpoint, pid=int(pid), state=folder)


def start(state: Path | None = None, *, port: int | None = None) -> RunningHub:
    """Start the Hub, or attach to the one that runs on this state already.

    Raises:
        Problem: `rehearsal_failed` with the last lines of its log.
    """
    folder = state or rehearsal_state()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    running = find(folder)
    if running is not None:
        return running
    log = folder / "hub.log"
    with log.open("ab") as output:
        began = output.tell()
        process = subprocess.Popen(
            _command(folder, port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            cwd=folder,
            start_new_session=True,
        )
    return _await_start(process, folder, log, began)


def stop(state: Path | None = None) -> bool:
    """Stop the Hub and every Space it runs; False when none was running."""
    running = find(state)
    if running is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not _alive(running.pid):
            return True
        time.sleep(0.1)
    raise Problem(
        "rehearsal_failed",
        f"the rehearsal Hub (pid {running.pid}) did not stop within {STOP_SECONDS:.0f} s",
        object=running.endpoint,
        advice=f"stop it with `kill -9 {running.pid}`; it loses no acknowledged commit",
    )


def _command(folder: Path, port: int | None) -> list[str]:
    command = [sys.executable, "-m", f"{_PACKAGE}.rehearsal", "--state", str(folder)]
    command += ["--cache", str(cache_folder())]
    return command + (["--port", str(port)] if port is not None else [])


def _environment() -> dict[str, str]:
    """The Hub needs neither the person's token nor their choice of endpoint."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "PYTHONPATH")
    }
    parent = Path(__file__).resolve().parent.parent
    return {**kept, "PYTHONPATH": str(parent)} if _PACKAGE == "tools" else kept


def _await_start(
    process: subprocess.Popen[bytes], folder: Path, log: Path, began: int
) -> RunningHub:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        running = find(folder)
        if running is not None:
            _let_go(process)
            return running
        if process.poll() is not None:
            break
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    said = log.read_bytes()[began:].decode(errors="replace").strip().splitlines()[-6:]
    raise Problem(
        "rehearsal_failed",
        f"the rehearsal Hub did not start: {' | '.join(said) or 'it said nothing'}",
        object=str(folder),
        advice=f"read {log}, then `huggingface-spaces doctor`",
    )


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """The Hub outlives us on purpose: tell Popen so, or it warns when it is collected."""
    process.returncode = 0


def _identity(endpoint: str) -> dict[str, object]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{endpoint}/api/rehearsal/identity", timeout=3) as answer:
            found = json.loads(answer.read())
    except (OSError, ValueError, urllib.error.URLError):
        return {}
    return found if isinstance(found, dict) else {}


def _alive(pid: int) -> bool:
    """Whether the process runs; one of our own children that has ended is collected."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def page_with_ticket(running: RunningHub, token: str, path: str) -> str:
    """Address that opens `path` in a browser as the token's account, once."""
    request = urllib.request.Request(  # noqa: S310 - an address of our own making
        f"{running.endpoint}/api/rehearsal/ticket",
        method="POST",
        headers={"Authorization": f"Bearer {token}"},
        data=b"{}",
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as answer:
        ticket = json.loads(answer.read())["ticket"]
    return f"{running.endpoint}/open?ticket={ticket}&next={path}"
