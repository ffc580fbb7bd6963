"""A real rehearsal Hub for the whole run, and a fence: tests reach 127.0.0.1 and nothing else."""

from __future__ import annotations

import atexit
import contextlib
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

# Before anything imports huggingface_hub, which reads these once.
_CLIENT_HOME = tempfile.mkdtemp(prefix="hf-home-")
atexit.register(shutil.rmtree, _CLIENT_HOME, ignore_errors=True)
for _name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT"):
    os.environ.pop(_name, None)
os.environ |= {
    "HF_HOME": _CLIENT_HOME,
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "NO_PROXY": "127.0.0.1,localhost",
}

from huggingface_hub import HfApi  # noqa: E402 - see above

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0

_strays: list[str] = []


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return True
    if host in {"", "localhost"}:
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    return False


def _fence(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        _strays.append(f"{event} {host}")
        raise OSError(f"tests may not leave this machine: {event} {host}")


# tests/contract may be pointed at a Hub elsewhere, on purpose.
if "HUB_ENDPOINT" not in os.environ:
    sys.addaudithook(_fence)


@pytest.fixture(autouse=True)
def _stay_here() -> Iterator[None]:
    """Fail a test that tried to reach another machine, also where the attempt was swallowed."""
    _strays.clear()
    yield
    assert not _strays


class Hub:
    """A rehearsal Hub in a process of its own."""

    def __init__(self, state: Path, cache: Path) -> None:
        self.state = state
        self.cache = cache
        self._process: subprocess.Popen[bytes] | None = None
        self._port: int | None = None

    @property
    def endpoint(self) -> str:
        """The Hub's address; the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def command(self, *options: str) -> list[str]:
        """The command that runs a Hub on this state folder."""
        folders = ["--state", str(self.state), "--cache", str(self.cache)]
        return [sys.executable, "-m", "tools.rehearsal", *folders, *options]

    def start(self) -> None:
        port = 0 if self._port is None else self._port
        self._process = subprocess.Popen(self.command("--port", str(port)), cwd=REPOSITORY)
        deadline = time.monotonic() + START_SECONDS
        while self._announced() != self._process.pid:
            assert self._process.poll() is None, "the Hub did not start"
            assert time.monotonic() < deadline, "the Hub did not announce itself"
            time.sleep(0.02)
        self._port = json.loads((self.state / "hub.json").read_text())["port"]

    def _announced(self) -> int | None:
        with contextlib.suppress(FileNotFoundError):
            pid: int = json.loads((self.state / "hub.json").read_text())["pid"]
            return pid
        return None

    def stop(self, *, kill: bool = False) -> int:
        """Stop the Hub, with SIGKILL if asked, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def restart(self, *, kill: bool = False) -> None:
        """Stop the Hub and start it again on the same port."""
        self.stop(kill=kill)
        self.start()

    def runs_apps(self) -> bool:
        """Whether the Hub has processes of Spaces."""
        return bool(psutil.Process(self.pid).children())

    def token(self, account: str) -> str:
        """The token of a rehearsal account."""
        tokens: dict[str, str] = json.loads((self.state / "tokens.json").read_text())
        return tokens[account]

    def api(self, account: str | None) -> HfApi:
        """The real client as an account, or without a token."""
        return HfApi(self.endpoint, token=self.token(account) if account else False)


StartHub = Callable[[Path], Hub]
SHARED_HUB = pytest.StashKey[Hub]()


def cache_folder() -> Path:
    """Environments outlive the run: building one takes longer than most tests together."""
    return Path(os.environ.get("HUGGINGFACE_SPACES_CACHE", REPOSITORY / ".cache" / "tests"))


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Hub]:
    """The Hub that most tests share; they keep apart by the names of their Spaces."""
    hub = Hub(tmp_path_factory.mktemp("state") / "rehearsal", cache_folder())
    hub.start()
    pytestconfig.stash[SHARED_HUB] = hub
    yield hub
    assert hub.stop() == 0


@pytest.fixture(scope="module", autouse=True)
def _leave_no_space_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the Spaces of the shared Hub to sleep after each module.

    An idle Gradio app takes some 5 % of a core; dozens of them would make later tests miss their
    deadlines. Spaces sleep after a restart of the Hub.
    """
    yield
    shared = request.config.stash.get(SHARED_HUB, None)
    if shared is not None and shared.runs_apps():
        shared.restart()


@pytest.fixture
def start_hub() -> Iterator[StartHub]:
    """Start a Hub of the test's own on a state folder; it is stopped at the end."""
    started: list[Hub] = []

    def start(state: Path) -> Hub:
        own = Hub(state, cache_folder())
        own.start()
        started.append(own)
        return own

    yield start
    for own in started:
        own.stop(kill=True)


@pytest.fixture
def client_environment(hub: Hub, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """The environment in which `hf` and other programs are an account of the Hub."""

    def make(account: str) -> dict[str, str]:
        return {
            **os.environ,
            "HF_ENDPOINT": hub.endpoint,
            "HF_HOME": str(tmp_path / "hf-home"),
            "HF_TOKEN": hub.token(account),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

    return make
