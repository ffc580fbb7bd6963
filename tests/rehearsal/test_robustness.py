"""Damaged files, a full disk, a crowd, and SIGKILL at any moment."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub, StartHub, cache_folder
from tools.rehearsal.machine.confinement.probe import confinement
from tools.rehearsal.machine.processes import Marker

CLIENTS = 50
OWNER = "rehearsal-pro"
CARD = '---\ntitle: T\nsdk: gradio\nsdk_version: "6.31.0"\npython_version: "3.11"\n---\n'
APP = """
import http.server, os
port = 7860
if os.fork() == 0:
    os.setsid()
    port = 7861
print("serving", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", port), http.server.SimpleHTTPRequestHandler).serve_forever()
"""  # noqa: E501 - both processes of this app serve, so that it has one that hides


def static_space(hub: Hub, name: str) -> HfApi:
    api = hub.api(OWNER)
    api.create_repo(f"{OWNER}/{name}", repo_type="space", space_sdk="static")
    return api


def upload(api: HfApi, name: str, content: bytes, path: str = "index.html") -> str:
    commit = api.create_commit(
        f"{OWNER}/{name}",
        [CommitOperationAdd(path, content)],
        commit_message="more",
        repo_type="space",
    )
    return str(commit.oid)


def refused_start(hub: Hub) -> str:
    """Start a Hub that must refuse; return what it says, which is no traceback."""
    ran = subprocess.run(
        hub.command("--port", "0"), capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.returncode == 2, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garbage(file: Path) -> None:
    file.write_bytes(b"\x00\xffgarbage" * 20)


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("name", ["hub.sqlite", "tokens.json"])
@pytest.mark.parametrize("harm", [truncate, garbage, empty])
def test_a_damaged_file_is_named_and_left_as_it_is(
    start_hub: StartHub, tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    hub = start_hub(tmp_path / "state")
    static_space(hub, "a")
    hub.stop()
    file = hub.state / name
    saved = file.read_bytes()
    harm(file)
    harmed = file.read_bytes()
    said = refused_start(hub)
    assert str(file) in said
    assert "delete" in said
    assert file.read_bytes() == harmed
    file.write_bytes(saved)
    hub.start()
    assert hub.api(OWNER).space_info(f"{OWNER}/a").sha


def test_a_database_of_a_later_version_is_refused(start_hub: StartHub, tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "state")
    hub.stop()
    with contextlib.closing(sqlite3.connect(hub.state / "hub.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "version 99" in refused_start(hub)


def test_an_announcement_that_is_garbage_is_written_anew(
    start_hub: StartHub, tmp_path: Path
) -> None:
    hub = start_hub(tmp_path / "state")
    hub.stop(kill=True)
    (hub.state / "hub.json").write_text('{"pid": 1}')
    hub.start()
    assert json.loads((hub.state / "hub.json").read_text())["pid"] == hub.pid


def git_folder(hub: Hub, name: str) -> Path:
    return hub.state / "repos" / "spaces" / OWNER / f"{name}.git"


def newest_object(folder: Path) -> Path:
    objects = [path for path in folder.glob("objects/??/*") if len(path.name) == 38]
    return max(objects, key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("harm", [garbage, empty, Path.unlink])
@pytest.mark.parametrize("victim", ["refs/heads/main", "object"])
def test_a_damaged_repository_is_refused_alone_and_its_file_named(
    start_hub: StartHub, tmp_path: Path, victim: str, harm: Callable[[Path], None]
) -> None:
    if victim != "object" and harm is Path.unlink:
        pytest.skip("a branch without a file is no branch: nothing tells it from a new repository")
    hub = start_hub(tmp_path / "state")
    static_space(hub, "good")
    upload(static_space(hub, "bad"), "bad", b"<h1>hi</h1>")
    hub.stop()
    folder = git_folder(hub, "bad")
    file = newest_object(folder) if victim == "object" else folder / victim
    file.chmod(0o600)
    harm(file)
    hub.start()  # and not a crash
    api = hub.api(OWNER)
    assert api.space_info(f"{OWNER}/good").sha
    with pytest.raises(HfHubHTTPError) as refused:
        list(api.list_repo_commits(f"{OWNER}/bad", repo_type="space"))
    assert refused.value.response.status_code == 422
    assert str(folder) in str(refused.value)
    if victim != "object":
        runtime = api.get_space_runtime(f"{OWNER}/bad")
        assert runtime.stage == "CONFIG_ERROR"
        assert str(file) in runtime.raw["errorMessage"]
    api.delete_repo(f"{OWNER}/bad", repo_type="space")
    upload(static_space(hub, "bad"), "bad", b"<h1>again</h1>")


def test_unreadable_notes_are_told_and_hold_nobody_else_up(
    start_hub: StartHub, tmp_path: Path
) -> None:
    hub = start_hub(tmp_path / "state")
    for name in ("good", "bad"):
        static_space(hub, name)
    hub.stop()
    with contextlib.closing(sqlite3.connect(hub.state / "hub.sqlite")) as connection:
        connection.execute("UPDATE repositories SET notes = '{\"stage' WHERE name = 'bad'")
        connection.commit()
    hub.start()
    api = hub.api(OWNER)
    runtime = api.get_space_runtime(f"{OWNER}/bad")
    assert "hub.sqlite has unreadable notes" in runtime.raw["errorMessage"]
    assert api.get_space_runtime(f"{OWNER}/good").stage != "CONFIG_ERROR"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB; only root can mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine mounts no tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_full_disk_refuses_a_commit_and_half_of_it_is_not_there(
    start_hub: StartHub, small_disk: Path
) -> None:
    hub = start_hub(small_disk / "state")
    api = static_space(hub, "a")
    before = upload(api, "a", b"<h1>1</h1>")
    with pytest.raises(HfHubHTTPError) as refused:
        upload(api, "a", os.urandom(12_000_000), "big.bin")
    assert refused.value.response.status_code == 507
    assert "disk of the rehearsal Hub is full" in str(refused.value)
    assert api.space_info(f"{OWNER}/a").sha == before
    assert "big.bin" not in api.list_repo_files(f"{OWNER}/a", repo_type="space")
    after = upload(api, "a", b"<h1>2</h1>")
    hub.restart(kill=True)
    history = hub.api(OWNER).list_repo_commits(f"{OWNER}/a", repo_type="space")
    assert [commit.commit_id for commit in history][:2] == [after, before]


def test_a_crowd_is_served_without_an_error(hub: Hub) -> None:
    api = hub.api(OWNER)
    names = [f"crowd-{number}-{random.getrandbits(32):x}" for number in range(CLIENTS)]
    together = threading.Barrier(CLIENTS)

    def work(name: str) -> str:
        own = HfApi(hub.endpoint, token=api.token)
        together.wait(30)
        static_space(hub, name)
        sha = upload(own, name, f"<h1>{name}</h1>".encode())
        assert own.space_info(f"{OWNER}/{name}").sha == sha
        for _ in range(20):
            assert raw_runtime(hub, name)["stage"]
        return sha

    with ThreadPoolExecutor(CLIENTS) as crowd:
        assert len(set(crowd.map(work, names))) == CLIENTS
        list(crowd.map(lambda name: api.delete_repo(f"{OWNER}/{name}", repo_type="space"), names))


def raw_runtime(hub: Hub, name: str) -> dict[str, str]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{hub.endpoint}/api/spaces/{OWNER}/{name}/runtime",
        headers={"Authorization": f"Bearer {hub.token(OWNER)}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - see above
        assert answer.status == 200
        return dict(json.loads(answer.read()))


def test_the_status_says_how_spaces_are_confined(hub: Hub) -> None:
    address = f"{hub.endpoint}/api/rehearsal/identity"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
        assert json.loads(answer.read())["confinement"] == confinement().sentence


@pytest.mark.parametrize("kills", [4, pytest.param(25, marks=pytest.mark.slow)])
@pytest.mark.timeout(400)
def test_sigkill_at_any_moment_loses_nothing_and_leaves_nobody(
    start_hub: StartHub, tmp_path: Path, kills: int
) -> None:
    hub = start_hub(tmp_path / "state")
    chance = random.Random(4)  # noqa: S311 - moments to kill at, the same in every run
    api = hub.api(OWNER)
    api.create_repo(f"{OWNER}/app", repo_type="space", space_sdk="gradio")
    acknowledged: list[str] = []
    marker = Marker.of(hub.state)
    for number in range(kills):
        enough = threading.Event()
        pusher = threading.Thread(target=_push_until, args=(hub, number, acknowledged, enough))
        pusher.start()
        # Anything between the first bytes of a commit and an app that serves.
        time.sleep(chance.uniform(0.05, 4.0))
        hub.stop(kill=True)
        enough.set()
        pusher.join(30)
        assert not pusher.is_alive()
        _wait_until(lambda: not marker.processes(), 20)
        hub.start()
    assert acknowledged
    _check_after(hub, acknowledged)
    hub.stop()
    assert marker.processes() == []
    cache = cache_folder() / "environments"
    finished = {path.parent for path in cache.glob("*/*/complete.json")}
    assert finished, "nothing was ever built"


def _push_until(hub: Hub, number: int, acknowledged: list[str], enough: threading.Event) -> None:
    while not enough.is_set():
        app = f"{APP}# {number} {len(acknowledged)}\n"
        with contextlib.suppress(OSError, http.client.HTTPException):
            acknowledged.append(_commit(hub, {"README.md": CARD, "app.py": app}))
        enough.wait(0.7)


def _commit(hub: Hub, files: dict[str, str]) -> str:
    lines: list[object] = [{"key": "header", "value": {"summary": "x"}}]
    for path, content in files.items():
        value = {"path": path, "content": content, "encoding": "utf-8"}
        lines.append({"key": "file", "value": value})
    connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=30)
    try:
        connection.request(
            "POST",
            f"/api/spaces/{OWNER}/app/commit/main",
            body="\n".join(map(json.dumps, lines)),
            headers={"Authorization": f"Bearer {hub.token(OWNER)}"},
        )
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return str(json.loads(text)["commitOid"])
    finally:
        connection.close()


def _check_after(hub: Hub, acknowledged: list[str]) -> None:
    api = hub.api(OWNER)
    space = f"{OWNER}/app"
    history = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    assert set(acknowledged) <= set(history)
    newest = _commit(hub, {"app.py": APP + "# the last\n"})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        runtime = api.get_space_runtime(space)
        if runtime.stage == "RUNNING" and runtime.raw["sha"] == newest:
            return
        assert runtime.stage not in {"BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR"}, runtime.raw
        time.sleep(0.1)
    raise AssertionError(runtime.raw)


def _wait_until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
