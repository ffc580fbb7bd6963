"""Real apps for the tests: an environment with Gradio and a process that serves `apps/`."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psutil
from uv import find_uv_bin

from tools.hub.facts import LogText

GRADIO = "6.31.0"
SECONDS_TO_START = 90
HERE = Path(__file__).parent


@dataclass(frozen=True)
class ServedApp:
    """An app that listens on 127.0.0.1, and the file its output goes to."""

    url: str
    log: Path

    def read_log(self) -> LogText:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return LogText(lines=tuple(lines), revision=None)


def gradio_python() -> Path:
    """The interpreter of an environment with Gradio, built once and kept in the cache."""
    fallback = HERE.parents[1] / ".cache"
    cache = Path(os.environ.get("HUGGINGFACE_SPACES_CACHE", fallback)) / "tests"
    cache.mkdir(parents=True, exist_ok=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / f"gradio-{GRADIO}-oauth-mcp-python{version}"
    python, complete = folder / "bin" / "python", folder / "complete"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not complete.exists():
            uv = find_uv_bin()
            wanted = [f"gradio[oauth,mcp]=={GRADIO}", "pillow", "numpy"]
            subprocess.run(
                [uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True
            )
            subprocess.run([uv, "pip", "install", "-q", "--python", python, *wanted], check=True)
            complete.touch()
    return python


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def serving(names: list[str], folder: Path) -> Iterator[Mapping[str, ServedApp]]:
    """Serve the named apps from one process group, which is gone afterwards."""
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    log = folder / "apps.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONUNBUFFERED": "1",
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "HF_HUB_OFFLINE": "1",
        # Read by gradio.oauth when it is imported; the provider is asked at a login only.
        "OAUTH_CLIENT_ID": "made-up",
        "OAUTH_CLIENT_SECRET": "made-up",
        "OAUTH_SCOPES": "openid profile",
        "OPENID_PROVIDER_URL": "http://127.0.0.1:9",
    }
    arguments = [f"{name}={port}" for name, port in ports.items()]
    with log.open("w") as output:
        process = subprocess.Popen(
            [gradio_python(), HERE / "apps", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    try:
        _wait(process, ports, log)
        yield {
            name: ServedApp(f"http://127.0.0.1:{port}", folder / f"{name}.log")
            for name, port in ports.items()
        }
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], ports: Mapping[str, int], log: Path) -> None:
    """Wait until each port is owned by a child of ours; a listening port alone proves nothing."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        lines = log.read_text(encoding="utf-8").splitlines()
        pids = {each.split()[1]: int(each.split()[2]) for each in lines if each[:6] == "ready "}
        if set(pids) == set(ports):
            for name, port in ports.items():
                assert port in _listening(pids[name]), f"{name} does not own port {port}"
            return
        time.sleep(0.2)
    raise AssertionError(f"the apps did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _listening(pid: int) -> set[int]:
    connections = psutil.Process(pid).net_connections("tcp")
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}


@contextmanager
def plain_server(status: int, body: bytes, kind: str, *, drip: bool = False) -> Iterator[str]:
    """A small HTTP server without Gradio. `drip` sends one byte at a time and never ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            self.send_response(status)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(body)
            while drip and not stopped.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep quiet: the base class writes every request to standard error."""

        def log_error(self, *_: object) -> None:
            """Keep quiet about the 404s, too."""

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client hung up
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


Files = Mapping[str, tuple[int, str, bytes]]


@contextmanager
def site(files: Files) -> Iterator[tuple[str, list[str]]]:
    """A server of the given paths as (status, content type, body), and what it has been asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            status, kind, body = files.get(self.path, (404, "text/plain", b"Not found"))
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names of the base class

        def log_message(self, *_: object) -> None:
            """Keep quiet: the base class writes every request to standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answers(url: str) -> bool:
    """Whether something still answers there."""
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
