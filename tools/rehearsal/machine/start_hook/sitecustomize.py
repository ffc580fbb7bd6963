"""Runs first in every Python process of a Space: gives the Space ports of its own.

In its container every Space listens on 0.0.0.0:7860. Here Spaces share a machine, and nothing of
them may be reachable from outside it. So a TCP socket that asks for port P of any address gets a
free port of the loopback address, and what the process asks about it (`getsockname`, a connection
to its own port P) still shows P. The pairs are files in one folder for all processes of a run:
the name is P, the content `REAL HOST`, with the host that was asked for.

Only the standard library, Python 3.8 to 3.14. Limit: a server that binds below Python's `socket`
(Node.js, a compiled one) is not caught; uvloop gives way to asyncio for that reason.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import os
import socket
import sys
from pathlib import Path

TYPE_CHECKING = False  # spelled out: importing `typing` would slow every start
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

FOLDER = Path(os.environ.get("REHEARSAL_PORTS", "/nonexistent"))
PLATFORM_PORT = 7860  # the only port that the platform forwards to a Gradio Space
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - what Spaces ask for; `bind` below never grants it
IMPORTLIB = "<frozen importlib._bootstrap>"
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
THIS_MACHINE = {"", "localhost", ANY_ADDRESS, "::", "::1", "::ffff:127.0.0.1"}
UNREACHABLE_NAMES = {"localhost", "127.0.0.1", "::1", "[::1]"}
UNASSIGNED_PORTS = range(20_000, 32_000)  # below Linux's ip_local_port_range, 32768 to 60999
ATTEMPTS = 50


def any_unassigned_port() -> int:
    """Return a port that no system hands out by itself."""
    return UNASSIGNED_PORTS[int.from_bytes(os.urandom(4), "big") % len(UNASSIGNED_PORTS)]


def real_port(port: object) -> int:
    """Return the real port behind `port`, or 0 when this Space does not use it."""
    try:
        return int((FOLDER / str(port)).read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def shown_port(real: int) -> int:
    """Return the port that the Space believes it has, for a real one."""
    for path in FOLDER.iterdir():
        if path.name.isdigit() and real_port(path.name) == real:
            return int(path.name)
    return real


def record(port: int, real: int, host: str) -> None:
    """Write a pair down; readers see it whole or not at all."""
    draft = FOLDER / f"{port}.new"
    draft.write_text(f"{real} {host or ANY_ADDRESS}\n")
    draft.replace(FOLDER / str(port))


class SpaceSocket(socket.socket):
    """A socket whose TCP addresses are the Space's own."""

    _asked_host = ""

    @property
    def _is_translated(self) -> bool:
        return self.family in LOOPBACK and self.type == socket.SOCK_STREAM

    def bind(self, address: Any) -> None:
        """Bind to the loopback address, and to the Space's own port behind the one asked for."""
        if not self._is_translated or not isinstance(address, tuple):
            super().bind(address)
            return
        host, port = str(address[0]), int(address[1])
        if port == 0:
            self._bind_free()
        else:
            self._bind_own(host, port)
        self._asked_host = host

    def _bind_free(self) -> None:
        """Bind to a port that nobody else has, nor gets between this call and `listen`.

        With SO_REUSEADDR, which servers set, two sockets may be bound to one port, and the second
        one to listen fails with "Address already in use" (seen 2026-11-23, twice in 50 starts). So
        the first bind is exclusive, and the port is none that the system gives to who asks for any.
        """
        reuse = super().getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        super().setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        for _ in range(ATTEMPTS):
            with contextlib.suppress(OSError):
                super().bind((LOOPBACK[self.family], any_unassigned_port()))
                break
        else:
            super().bind((LOOPBACK[self.family], 0))
        super().setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)

    def _bind_own(self, host: str, port: int) -> None:
        """Bind to the real port of `port`, which is chosen here if this is the first time."""
        with (FOLDER / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            real = real_port(port)
            if real:
                super().bind((LOOPBACK[self.family], real))
            else:
                self._bind_free()
            record(port, super().getsockname()[1], host)

    def listen(self, *backlog: int) -> None:
        """Listen; a socket that was never bound must not listen on every address."""
        if self._is_translated and super().getsockname()[1] == 0:
            self._bind_free()
        super().listen(*backlog)

    def getsockname(self) -> Any:
        """Return the address as the Space asked for it."""
        actual = super().getsockname()
        if not self._is_translated or actual[1] == 0:
            return actual
        return (self._asked_host or actual[0], shown_port(actual[1]), *actual[2:])

    def connect(self, address: Any) -> None:
        """Connect; the Space's own ports lead to its own processes."""
        super().connect(self._destination(address))

    def connect_ex(self, address: Any) -> int:
        """Connect and return the error number; the Space's own ports lead to its own processes."""
        return super().connect_ex(self._destination(address))

    def _destination(self, address: Any) -> Any:
        if not self._is_translated or not isinstance(address, tuple):
            return address
        host = str(address[0])
        if host not in THIS_MACHINE and not host.startswith("127."):
            return address
        real = real_port(address[1])
        return (LOOPBACK[self.family], real) if real else address


def say(sentence: str) -> None:
    """Print a line into the run log, and note the difference for the Hub."""
    sys.stdout.write(f"===== Rehearsal: {sentence} =====\n")
    sys.stdout.flush()
    with (FOLDER / "differences").open("a") as file:
        file.write(sentence + "\n")


def patch_blocks(module: ModuleType) -> None:
    """Say at once when `launch` names an address where the platform does not look for the app."""
    plain_launch = module.Blocks.launch

    @functools.wraps(plain_launch)
    def launch(self: object, *arguments: object, **options: Any) -> object:
        port, name = options.get("server_port"), options.get("server_name")
        if port not in (None, PLATFORM_PORT):
            say(f"launch(server_port={port}): the platform forwards only {PLATFORM_PORT}")
        if name in UNREACHABLE_NAMES:
            say(f"launch(server_name={name!r}): the platform cannot reach the app there")
        return plain_launch(self, *arguments, **options)

    module.Blocks.launch = launch


def patch_networking(module: ModuleType) -> None:
    """Never open a tunnel. Inside a Space, Gradio itself ignores or refuses `share=True`."""

    def setup_tunnel(*_: object, **__: object) -> str:
        raise RuntimeError("a rehearsal opens no share link")

    module.setup_tunnel = setup_tunnel  # type: ignore[attr-defined]  # of a module loaded by name


def patch_loop(module: Any) -> None:
    """Make uvloop behave as asyncio: its sockets are bound below Python."""
    import asyncio

    module.new_event_loop = asyncio.new_event_loop
    module.Loop = asyncio.SelectorEventLoop
    module.run = asyncio.run
    module.install = lambda: None
    if sys.version_info < (3, 14):  # deprecated since, and uvicorn uses the factory there
        module.EventLoopPolicy = asyncio.DefaultEventLoopPolicy


PATCHES = {
    "gradio.blocks": patch_blocks,
    "gradio.networking": patch_networking,
    "uvloop": patch_loop,
    "zuvloop": patch_loop,
}


class Finder(importlib.abc.MetaPathFinder):
    """Lets a module load as usual, then patches it."""

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the module's own spec, with a loader that patches at the end."""
        if fullname not in PATCHES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        load, patch = loader.exec_module, PATCHES[fullname]

        def load_and_patch(module: ModuleType) -> None:
            load(module)
            patch(module)

        # Python leaves importlib's frames out of tracebacks, but only where no other is among them.
        load_and_patch.__code__ = load_and_patch.__code__.replace(co_filename=IMPORTLIB)
        loader.exec_module = load_and_patch
        return spec


def chain() -> None:
    """Run the `sitecustomize` that this one hides, if there is one."""
    here = Path(__file__).resolve().parent
    others = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def add_zero_gpu() -> None:
    """Patch what the `spaces` package looks for on ZeroGPU; it needs Python 3.10 itself."""
    import _rehearsal_zero_gpu as zero_gpu  # type: ignore[import-not-found]  # beside this file

    zero_gpu.prepare(FOLDER)
    PATCHES.update(zero_gpu.patches(shown_port))


def install() -> None:
    """Take effect in this process."""
    if "REHEARSAL_ZERO_GPU_CARD" in os.environ:
        add_zero_gpu()
    SpaceSocket.__module__, SpaceSocket.__qualname__ = "socket", "socket"
    socket.socket = SpaceSocket  # type: ignore[misc]  # the purpose of this file
    sys.meta_path.insert(0, Finder())


if __name__ == "sitecustomize":
    if FOLDER.is_dir():
        install()
    chain()
