"""The life of Gradio Spaces on a real machine; the apps are plain web servers, to be quick."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import psutil
import pytest

from tools.rehearsal.machine import stages
from tools.rehearsal.machine.source import SpaceSettings
from tools.rehearsal.machine.supervisor import StateFolderInUseError

from .spaces import CARD, EVERYWHERE, PROCESSES_OF_AN_APP, FolderSource, Machine, http_app

SPACE = "someone/app"


async def test_a_pushed_space_is_built_started_and_reached_at_its_host(machine: Machine) -> None:
    await machine.supervisor.created(SPACE)
    assert machine.supervisor.runtime(SPACE).stage == stages.NO_APP_FILE
    revision = await machine.push(SPACE, {"README.md": CARD, "app.py": http_app("hello")})
    assert machine.supervisor.runtime(SPACE).stage == stages.BUILDING
    runtime = await machine.settled(SPACE)
    assert machine.stages[SPACE] == [stages.BUILDING, stages.APP_STARTING, stages.RUNNING]
    assert runtime.revision == revision
    assert (runtime.hardware_current, runtime.hardware_requested) == ("cpu-basic", "cpu-basic")
    assert runtime.facts["pythonRequested"] == "3.11"
    assert runtime.facts["pythonUsed"].startswith("3.11.")
    assert (await machine.reply(SPACE))["reply"] == "hello"


async def test_build_log_reads_like_the_platform_s(machine: Machine) -> None:
    await machine.run(SPACE, http_app("hello"))
    log = await machine.log(SPACE, "build")
    first, *rest = log.splitlines()
    revision = machine.source.head(SPACE) or ""
    assert first.startswith("===== Build Queued at ")
    assert first.endswith(f"/ Commit SHA: {revision[:7]} =====")
    command = 'pip install --no-cache-dir gradio[oauth,mcp]==6.31.0 "uvicorn>=0.14.0"'
    assert f'--> RUN {command} "websockets>=10.4" spaces' in rest
    assert any(line == "CACHED" or line.startswith("DONE ") for line in rest)


async def test_the_app_believes_in_the_platform_s_address(machine: Machine) -> None:
    await machine.run(SPACE, http_app("hello"))
    await machine.supervisor.pause(SPACE)
    log = await machine.log(SPACE, "run")
    assert log.startswith("===== Application Startup at ")
    assert "\nserving on ('0.0.0.0', 7860)\n" in log


async def test_two_spaces_on_the_same_port_run_at_once_and_only_on_loopback(
    machine: Machine,
) -> None:
    await asyncio.gather(
        machine.run("someone/one", http_app("first")),
        machine.run("someone/two", http_app("second")),
    )
    replies = [await machine.reply(space) for space in ("someone/one", "someone/two")]
    assert [reply["reply"] for reply in replies] == ["first", "second"]
    listening = [
        connection.laddr
        for process in machine.processes()
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 2
    assert {address.ip for address in listening} == {"127.0.0.1"}


@pytest.mark.usefixtures("outside_variables")
async def test_a_space_sees_the_platform_s_variables_and_none_of_the_shell_s(
    machine: Machine, source: FolderSource
) -> None:
    source.configured[SPACE] = SpaceSettings(
        SPACE,
        "gradio",
        "cpu-basic",
        "creator",
        {"GREETING": "hi"},
        {"API_PASSWORD": "s3cret-value"},
    )
    runtime = await machine.run(SPACE, http_app("x"))
    seen = (await machine.reply(SPACE))["environment"]
    assert {"HF_TOKEN", "SSH_AUTH_SOCK", "MY_SETTING", "PYTHONDONTWRITEBYTECODE"}.isdisjoint(seen)
    host = str(machine.supervisor.runtime(SPACE).host)
    expected = {
        "SPACE_ID": SPACE,
        "SPACE_AUTHOR_NAME": "someone",
        "SPACE_REPO_NAME": "app",
        "SPACE_TITLE": "Test",
        "SPACE_HOST": host.removeprefix("http://"),
        "SPACE_CREATOR_USER_ID": "creator",
        "SYSTEM": "spaces",
        "GRADIO_SERVER_NAME": EVERYWHERE,
        "GREETING": "hi",
        "API_PASSWORD": "s3cret-value",
        "HOME": str(machine.state_folder / "spaces" / SPACE / f"home-{str(runtime.revision)[:7]}"),
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert not [name for name in seen if name.startswith(("UV_", "PIP_"))]


async def test_a_secret_that_is_printed_does_not_reach_the_log(
    machine: Machine, source: FolderSource
) -> None:
    secret = "s3cret-" + "value"
    source.configured[SPACE] = SpaceSettings(
        SPACE, "gradio", "cpu-basic", "creator", {}, {"API_PASSWORD": secret}
    )
    runtime = await machine.run(SPACE, "import os\nraise ValueError(os.environ['API_PASSWORD'])\n")
    assert "ValueError: [secret API_PASSWORD]" in await machine.log(SPACE, "run")
    assert secret not in str(runtime)


async def test_an_app_that_fails_to_import_ends_in_runtime_error_with_its_log(
    machine: Machine,
) -> None:
    runtime = await machine.run(SPACE, "import nothing_of_this_name\n")
    assert runtime.stage == stages.RUNTIME_ERROR
    assert runtime.revision is None
    message = str(runtime.error_message)
    assert message.startswith("Exit code: 1. Reason: ")
    assert "ModuleNotFoundError: No module named 'nothing_of_this_name'" in message
    assert "nothing_of_this_name" in await machine.log(SPACE, "run")
    page = await machine.ask(SPACE)
    assert page.status_code == 503
    assert stages.RUNTIME_ERROR in page.text


async def test_an_app_that_ends_after_it_ran_is_a_runtime_error(machine: Machine) -> None:
    await machine.run(SPACE, http_app("x"))
    with pytest.raises(httpx.RemoteProtocolError):
        await machine.ask(SPACE, "/end")
    runtime = await machine.left(SPACE, stages.RUNNING)
    assert runtime.stage == stages.RUNTIME_ERROR
    assert str(runtime.error_message).startswith("Exit code: 7. Reason: ")


async def test_the_old_revision_serves_while_the_new_one_builds_and_starts(
    machine: Machine,
) -> None:
    before = (await machine.run(SPACE, http_app("old"))).revision
    machine.stages.clear()
    slow = "import time; time.sleep(4)\n" + http_app("new")
    after = await machine.push(SPACE, {"README.md": CARD, "app.py": slow})
    runtime = machine.supervisor.runtime(SPACE)
    assert runtime.revision == before
    # A build that finds everything in the cache may be over by now.
    assert runtime.stage in (stages.RUNNING_BUILDING, stages.RUNNING_APP_STARTING)
    await machine.left(SPACE, stages.RUNNING_BUILDING)
    assert machine.supervisor.runtime(SPACE).stage == stages.RUNNING_APP_STARTING
    assert (await machine.reply(SPACE))["reply"] == "old"
    runtime = await machine.settled(SPACE)
    assert (runtime.stage, runtime.revision) == (stages.RUNNING, after)
    assert (await machine.reply(SPACE))["reply"] == "new"


async def test_pushes_during_a_build_coalesce_into_the_newest(
    machine: Machine, source: FolderSource
) -> None:
    source.open.clear()
    for number in range(5):
        newest = await machine.push(
            SPACE, {"README.md": CARD, "app.py": http_app(f"number {number}")}
        )
    source.open.set()
    runtime = await machine.settled(SPACE)
    assert (runtime.stage, runtime.revision) == (stages.RUNNING, newest)
    assert (await machine.reply(SPACE))["reply"] == "number 4"
    folder = machine.state_folder / "spaces" / SPACE
    builds = [path.read_text() for path in sorted(folder.glob("build-*.log"))]
    assert len(builds) == 2
    assert newest[:7] in builds[-1]
    assert len(list(folder.glob("run-*.log"))) == 1


async def test_a_push_replaces_a_start_that_hangs(machine: Machine) -> None:
    await machine.push(SPACE, {"README.md": CARD, "app.py": "import time; time.sleep(600)\n"})
    await machine.left(SPACE, stages.BUILDING)
    assert machine.supervisor.runtime(SPACE).stage == stages.APP_STARTING
    runtime = await machine.run(SPACE, http_app("quick"))
    assert runtime.stage == stages.RUNNING
    assert len(machine.processes()) == PROCESSES_OF_AN_APP  # nothing of the first start


async def test_a_failed_update_stops_the_old_revision(machine: Machine) -> None:
    await machine.run(SPACE, http_app("old"))
    runtime = await machine.run(SPACE, "raise SystemExit(3)\n")
    assert (runtime.stage, runtime.revision) == (stages.RUNTIME_ERROR, None)
    assert (await machine.ask(SPACE)).status_code == 503


async def test_an_app_that_is_never_healthy_times_out(machine: Machine) -> None:
    card = CARD.replace("title: Test", "title: Test\nstartup_duration_timeout: 1s")
    await machine.push(SPACE, {"README.md": card, "app.py": http_app("x", port=8000)})
    runtime = await machine.settled(SPACE)
    assert runtime.stage == stages.RUNTIME_ERROR
    assert "Launch timed out, workload was not healthy after 1 s" in str(runtime.error_message)
    assert "listens on port 8000; the platform forwards only 7860" in await machine.log(
        SPACE, "run"
    )


async def test_an_app_on_its_own_loopback_address_is_out_of_reach(machine: Machine) -> None:
    card = CARD.replace("title: Test", "title: Test\nstartup_duration_timeout: 1s")
    app = http_app("x", host="127.0.0.1")
    await machine.push(SPACE, {"README.md": card, "app.py": app})
    assert (await machine.settled(SPACE)).stage == stages.RUNTIME_ERROR
    assert "it must listen on 0.0.0.0" in await machine.log(SPACE, "run")


async def test_changed_settings_restart_the_app_with_the_same_build(
    machine: Machine, source: FolderSource
) -> None:
    await machine.run(SPACE, http_app("x"))
    before = await machine.reply(SPACE)
    source.configured[SPACE] = SpaceSettings(SPACE, "gradio", "cpu-basic", "creator", {"NEW": "1"})
    await machine.supervisor.settings_changed(SPACE)
    assert machine.supervisor.runtime(SPACE).stage == stages.APP_STARTING
    await machine.settled(SPACE)
    after = await machine.reply(SPACE)
    assert after["environment"]["NEW"] == "1"
    assert after["started"] != before["started"]
    assert len(list((machine.state_folder / "spaces" / SPACE).glob("build-*.log"))) == 1


async def test_a_restart_wipes_the_files_that_the_app_wrote(machine: Machine) -> None:
    writes = (
        "import pathlib\nopen('written', 'x').close()\n"
        "(pathlib.Path.home() / 'y').touch(exist_ok=False)\n"
    )
    await machine.run(SPACE, writes + http_app("x"))
    await machine.supervisor.restart(SPACE)
    assert (await machine.settled(SPACE)).stage == stages.RUNNING


async def test_a_paused_space_stays_paused_until_it_is_restarted(machine: Machine) -> None:
    await machine.run(SPACE, http_app("first"))
    await machine.supervisor.pause(SPACE)
    assert machine.supervisor.runtime(SPACE).stage == stages.PAUSED
    assert machine.processes() == []
    await machine.push(SPACE, {"README.md": CARD, "app.py": http_app("second")})
    assert machine.supervisor.runtime(SPACE).stage == stages.PAUSED
    await machine.supervisor.restart(SPACE)
    assert (await machine.settled(SPACE)).stage == stages.RUNNING
    assert (await machine.reply(SPACE))["reply"] == "second"


async def test_a_space_sleeps_after_the_hub_restarts_and_its_visitor_wakes_it(
    machine: Machine, source: FolderSource, cache_folder: Path
) -> None:
    before = await machine.run(SPACE, http_app("awake"))
    await machine.stop()
    later = Machine(source, machine.state_folder, cache_folder)
    await later.start()
    try:
        asleep = later.supervisor.runtime(SPACE)
        assert (asleep.stage, asleep.revision) == (stages.SLEEPING, None)
        assert asleep.host == before.host
        replies = await asyncio.gather(later.reply(SPACE), later.reply(SPACE))
        assert [reply["reply"] for reply in replies] == ["awake", "awake"]
        assert later.supervisor.runtime(SPACE).stage == stages.RUNNING
        assert "Build Queued" in await later.log(SPACE, "build")
    finally:
        await later.stop()


async def test_a_forgotten_space_leaves_nothing(machine: Machine) -> None:
    await machine.run(SPACE, http_app("x"))
    await machine.supervisor.forget(SPACE)
    assert machine.processes() == []
    assert not (machine.state_folder / "spaces" / SPACE).exists()
    assert machine.supervisor.runtime(SPACE).stage == stages.NO_APP_FILE


async def test_two_hubs_cannot_share_a_state_folder(machine: Machine) -> None:
    other = Machine(machine.source, machine.state_folder, machine.state_folder)
    with pytest.raises(StateFolderInUseError, match="another Hub"):
        await other.start()


async def test_hardware_that_is_not_here_is_named(machine: Machine, source: FolderSource) -> None:
    source.configured[SPACE] = SpaceSettings(SPACE, "gradio", "t4-small", "creator")
    runtime = await machine.run(SPACE, http_app("x"))
    assert runtime.hardware_current == "t4-small"
    assert runtime.facts["differences"] == [
        "hardware t4-small: the app runs on the processor of this machine"
    ]
