"""A confined app sees its own files and processes, and none of the person's or of other Spaces."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.rehearsal.machine.confinement.probe import SWITCH, confinement

from .spaces import CARD, FolderSource, Machine, http_app

SPACE = "someone/app"
pytestmark = pytest.mark.skipif(
    not confinement().works, reason=f"this machine: {confinement().sentence}"
)

LOOK = """
import json, os, pathlib, subprocess, sys
def tried(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__
def at(path):
    return tried(lambda: sorted(os.listdir(path)))
"""


async def seen(machine: Machine, program: str, space: str = SPACE) -> Any:
    """Run a Space whose app computes `result`; return that."""
    app = LOOK + program + "\nREPLY, ADDRESS = result, ('0.0.0.0', 7860)\n"
    app += http_app("").partition("\n")[2]
    runtime = await machine.run(space, app)
    assert runtime.stage == "RUNNING", await machine.log(space, "run")
    return (await machine.reply(space))["reply"]


async def test_the_person_s_files_and_the_hub_s_state_are_not_there(
    machine: Machine, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.write_text("a diary")
    home = Path.home()
    paths = [private, tmp_path / "store", machine.state_folder / "machine.lock", home / ".ssh"]
    paths += [Path(name) for name in ("/etc/shadow", "/var/run/docker.sock", "/run", "/root/.ssh")]
    result = await seen(machine, f"result = [os.path.exists(p) for p in {list(map(str, paths))}]")
    assert result == [False] * len(paths)
    assert private.read_text() == "a diary"


async def test_another_space_is_not_there(machine: Machine) -> None:
    await machine.run("someone/other", http_app("other"))
    folder = machine.state_folder / "spaces"
    result = await seen(machine, f"result = [at({str(folder)!r}), at({str(folder / 'someone')!r})]")
    assert result == ["['someone']", "['app']"]


async def test_processes_of_others_cannot_be_seen_or_ended(machine: Machine) -> None:
    me = os.getpid()
    result = await seen(
        machine,
        "numbers = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())\n"
        "paths = ['/proc/1/' + name for name in ('environ', 'mem', 'fd/0', 'root/etc', 'maps')]\n"
        f"result = [numbers, tried(lambda: os.kill({me}, 9)), tried(lambda: os.kill(1, 9)),"
        " *(tried(lambda: open(path, 'rb').read(1)) for path in paths)]",
    )
    numbers, kill_us, kill_first, *opened = result
    assert numbers == [1, 2]
    assert kill_us == "ProcessLookupError"
    assert opened == ["PermissionError"] * 5
    assert kill_first == "None"  # allowed, and without effect: this answer was given after it


async def test_what_is_shared_cannot_be_written(machine: Machine) -> None:
    hook = Path(sys.modules["tools.rehearsal.machine"].__file__ or "").parent / "start_hook"
    result = await seen(
        machine,
        f"folders = [sys.prefix, sys.base_prefix, '/usr', '/etc', '/', '/lib', {str(hook)!r}]\n"
        "result = [tried(lambda: open(os.path.join(folder, 'new'), 'w')) for folder in folders]",
    )
    assert result == ["OSError"] * 7


async def test_own_folders_can_be_written_and_last_as_long_as_on_the_platform(
    machine: Machine,
) -> None:
    program = (
        "folders = [os.environ['HOME'], os.getcwd(), '/tmp', '/data', '/dev/shm']\n"
        "result = [tried(lambda: os.path.exists(folder + '/mine')) for folder in folders]\n"
        "for folder in folders: pathlib.Path(folder, 'mine').write_text('x')\n"
    )
    assert await seen(machine, program) == ["False"] * 5
    await machine.supervisor.restart(SPACE)
    await machine.settled(SPACE)
    assert (await machine.reply(SPACE))["reply"][1:] == ["False"] * 4
    assert not Path("/data/mine").exists()
    assert not Path("/tmp/mine").exists()  # noqa: S108 - that it is not there


async def test_no_way_back_to_the_privileges_that_made_the_view(machine: Machine) -> None:
    program = """
import ctypes
library = ctypes.CDLL(None, use_errno=True)
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
def remount():
    return library.mount(None, b"/usr", None, 0x1020, None)  # MS_REMOUNT | MS_BIND
user, before = os.getuid(), remount()
nested = library.unshare(0x10000000 | 0x20000)  # a user and a mount namespace of its own
after = remount()
unmounted = library.umount2(b"/usr", 2)
result = [user, int(status["CapEff"], 16), status["NoNewPrivs"].strip(), before, after,
          unmounted, tried(lambda: open("/usr/new", "w"))]
"""
    user, capabilities, no_new, before, after, unmounted, written = await seen(machine, program)
    assert (user, capabilities, no_new) == (1000, 0, "1")
    assert (before, after, unmounted) == (-1, -1, -1)
    assert written == "OSError"


async def test_what_libraries_need_is_there(machine: Machine) -> None:
    program = """
import ctypes, getpass, multiprocessing, pty, ssl, socket, tempfile, time
result = {
    "user": getpass.getuser(), "home": os.path.expanduser("~") == os.environ["HOME"],
    "shell": subprocess.run("echo $((6*7)) > /dev/null; id -un", shell=True, capture_output=True,
                            text=True).stdout,
    "terminal": len(pty.openpty()), "lock": str(multiprocessing.Lock())[:5],
    "temporary": tempfile.gettempdir(), "certificates": len(ssl.create_default_context()
        .get_ca_certs()) > 0 or os.path.isdir("/etc/ssl"),
    "localhost": socket.gethostbyname("localhost"), "processors": os.cpu_count(),
    "random": len(os.urandom(4)),
}
"""
    result = await seen(machine, program)
    assert result == {
        "user": "user",
        "home": True,
        "shell": "user\n",
        "terminal": 2,
        "lock": "<Lock",
        "temporary": "/tmp",  # noqa: S108 - the app's own
        "certificates": True,
        "localhost": "127.0.0.1",
        "processors": os.cpu_count(),
        "random": 4,
    }


async def test_the_logs_say_how_a_space_is_confined(machine: Machine) -> None:
    await machine.run(SPACE, http_app("x"))
    await machine.supervisor.pause(SPACE)
    for kind in ("build", "run"):
        log = await machine.log(SPACE, kind)
        assert "rehearsal: files confined, network open\n" in log


async def test_switched_off_everything_runs_as_before(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SWITCH, "off")
    result = await seen(machine, f"result = [os.path.exists({str(tmp_path / 'store')!r})]")
    assert result == [True]
    await machine.supervisor.pause(SPACE)
    assert f"rehearsal: not confined: {SWITCH}=off\n" in await machine.log(SPACE, "run")


async def test_links_in_a_repository_lead_nowhere_else(
    machine: Machine, source: FolderSource, tmp_path: Path
) -> None:
    (tmp_path / "private").write_text("a diary")
    app = LOOK + "result = [tried(lambda: open('link').read())]\n"
    app += "REPLY, ADDRESS = result, ('0.0.0.0', 7860)\n" + http_app("").partition("\n")[2]
    revision = source.commit(SPACE, {"README.md": CARD, "app.py": app})
    source.link(SPACE, revision, "link", str(tmp_path / "private"))
    await machine.supervisor.pushed(SPACE, revision)
    await machine.settled(SPACE)
    assert (await machine.reply(SPACE))["reply"] == ["FileNotFoundError"]


async def test_shared_memory_of_the_machine_is_another_one(machine: Machine) -> None:
    if not hasattr(ctypes.CDLL(None), "shmget"):
        pytest.skip("no System V shared memory")
    library = ctypes.CDLL(None)
    own = library.shmget(0x5EED, 4096, 0o1666)
    try:
        program = "import ctypes\nresult = ctypes.CDLL(None).shmget(0x5EED, 4096, 0o666)"
        assert own >= 0
        assert await seen(machine, program) == -1
    finally:
        library.shmctl(own, 0, None)
