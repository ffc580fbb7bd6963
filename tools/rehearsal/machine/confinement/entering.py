"""Start a program that sees only a view, and end everything it started when it ends.

Two processes stand around the program. The guard (see `guard.py`) moves to a user namespace of its
own and forks. Its child is process 1 of a new process namespace: it makes the view, starts the
program and waits for it. When process 1 ends, or the guard is killed, the kernel ends every
process in there, also one that made a session of its own. Process 1 keeps the rights that the
view was made with; the program gets none, and neither can it trace or signal process 1.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import namespaces
from .view import Link, Mount, View

USER = 1000
"""User and group number inside, those of the platform's images (hub-docs, spaces-sdks-docker)."""

CANNOT_START = 127
_FIRST = _TEMPORARY = "/tmp"  # noqa: S108 - only names of places for mounts of our own
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the same
_OLD = "/old"
_NEW = "/new"
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_TEXT_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
_TAKEN_OVER = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_CHANGED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


@dataclass(frozen=True)
class Program:
    """What to start."""

    command: Sequence[str]
    folder: str
    environment: Mapping[str, str]


def start(program: Program, view: View) -> int:
    """Start the program; return the process that ends, with its exit code, when the program does.

    To be called once in the life of a process, by one without threads. Raises OSError when the
    machine has no namespaces; what fails later is told on standard output, with exit code 127.
    """
    namespaces.become(USER, USER)
    alive, held_by_guard = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(held_by_guard)
        _be_process_one(program, view, alive)
    os.close(alive)
    return pid


def _be_process_one(program: Program, view: View, alive: int) -> None:
    """Make the view, run the program in it; never returns."""
    try:
        signal.set_wakeup_fd(-1)
        for number in _TAKEN_OVER:
            signal.signal(number, signal.SIG_IGN)
        os.setsid()
        _end_with_guard(alive)
        _enter(view)
        namespaces.renounce_privileges()
        child = os.fork()
        if child == 0:
            _become_program(program, view)
        code = _wait(child)
    except OSError as error:
        _say(f"cannot start: {error}")
        code = CANNOT_START
    os._exit(code)


def _end_with_guard(alive: int) -> None:
    namespaces.end_with_parent(signal.SIGKILL)
    # A guard that died before that call sends no signal, but has closed its end of the pipe.
    if select.select([alive], [], [], 0)[0]:
        os._exit(CANNOT_START)


def _become_program(program: Program, view: View) -> None:
    """Replace this process by the program; never returns."""
    try:
        for number in (*_TAKEN_OVER, *_CHANGED_BY_PYTHON, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(program.folder)
        environment = {**program.environment, **view.variables}
        os.execve(program.command[0], list(program.command), environment)  # noqa: S606 - no shell wanted
    except OSError as error:
        _say(f"cannot start: {error}")
    os._exit(CANNOT_START)


def _wait(child: int) -> int:
    """Collect ended processes until it is the program; return its exit code as a shell does."""
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def _enter(view: View) -> None:
    """Make the view this process's whole file system."""
    namespaces.keep_mounts_apart()
    # A first root only holds the old one and the one being made: a mount point inside the old
    # root would hide what is to be shown.
    namespaces.mount_new("tmpfs", _FIRST, _harmless())
    for folder in (_OLD, _NEW):
        Path(_FIRST + folder).mkdir()
    namespaces.exchange_root(_FIRST, _FIRST + _OLD)
    os.chdir("/")
    namespaces.mount_new("tmpfs", _NEW, _harmless(), "mode=755")
    _fill(view)
    os.chdir(_NEW)
    namespaces.exchange_root(".", ".")
    namespaces.detach(".")
    os.chdir("/")
    namespaces.restrict("/", read_only=True, recursive=False)


def _fill(view: View) -> None:
    _add_devices()
    _add_folder("/proc")
    namespaces.mount_new("proc", f"{_NEW}/proc", _harmless() | namespaces.NO_EXECUTION)
    if all(mount.target != _TEMPORARY for mount in view.mounts):
        _add_folder(_TEMPORARY)
        namespaces.mount_new("tmpfs", _NEW + _TEMPORARY, _harmless(), "mode=1777")
    _add_accounts(view.home)
    entries: list[Mount | Link] = [*view.mounts, *view.links]
    for entry in sorted(entries, key=_depth):
        if isinstance(entry, Mount):
            _add_mount(entry)
        else:
            _add_link(entry)


def _depth(entry: Mount | Link) -> int:
    return (entry.target if isinstance(entry, Mount) else entry.path).count("/")


def _add_mount(mount: Mount) -> None:
    source, target = _OLD + mount.source, _NEW + mount.target
    if Path(source).is_dir():
        _add_folder(mount.target)
    elif not Path(target).exists():
        _add_folder(str(Path(mount.target).parent))
        Path(target).touch()
    namespaces.bind(source, target)
    namespaces.restrict(target, read_only=not mount.writable)


def _add_link(link: Link) -> None:
    _add_folder(str(Path(link.path).parent))
    with contextlib.suppress(FileExistsError):
        Path(_NEW + link.path).symlink_to(link.target)


def _add_folder(path: str) -> None:
    Path(_NEW + path).mkdir(parents=True, exist_ok=True)


def _add_devices() -> None:
    _add_folder("/dev/pts")
    _add_folder(_SHARED_MEMORY)
    for name in _DEVICES:
        if Path(f"{_OLD}/dev/{name}").exists():
            Path(f"{_NEW}/dev/{name}").touch()
            namespaces.bind(f"{_OLD}/dev/{name}", f"{_NEW}/dev/{name}")
    for name, target in _TEXT_LINKS.items():
        Path(f"{_NEW}/dev/{name}").symlink_to(target)
    quiet = namespaces.NO_SUID | namespaces.NO_EXECUTION
    namespaces.mount_new("devpts", f"{_NEW}/dev/pts", quiet, "newinstance,ptmxmode=0666,mode=620")
    Path(f"{_NEW}/dev/ptmx").symlink_to("pts/ptmx")
    namespaces.mount_new("tmpfs", _NEW + _SHARED_MEMORY, _harmless(), "mode=1777")


def _add_accounts(home: str) -> None:
    """Name the user inside; the machine's own accounts are not shown."""
    _add_folder("/etc")
    Path(f"{_NEW}/etc/passwd").write_text(f"user:x:{USER}:{USER}::{home}:/bin/sh\n")
    Path(f"{_NEW}/etc/group").write_text(f"user:x:{USER}:\n")


def _harmless() -> int:
    return namespaces.NO_SUID | namespaces.NO_DEVICES
