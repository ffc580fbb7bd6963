"""The start hook in real processes, with every Python of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.rehearsal.machine.launch_environment import START_HOOK_FOLDER
from tools.rehearsal.machine.pythons import Interpreter, discover

from .spaces import EVERYWHERE

REAL = "import _socket\ndef real(sock): return _socket.socket.getsockname(sock)[:2]\n"


def run(folder: Path, program: str, python: Path | str = sys.executable, **more: str) -> Any:
    """Run a program under the hook, its ports in `folder`; return the JSON it prints last."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(START_HOOK_FOLDER), *more.pop("path", "").split()]),
        "REHEARSAL_PORTS": str(folder),
        **more,
    }
    done = subprocess.run(
        [python, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("python", discover(), ids=lambda python: python.name)
def test_a_port_is_the_space_s_own_and_still_looks_as_asked(
    tmp_path: Path, python: Interpreter
) -> None:
    program = f"""{REAL}
import json, socket
server = socket.socket()
server.bind(("{EVERYWHERE}", 7860)); server.listen()
client = socket.create_connection(("localhost", 7860), timeout=5)
accepted, _ = server.accept()
try:
    socket.socket().bind(("127.0.0.1", 7860)); taken = False
except OSError:
    taken = True
print(json.dumps([server.getsockname(), real(server), accepted.getsockname()[1], taken]))
"""
    shown, real, accepted, taken = run(tmp_path, program, python.path)
    assert shown == [EVERYWHERE, 7860]
    assert real[0] == "127.0.0.1"
    assert real[1] != 7860
    assert accepted == 7860
    assert taken
    assert (tmp_path / "7860").read_text() == f"{real[1]} {EVERYWHERE}\n"


def test_a_child_process_finds_its_parent_s_port(tmp_path: Path) -> None:
    program = """
import json, socket, subprocess, sys
server = socket.create_server(("", 8000))
child = ("import socket; sock = socket.socket(); sock.settimeout(5); "
         "print(sock.connect_ex(('127.0.0.1', 8000)))")
print(json.dumps(int(subprocess.check_output([sys.executable, "-c", child]))))
"""
    assert run(tmp_path, program) == 0


@pytest.mark.parametrize(
    "bind",
    [
        'sock = socket.socket(socket.AF_INET6); sock.bind(("::", 7860))',
        'sock = socket.socket(); sock.bind(("", 0))',
        'sock = socket.socket(); sock.bind(("127.0.0.1", 0))',
        "sock = socket.socket(); sock.listen()",
        'sock = socket.create_server(("", 80))',
    ],
)
def test_nothing_listens_outside_of_the_loopback_address(tmp_path: Path, bind: str) -> None:
    program = f"{REAL}import json, socket\n{bind}\nprint(json.dumps(real(sock)))"
    host, port = run(tmp_path, program)
    assert host in {"127.0.0.1", "::1"}
    assert port not in {0, 80, 7860}


def test_asyncio_servers_work(tmp_path: Path) -> None:
    program = f"""
import asyncio, json
async def answer(reader, writer):
    writer.write(await reader.readline()); writer.close()
async def main():
    server = await asyncio.start_server(answer, "{EVERYWHERE}", 7860)
    reader, writer = await asyncio.open_connection("localhost", 7860)
    writer.write(b"hello\\n")
    reply = (await reader.readline()).decode()
    writer.close(); server.close()
    print(json.dumps([reply, server.sockets and 0]))
asyncio.run(main())
"""
    assert run(tmp_path, program)[0] == "hello\n"


def test_other_addresses_and_unix_sockets_are_left_alone(tmp_path: Path) -> None:
    program = f"""
import json, socket
unix = socket.socket(socket.AF_UNIX); unix.bind({str(tmp_path / "unix")!r})
with socket.socket() as sock:
    sock.settimeout(0.2)
    refused = sock.connect_ex(("127.0.0.1", 9))
print(json.dumps([unix.getsockname(), refused != 0]))
"""
    assert run(tmp_path, program) == [str(tmp_path / "unix"), True]


def test_uvloop_becomes_asyncio(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "uvloop.py").write_text("def new_event_loop(): raise SystemExit('bound in C')\n")
    program = (
        "import json, uvloop\nloop = uvloop.new_event_loop(); loop.close()\nprint(json.dumps(1))"
    )
    assert run(tmp_path, program, path=str(modules)) == 1


def test_the_hook_is_in_no_traceback_of_an_import(tmp_path: Path) -> None:
    """A module that is patched after its import may fail in it; importlib's frames stay out too."""
    package = tmp_path / "modules" / "gradio"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from . import blocks\n")
    (package / "blocks.py").write_text("raise ValueError('broken')\n")
    program = """
import json, traceback
try:
    import gradio
except ValueError as error:
    print(json.dumps([frame.filename for frame in traceback.extract_tb(error.__traceback__)]))
"""
    files = run(tmp_path, program, path=str(package.parent))
    assert [Path(name).name for name in files] == ["<string>", "__init__.py", "blocks.py"]


def test_a_hidden_sitecustomize_still_runs(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "sitecustomize.py").write_text("import os; os.environ['CHAINED'] = 'yes'\n")
    program = "import json, os; print(json.dumps(os.environ['CHAINED']))"
    assert run(tmp_path, program, path=str(modules)) == "yes"
