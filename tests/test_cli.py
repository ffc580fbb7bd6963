"""The command line: a command per tool, exit codes that mean something, JSON everywhere."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.calling import plain_app, readme, write_files
from tests.conftest import Hub
from tools.cli.main import OWN_COMMANDS, commands
from tools.cli.tool_commands import command_name, show
from tools.registry import all_tools
from tools.render import Answer
from tools.settings import STATE_VARIABLE

ROOT = Path(__file__).parent.parent


def run(*words: str, state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", *words],
        cwd=ROOT,
        env={**kept, STATE_VARIABLE: str(state), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_every_tool_is_a_command_and_no_name_collides() -> None:
    names = [command_name(name) for name in all_tools()]
    own = list(OWN_COMMANDS)
    assert len({*names, *own}) == len(names) + len(own)
    listed = commands.list_commands(None)  # type: ignore[arg-type] # click does not look at it
    assert listed == sorted([*names, *own])


@pytest.mark.parametrize("name", [command_name(name) for name in all_tools()])
def test_help_of_every_command(name: str, tmp_path: Path) -> None:
    ran = run(name, "--help", state=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "--json" in ran.stdout
    assert "huggingface-spaces" in ran.stdout


def test_one_life_of_a_space(hub: Hub, tmp_path: Path) -> None:
    state = hub.state.parent
    space = "rehearsal-pro/from-a-shell"
    write_files(tmp_path, {"README.md": readme(), "app.py": plain_app("shell")})
    made = run("create", space, "gradio", "--hub", "rehearsal", state=state)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("Nothing is published")
    again = run("create", space, "gradio", "--hub", "rehearsal", "--json", state=state)
    assert again.returncode == 2
    assert json.loads(again.stdout)["outcome"] == "already_exists"
    pushed = run("upload", str(tmp_path), space, "--hub", "rehearsal", "--json", state=state)
    revision = json.loads(pushed.stdout)["result"]["revision"]
    waited = run("wait", space, "--revision", revision, "--hub", "rehearsal", state=state)
    assert waited.returncode == 0, waited.stderr
    assert "BUILDING" in waited.stderr or "APP_STARTING" in waited.stderr or not waited.stderr
    logs = run("logs", space, "--pattern", "starting", "--hub", "rehearsal", state=state)
    assert "starting shell" in logs.stdout
    refused = run("delete", space, "--hub", "rehearsal", state=state)
    assert refused.returncode == 2
    assert "consent_needed" in refused.stderr
    code = refused.stderr.split("--confirm ")[1].split()[0]
    gone = run("delete", space, "--confirm", code, "--hub", "rehearsal", state=state)
    assert gone.returncode == 0
    missing = run("status", space, "--hub", "rehearsal", "--json", state=state)
    assert missing.returncode == 2
    assert json.loads(missing.stdout)["problem"]["code"] == "not_found"


def test_text_of_a_space_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\x1b]0;title\x07 \x9b31m \r \u202e b\tc\nd 👩‍🔬"
    show(Answer(envelope={}, text=text, is_error=False, exit_code=0), as_json=False)
    shown = "a�]0;title� �31m � � b\tc\nd 👩‍🔬\n"
    assert capsys.readouterr().out == shown


def test_usage_errors_end_with_two(tmp_path: Path) -> None:
    assert run("wait", state=tmp_path).returncode == 2
    assert run("create", "a/b", "flask", state=tmp_path).returncode == 2
    assert run("nonsense", state=tmp_path).returncode == 2
    assert run("serve", "--tools", "nonsense", state=tmp_path).returncode == 2


def test_rehearsal_start_attach_stop_reset(tmp_path: Path) -> None:
    assert run("rehearsal", "status", state=tmp_path).returncode == 1
    started = run("rehearsal", "start", state=tmp_path)
    assert started.returncode == 0, started.stderr
    try:
        second = run("rehearsal", "start", state=tmp_path)
        assert "runs at" in second.stdout
        facts = json.loads(run("rehearsal", "status", "--json", state=tmp_path).stdout)
        assert facts["running"]
        token = run("rehearsal", "token", "rehearsal-free", state=tmp_path).stdout.strip()
        assert token.startswith("hf_")
        opened = run("rehearsal", "open", "--print", state=tmp_path)
        assert opened.stdout.startswith(facts["endpoint"])
        status = run("account-status", "--json", state=tmp_path)
        assert json.loads(status.stdout)["hub"]["endpoint"] == facts["endpoint"]
    finally:
        stopped = run("rehearsal", "stop", state=tmp_path)
    assert "Stopped" in stopped.stdout
    assert run("rehearsal", "stop", state=tmp_path).returncode == 0
    assert run("rehearsal", "reset", "--yes", state=tmp_path).returncode == 0
    assert not (tmp_path / "rehearsal").exists()


def test_occupied_port_is_refused_when_it_was_demanded(hub: Hub, tmp_path: Path) -> None:
    port = hub.endpoint.rpartition(":")[2]
    ran = run("rehearsal", "start", "--port", port, state=tmp_path)
    assert ran.returncode == 2
    assert port in ran.stderr
    assert "rehearsal_failed" in ran.stderr


def test_doctor(tmp_path: Path) -> None:
    ran = run("doctor", "--json", state=tmp_path)
    checks = {check["name"]: check for check in json.loads(ran.stdout)}
    assert ran.returncode == 0
    assert checks["uv"]["state"] == "ok"
    assert checks["login"]["state"] == "limited"
    assert str(tmp_path) in checks["state"]["found"]
    unusable = run("doctor", "--json", state=Path("/proc/nowhere"))
    assert unusable.returncode == 1
    assert "cannot be written" in unusable.stdout


def test_a_state_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    ran = run("account-status", "--hub", "rehearsal", state=Path("/proc/nowhere"))
    assert ran.returncode == 2
    assert ran.stderr.startswith("machine: this machine refused /proc/nowhere")
    assert "Traceback" not in ran.stderr


def test_next_calls_are_commands_that_work(hub: Hub) -> None:
    """What is printed after `Next:` can be pasted, with the options this command was given."""
    state = hub.state.parent
    space = "rehearsal-pro/pasted"
    hub.api("rehearsal-pro").create_repo(space, repo_type="space", space_sdk="static")
    asked = run("delete", space, "--hub", "rehearsal", state=state)
    command = asked.stderr.split("`")[1]
    assert command.startswith(f"huggingface-spaces delete {space} --confirm yes-")
    assert command.endswith("--hub rehearsal")
    assert run(*command.split()[1:], state=state).returncode == 0


def test_a_wait_in_a_script_is_answered_in_time(hub: Hub, tmp_path: Path) -> None:
    state = hub.state.parent
    space = "rehearsal-pro/never-ready"
    hub.api("rehearsal-pro").create_repo(space, repo_type="space", space_sdk="gradio")
    app = "import time\ntime.sleep(600)\n"
    write_files(tmp_path, {"README.md": readme(), "app.py": app})
    run("upload", str(tmp_path), space, "--hub", "rehearsal", state=state)
    ran = run("wait", space, "--hub", "rehearsal", "--time-limit", "8", state=state)
    assert ran.returncode == 2
    assert "not settled yet" in ran.stdout
    hub.api("rehearsal-pro").delete_repo(space, repo_type="space")


def test_a_secret_can_be_typed_unseen(hub: Hub) -> None:
    """At a terminal a named secret that is set nowhere is asked for, without an echo."""
    space, typed = "rehearsal-pro/prompted", "open-sesame-77"
    hub.api("rehearsal-pro").create_repo(space, repo_type="space", space_sdk="gradio")
    master, terminal = os.openpty()
    words = ["environment", space, "--secrets", "DOOR_WORD", "--hub", "rehearsal"]
    with subprocess.Popen(
        [sys.executable, "-m", "tools.cli", *words],
        cwd=ROOT,
        env={**os.environ, STATE_VARIABLE: str(hub.state.parent)},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        seen = b""
        while b"Value of DOOR_WORD" not in seen:
            seen += os.read(master, 4096)
        os.write(master, typed.encode() + b"\n")
        with contextlib.suppress(OSError):  # the terminal closes with the process
            while chunk := os.read(master, 4096):
                seen += chunk
        assert process.wait(timeout=60) == 0, seen.decode()
    os.close(master)
    assert typed.encode() not in seen
    assert "DOOR_WORD" in hub.api("rehearsal-pro").get_space_secrets(space)
    hub.api("rehearsal-pro").delete_repo(space, repo_type="space")
