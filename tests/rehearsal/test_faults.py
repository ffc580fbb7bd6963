"""Faults by name: each shows as it does on the platform, and our own tools stay truthful."""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._http import parse_ratelimit_headers
from hypothesis import given
from hypothesis import strategies as st

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tools.cli.rehearsal import rehearsal
from tools.problems import Problem
from tools.rehearsal.faults import CATALOGUE, FaultOrder, Faults
from tools.rehearsal.faults.answers import BROKEN, LONGEST_BURST, bursts
from tools.settings import STATE_VARIABLE, Settings

from .conftest import SendRaw

PATH = "/api/rehearsal/faults"
AddFault = Callable[..., dict[str, Any]]


@pytest.fixture
def add(send: SendRaw) -> Iterator[AddFault]:
    """Add a fault as `rehearsal-pro`; all are cleared at the end, or every other test suffers."""

    def add(name: str, **limits: Any) -> dict[str, Any]:
        body = json.dumps({"name": name, **limits})
        answer = send("POST", PATH, account="rehearsal-pro", body=body)
        assert answer.status == 201, answer.text
        added: dict[str, Any] = answer.json()
        return added

    yield add
    assert send("DELETE", PATH, account="rehearsal-pro").status == 200


@pytest.fixture
def clear(send: SendRaw) -> Callable[[], int]:
    def clear() -> int:
        cleared: int = send("DELETE", PATH, account="rehearsal-pro").json()["cleared"]
        return cleared

    return clear


@pytest.fixture
def caller(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Our tools on the test's Hub."""
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    return Caller(
        Settings(hub="rehearsal", hub_confirmed=True, account="rehearsal-pro", roots=(Path("/"),))
    )


@pytest.fixture(scope="module")
def running(hub: Hub) -> Iterator[str]:
    """A Space that runs."""
    api, space = hub.api("rehearsal-pro"), f"rehearsal-pro/f-{uuid.uuid4().hex[:10]}"
    api.create_repo(space, repo_type="space", space_sdk="gradio", private=True)
    push(api, space, "README.md", readme(python_version='"3.11"'))
    push(api, space, "app.py", plain_app("first"))
    assert settled(api, space).stage == "RUNNING"
    yield space
    api.delete_repo(space, repo_type="space")


def seeded(seed: int) -> Random:
    """The choices of a fault with this seed."""
    return Random(seed)  # noqa: S311 - repeatable, not secret


def push(api: HfApi, space: str, path: str, content: str) -> str:
    commit = api.upload_file(
        path_or_fileobj=content.encode(), path_in_repo=path, repo_id=space, repo_type="space"
    )
    return str(commit.oid)


def settled(api: HfApi, space: str) -> Any:
    return api.wait_for_space(space, timeout=100)


def sha(api: HfApi, space: str) -> str | None:
    found = api.get_space_runtime(space).raw.get("sha")
    return str(found) if found else None


# The registry


@given(st.integers(min_value=1, max_value=20), st.integers(min_value=0, max_value=30))
def test_a_fault_happens_as_often_as_it_was_asked_to(count: int, tried: int) -> None:
    faults = Faults()
    faults.add(FaultOrder("rate-limit", count=count))
    happened = sum(faults.take("rate-limit") is not None for _ in range(tried))
    assert happened == min(count, tried)


@given(st.integers())
def test_bursts_are_the_same_for_the_same_seed(seed: int) -> None:
    first, again = (list(islice(bursts(seeded(seed)), 60)) for _ in range(2))
    assert first == again
    assert {status for status in first if status} <= set(BROKEN)
    assert None in first
    words = "".join("x" if status else " " for status in first).split()
    assert max(map(len, words)) <= LONGEST_BURST


def test_a_fault_ends_by_time_and_is_for_its_space_only() -> None:
    faults = Faults()
    faults.add(FaultOrder("quota-spent", space="a/b", seconds=0.05))
    assert faults.is_active("quota-spent", "a/b")
    assert not faults.is_active("quota-spent")
    assert not faults.is_active("quota-spent", "a/c")
    time.sleep(0.06)
    assert not faults.is_active("quota-spent", "a/b")
    assert faults.all() == []
    with pytest.raises(KeyError):
        faults.is_active("no-such-fault")


# Adding and clearing


def test_faults_are_added_listed_and_cleared(
    add: AddFault, send: SendRaw, space: str, clear: Callable[[], int]
) -> None:
    added = add("log-cut", space=space, count=3, seconds=60, seed=4)
    assert (added["name"], added["space"], added["count"], added["seed"]) == (
        "log-cut",
        space,
        3,
        4,
    )
    told = send("GET", PATH, account="rehearsal-free").json()
    assert [fault["id"] for fault in told["faults"]] == [added["id"]]
    assert set(told["names"]) == set(CATALOGUE)
    assert clear() == 1
    assert send("GET", PATH, account="rehearsal-free").json()["faults"] == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": "rain"}, "name must be one of [build-stuck"),
        ({}, "name is required"),
        ({"name": "log-cut", "count": 0}, "count must be at least 1"),
        ({"name": "log-cut", "seconds": -1}, "seconds must be more than 0"),
        ({"name": "log-cut", "seed": "x"}, "seed must be a whole number"),
        ({"name": "paused-flagged"}, "space is required"),
    ],
)
def test_bad_orders_name_the_field(send: SendRaw, body: dict[str, Any], named: str) -> None:
    answer = send("POST", PATH, account="rehearsal-pro", body=json.dumps(body))
    assert answer.status == 400
    assert named in answer.json()["error"]
    assert send("GET", PATH, account="rehearsal-pro").json()["faults"] == []


def test_only_owners_add_faults(send: SendRaw, space: str) -> None:
    body = json.dumps({"name": "log-cut", "space": space})
    assert send("POST", PATH, body=body).status == 401
    assert send("POST", PATH, account="rehearsal-reader", body=body).status == 403
    assert send("POST", PATH, account="rehearsal-free", body=body).status in (403, 404)


def test_by_command_line(caller: Caller, space: str) -> None:
    def run(*words: str) -> str:
        ran = CliRunner().invoke(rehearsal, ["fault", *words])
        if ran.exception is not None:
            raise ran.exception
        return ran.output

    assert f"rate-limit on {space} (0 of 2 times)" in run(
        "add", "rate-limit", "--space", space, "--count", "2"
    )
    assert f"active: rate-limit on {space}" in run("list")
    assert json.loads(run("list", "--json"))["faults"][0]["space"] == space
    assert run("clear") == "Cleared: 1.\n"
    assert run("list").startswith("No fault is active.")
    with pytest.raises(Problem, match="name must be one of"):
        run("add", "rain")


# Answers


def test_rate_limit(add: AddFault, api: HfApi, space: str, caller: Caller) -> None:
    add("rate-limit", space=space, count=1)
    with pytest.raises(HfHubHTTPError) as refused:
        api.get_space_runtime(space)
    answer = refused.value.response
    assert answer is not None
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    limits = parse_ratelimit_headers(answer.headers)
    assert limits is not None
    assert (limits.remaining, limits.reset_in_seconds, limits.limit) == (0, 2, 500)
    assert api.get_space_runtime(space).stage

    add("rate-limit", space=space, count=1)
    began = time.monotonic()
    caller.result("space_status", "status", space=space)
    assert time.monotonic() - began >= 2, "the tool waits as long as it was asked to"


def test_server_errors_come_in_bursts_and_spare_other_spaces(
    add: AddFault, send: SendRaw, space: str, caller: Caller
) -> None:
    add("server-errors", space=space, seed=7)
    path = f"/api/spaces/{space}/runtime"
    seen = [send("GET", path, account="rehearsal-pro").status for _ in range(20)]
    assert seen == [status or 200 for status in islice(bursts(seeded(7)), 20)]
    assert send("GET", "/api/whoami-v2", account="rehearsal-pro").status == 200
    assert caller.result("space_status", "status", space=space)["stage"]


def test_clock_skew(add: AddFault, send: SendRaw, clear: Callable[[], int]) -> None:
    def seconds_off() -> float:
        date = send("GET", "/api/whoami-v2", account="rehearsal-pro").headers["date"]
        return abs((parsedate_to_datetime(date) - datetime.now(timezone.utc)).total_seconds())

    assert seconds_off() < 3
    add("clock-skew", seed=1)
    assert seconds_off() > 50
    clear()
    assert seconds_off() < 3


def test_slow_network(add: AddFault, api: HfApi, space: str) -> None:
    content = b"0123456789abcdef" * 10_000
    push(api, space, "large.txt", content.decode())
    add("slow-network", space=space)
    began = time.monotonic()
    path = f"{api.endpoint}/spaces/{space}/resolve/main/large.txt"
    token = {"Authorization": f"Bearer {api.token}"}
    assert httpx2.get(path, headers=token, timeout=20).content == content
    assert time.monotonic() - began > 0.5 + 0.05 * (len(content) // (16 * 1024) - 1)


def test_quota_spent_is_a_flag_for_zero_gpu(
    add: AddFault, send: SendRaw, clear: Callable[[], int]
) -> None:
    add("quota-spent")
    assert send("GET", PATH, account="rehearsal-pro").json()["faults"][0]["name"] == "quota-spent"
    assert clear() == 1


@pytest.mark.parametrize("seed", [0, 1])
def test_an_upload_after_a_reset_neither_duplicates_nor_loses(
    add: AddFault, api: HfApi, space: str, caller: Caller, tmp_path: Path, seed: int
) -> None:
    """One of the two seeds resets before the commit is stored, the other after."""
    was_stored = seeded(seed).random() >= 0.5
    push(api, space, "README.md", readme("static"))
    before = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    add("reset-in-commit", space=space, count=1, seed=seed)
    with pytest.raises(httpx2.TransportError):
        push(api, space, "raw.txt", "raw")
    after = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    assert len(after) - len(before) == was_stored

    add("reset-in-commit", space=space, count=1, seed=seed)
    folder = write_files(
        tmp_path / "site", {"README.md": readme("static"), "index.html": f"<h1>{seed}</h1>"}
    )
    answer = caller.answer("space_upload", folder=str(folder), space=space)
    if answer.is_error:
        answer = caller.answer("space_upload", folder=str(folder), space=space)
    assert answer.envelope["outcome"] in ("uploaded", "unchanged"), answer.text
    history = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    assert len(history) == len(after) + 1
    assert set(api.list_repo_files(space, repo_type="space")) >= {"README.md", "index.html"}


# Logs


def log_lines(api: HfApi, space: str) -> list[str]:
    return list(api.fetch_space_logs(space, build=True))


def test_a_cut_log_is_told_to_be_cut(
    add: AddFault, api: HfApi, running: str, caller: Caller
) -> None:
    whole = caller.answer("space_logs", space=running, kind="build").envelope["result"]
    assert not whole["cut_because"]
    add("log-cut", space=running, seed=2)
    cut = caller.answer("space_logs", space=running, kind="build").envelope["result"]
    assert cut["cut_because"], cut
    assert cut["total_lines"] < whole["total_lines"]


def test_a_silent_log_ends_the_call_and_not_the_agent(
    add: AddFault, running: str, caller: Caller, clear: Callable[[], int]
) -> None:
    add("log-silent", space=running)
    began = time.monotonic()
    silent = caller.answer("space_logs", space=running, kind="build")
    assert time.monotonic() - began < 20
    assert silent.envelope["result"].get("total_lines", 0) == 0
    clear()
    assert caller.answer("space_logs", space=running, kind="build").envelope["result"][
        "total_lines"
    ]


# Spaces


def test_a_stale_runtime_is_never_ready(
    add: AddFault, api: HfApi, running: str, caller: Caller, clear: Callable[[], int]
) -> None:
    before = sha(api, running)
    add("stale-sha", space=running, count=1)
    after = push(api, running, "app.py", plain_app("second"))
    runtime = api.get_space_runtime(running)
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", before)
    assert settled(api, running).stage == "RUNNING", "the client's own wait is fooled"
    hurried = Caller(dataclasses.replace(caller.settings, seconds=6.0))
    fooled = hurried.answer("space_wait", space=running, revision=after).envelope
    assert fooled["outcome"] in ("stale", "still_running"), fooled
    clear()
    assert caller.wait(running, after)["outcome"] == "ready"
    assert sha(api, running) == after


def test_a_stuck_build_goes_on_when_it_is_cleared(
    add: AddFault, api: HfApi, running: str, caller: Caller, clear: Callable[[], int]
) -> None:
    add("build-stuck", space=running)
    after = push(api, running, "app.py", plain_app("third"))
    time.sleep(1.5)
    assert api.get_space_runtime(running).stage == "RUNNING_BUILDING"
    log = caller.result("space_logs", "log", space=running, kind="build")
    assert log["revision"] == after[:7]
    hurried = Caller(dataclasses.replace(caller.settings, seconds=4.0))
    hurried.result("space_wait", "still_running", space=running, revision=after)
    assert api.pause_space(running).stage == "PAUSED", "a stuck build can be stopped"
    clear()
    api.restart_space(running)
    assert caller.wait(running, after)["outcome"] == "ready"


def test_preparing_for_ever(
    add: AddFault, api: HfApi, running: str, caller: Caller, clear: Callable[[], int]
) -> None:
    add("preparing-forever", space=running)
    api.restart_space(running)
    deadline = time.monotonic() + 20
    while "starting" not in caller.answer("space_logs", space=running, kind="run").text:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(1.5)
    assert api.get_space_runtime(running).stage == "APP_STARTING"
    clear()
    assert settled(api, running).stage == "RUNNING"


def test_paused_and_flagged(
    add: AddFault, api: HfApi, running: str, caller: Caller, clear: Callable[[], int]
) -> None:
    add("paused-flagged", space=running)
    runtime = api.get_space_runtime(running)
    assert (runtime.stage, runtime.raw["errorMessage"]) == ("PAUSED", "Flagged as abusive")
    with pytest.raises(HfHubHTTPError, match="Something went wrong when restarting this Space"):
        api.restart_space(running)
    revision = push(api, running, "app.py", plain_app("fourth"))
    assert api.get_space_runtime(running).stage == "PAUSED"
    assert caller.wait(running, revision)["outcome"] == "halted"
    clear()
    api.restart_space(running)
    assert settled(api, running).stage == "RUNNING"
