"""What a Hub promised must be there after SIGKILL, and nobody may share its state."""

from __future__ import annotations

import contextlib
import http.client
import json
import sqlite3
import subprocess
import threading
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub, StartHub
from tools.rehearsal.server import DEFAULT_PORT, PortInUseError, bind


def test_sigkill_loses_no_acknowledged_commit(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    space = "rehearsal-pro/kept"
    hub.api("rehearsal-pro").create_repo(space, repo_type="space", space_sdk="docker")
    acknowledged: list[str] = []
    enough = threading.Event()

    def commit_all_the_time() -> None:
        while not enough.is_set():
            # A broken connection is a commit that nobody promised.
            with contextlib.suppress(OSError, http.client.HTTPException):
                acknowledged.append(_commit(hub, space, len(acknowledged)))

    worker = threading.Thread(target=commit_all_the_time)
    worker.start()
    for _ in range(4):
        wanted = len(acknowledged) + 10
        while len(acknowledged) < wanted:
            enough.wait(0.003)
        hub.restart(kill=True)
    enough.set()
    worker.join()
    assert set(acknowledged) <= set(_history(hub, space))
    assert _commit(hub, space, -1) == _history(hub, space)[0]


def _commit(hub: Hub, space: str, number: int) -> str:
    # Often 60 files, so that both ways of storing objects (loose, packed) are interrupted.
    count = 60 if number % 2 else 1
    lines: list[dict[str, object]] = [{"key": "header", "value": {"summary": str(number)}}]
    for i in range(count):
        value = {"path": f"{number % 7}/{i}", "content": str(number), "encoding": "utf-8"}
        lines.append({"key": "file", "value": value})
    connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=30)
    try:
        connection.request(
            "POST",
            f"/api/spaces/{space}/commit/main",
            body="\n".join(map(json.dumps, lines)),
            headers={"Authorization": f"Bearer {hub.token('rehearsal-pro')}"},
        )
        answer = connection.getresponse()
        assert answer.status == 200
        commit: str = json.loads(answer.read())["commitOid"]
        return commit
    finally:
        connection.close()


def _history(hub: Hub, space: str) -> list[str]:
    commits = hub.api("rehearsal-pro").list_repo_commits(space, repo_type="space")
    return [commit.commit_id for commit in commits]


def test_settings_survive_sigkill(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    api = hub.api("rehearsal-pro")
    api.create_repo("rehearsal-pro/a", repo_type="space", space_sdk="gradio")
    api.add_space_variable("rehearsal-pro/a", "A", "1")
    api.add_space_secret("rehearsal-pro/a", "B", "2")
    api.create_discussion("rehearsal-pro/a", "Please", repo_type="space")
    hub.restart(kill=True)
    api = hub.api("rehearsal-pro")
    assert api.get_space_variables("rehearsal-pro/a")["A"].value == "1"
    assert list(api.get_space_secrets("rehearsal-pro/a")) == ["B"]
    assert len(list(api.get_repo_discussions("rehearsal-pro/a", repo_type="space"))) == 1


def test_a_lock_left_by_a_killed_hub_does_not_stop_the_next(
    start_hub: StartHub, tmp_path: Path
) -> None:
    hub = start_hub(tmp_path / "state")
    hub.api("rehearsal-pro").create_repo("rehearsal-pro/a", repo_type="space", space_sdk="static")
    hub.stop(kill=True)
    lock = hub.state / "repos/spaces/rehearsal-pro/a.git/refs/heads/main.lock"
    lock.write_bytes(b"")
    hub.start()
    api = hub.api("rehearsal-pro")
    api.upload_file(
        path_or_fileobj=b"x", path_in_repo="x", repo_id="rehearsal-pro/a", repo_type="space"
    )
    assert not lock.exists()


def test_an_interrupted_move_is_finished(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    api = hub.api("rehearsal-pro")
    api.create_repo("rehearsal-pro/old", repo_type="space", space_sdk="static")
    api.move_repo("rehearsal-pro/old", "rehearsal-pro/new", repo_type="space")
    hub.stop()
    # As if the process had died between the record and the folder.
    _pretend_unfinished_move(hub.state)
    hub.start()
    assert hub.api("rehearsal-pro").space_info("rehearsal-pro/new").sha
    assert not (hub.state / "repos/spaces/rehearsal-pro/old.git").exists()


def _pretend_unfinished_move(state: Path) -> None:
    folder = state / "repos/spaces/rehearsal-pro"
    (folder / "new.git").rename(folder / "old.git")
    connection = sqlite3.connect(state / "hub.sqlite")
    connection.execute("INSERT INTO moves SELECT id, namespace, 'old' FROM repositories")
    connection.commit()
    connection.close()


def test_a_folder_left_by_an_interrupted_creation_is_replaced(
    start_hub: StartHub, tmp_path: Path
) -> None:
    hub = start_hub(tmp_path / "state")
    rubble = hub.state / "repos/spaces/rehearsal-pro/a.git"
    rubble.mkdir(parents=True)
    (rubble / "HEAD").write_text("half")
    api = hub.api("rehearsal-pro")
    api.create_repo("rehearsal-pro/a", repo_type="space", space_sdk="static")
    assert api.space_info("rehearsal-pro/a").sha


def test_a_second_hub_on_the_same_state_is_refused(hub: Hub) -> None:
    second = subprocess.run(
        hub.command("--port", "0"), capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 2
    assert f"process {hub.pid}" in second.stderr
    assert hub.api("rehearsal-pro").whoami()["name"] == "rehearsal-pro"


def test_a_demanded_port_that_is_taken_is_refused(hub: Hub, tmp_path: Path) -> None:
    port = hub.endpoint.rpartition(":")[2]
    other = Hub(tmp_path / "state", hub.cache)
    second = subprocess.run(
        other.command("--port", port), capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 2
    assert f"port {port} is in use" in second.stderr


def test_without_a_demand_another_port_is_taken() -> None:
    with bind(None) as first, bind(None) as second:
        assert first.getsockname()[0] == "127.0.0.1"
        assert second.getsockname()[1] not in {DEFAULT_PORT, first.getsockname()[1]}
        with pytest.raises(PortInUseError):
            bind(second.getsockname()[1])


def test_a_clean_stop_takes_the_announcement_back(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    announced = json.loads((hub.state / "hub.json").read_text())
    assert announced["port"] == int(hub.endpoint.rpartition(":")[2])
    address = f"{hub.endpoint}/api/rehearsal/identity"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
        identity = json.loads(answer.read())
    assert identity["kind"] == "huggingface-spaces rehearsal Hub"
    assert (identity["nonce"], identity["pid"]) == (announced["nonce"], announced["pid"])
    assert hub.stop() == 0
    assert not (hub.state / "hub.json").exists()


def test_a_hub_with_an_open_log_stops_soon(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    api = hub.api("rehearsal-pro")
    space = "rehearsal-pro/open-log"
    api.create_repo(space, repo_type="space", space_sdk="static")
    api.upload_file(
        path_or_fileobj=b"<h1>hi</h1>",
        path_in_repo="index.html",
        repo_id=space,
        repo_type="space",
    )
    api.wait_for_space(space, timeout=30)
    reading = threading.Thread(target=_read_log, args=(api, space))
    reading.start()
    assert hub.stop() == 0
    reading.join(timeout=60)
    assert not reading.is_alive()


def _read_log(api: HfApi, space: str) -> None:
    try:
        list(api.fetch_space_logs(space, follow=False))
    except (OSError, HfHubHTTPError):
        return


def test_seed_only_makes_the_tokens_and_ends(hub: Hub, tmp_path: Path) -> None:
    seeded = Hub(tmp_path / "state", hub.cache)
    ran = subprocess.run(
        seeded.command("--seed-only"), capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.returncode == 0
    assert len({seeded.token("rehearsal-pro"), seeded.token("rehearsal-free")}) == 2
