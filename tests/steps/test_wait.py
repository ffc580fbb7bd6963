"""`space_wait` and `space_status`: the pushed revision, or why not. Plain apps: they start fast."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub

CRASH = "import os\nprint('about to read', flush=True)\nos.environ['NOT_THERE']\n"


@pytest.fixture
def pushed(caller: Caller, space: str, tmp_path: Path) -> Callable[..., str]:
    """Push files to the test's Space (made at the first push); gives the revision."""
    made: list[str] = []

    def push(sdk: str = "gradio", **files: str) -> str:
        if not made:
            caller.result("space_create", "created", space=space, sdk=sdk)
            made.append(space)
        named = {name.replace("_", "."): content for name, content in files.items()}
        write_files(tmp_path / "app", {"README.md": readme(sdk), **named})
        result = caller.result(
            "space_upload", "uploaded", folder=str(tmp_path / "app"), space=space
        )
        return str(result["revision"])

    return push


def test_life_of_a_space(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    first = pushed(app_py=plain_app("first"))
    ready = caller.wait(space, first)
    assert ready["outcome"] == "ready"
    assert ready["revision"] == first
    assert ready["evidence"] == "the runtime names the revision"
    assert any("BUILDING" in line or "APP_STARTING" in line for line in caller.progress)

    second = pushed(app_py=plain_app("second"))
    # The old revision serves while the new one builds: told, and not taken for the new one.
    at_once = caller.answer("space_status", space=space)
    assert at_once.envelope["outcome"] == "not_fine"
    assert at_once.exit_code == 1
    assert at_once.envelope["result"]["stage"] in ("RUNNING_BUILDING", "RUNNING_APP_STARTING")
    assert at_once.envelope["result"]["serving"]["revision"] == first
    assert at_once.envelope["result"]["is_stale"]
    assert caller.wait(space, second)["outcome"] == "ready"
    status = caller.result("space_status", "status", space=space)
    assert status["stage"] == "RUNNING"
    assert status["is_stale"] is False
    assert caller.wait(space, first)["outcome"] == "superseded"

    third = pushed(app_py=CRASH)
    failed = caller.wait(space, third)
    assert failed["outcome"] == "failed"
    assert failed["failure"]["log"] == "run"
    assert failed["failure"]["first_error"]["text"] == "KeyError: 'NOT_THERE'"
    assert failed["failure"]["first_error"]["where"].startswith("app.py:3")
    log = caller.answer("space_logs", space=space)
    assert log.envelope["result"]["log"] == "run"
    assert "about to read" in log.text
    assert "<untrusted-text" in log.text

    fourth = pushed(app_py=plain_app("fourth"))
    assert caller.wait(space, fourth)["outcome"] == "ready"


def test_build_that_cannot_resolve(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    revision = pushed(
        app_py=plain_app(), requirements_txt="this-package-does-not-exist-anywhere-xyz==1.0\n"
    )
    failed = caller.wait(space, revision)
    assert failed["outcome"] == "failed"
    assert failed["failure"]["stage"] == "BUILD_ERROR"
    assert failed["failure"]["log"] == "build"
    assert "this-package-does-not-exist-anywhere-xyz" in "\n".join(
        failed["failure"]["first_error"]["block"]
    )
    log = caller.result("space_logs", "log", space=space)
    assert log["log"] == "build"
    assert log["revision"] == revision[:7]
    caller.result("space_logs", "no_log", space=space, kind="run")


def test_still_running_answers_in_time_and_can_be_repeated(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    revision = pushed(app_py="import time\nprint('loading', flush=True)\ntime.sleep(600)\n")
    hurried = Caller(dataclasses.replace(caller.settings, seconds=6.0))
    began = time.monotonic()
    answer = hurried.answer("space_wait", space=space, revision=revision)
    assert time.monotonic() - began < 8
    assert answer.envelope["outcome"] == "still_running"
    assert answer.exit_code == 2
    again = {"tool": "space_wait", "arguments": {"space": space, "revision": revision}}
    assert again.items() <= answer.envelope["next"][0].items()


def test_no_app_file(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    revision = pushed(main_py="print('wrong name')")
    assert caller.wait(space, revision)["outcome"] == "halted"
    assert caller.result("space_status", "status", space=space)["stage"] == "NO_APP_FILE"


def test_static_space_is_verified_by_its_bytes(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    revision = pushed("static", index_html="<h1>static</h1>")
    ready = caller.wait(space, revision)
    assert ready["outcome"] == "ready"
    assert ready["evidence"] == "index.html served as in that revision"


def test_a_static_space_is_not_sent_to_ask_for_endpoints(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    revision = pushed("static", index_html="<div></div>")
    assert caller.wait(space, revision)["outcome"] == "ready"
    answer = caller.answer("space_smoke_test", space=space)
    assert answer.envelope["outcome"] == "not_verified"
    assert [call["tool"] for call in answer.envelope["next"]] == ["space_wait"]


def test_static_push_that_leaves_the_page_alone(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    """What changed is compared, not the page alone: the revision before serves the same page."""
    first = pushed("static", index_html="<link href=style.css>", style_css="a{}")
    second = pushed("static", style_css="b{color:red}")
    ready = caller.wait(space, second)
    assert ready["outcome"] == "ready"
    assert ready["evidence"] == "index.html and 1 more served as in that revision"
    hurried = Caller(dataclasses.replace(caller.settings, seconds=8.0))
    old = hurried.answer("space_wait", space=space, revision=first)
    assert old.envelope["outcome"] in ("not_verifiable", "superseded"), old.text


def test_docker_says_that_it_is_not_rehearsed(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    revision = pushed("docker", Dockerfile="FROM python:3.12\n")
    answer = caller.wait(space, revision)
    assert answer["outcome"] == "not_verifiable"
    assert answer["why"]


def test_hub_gone_and_back(
    caller: Caller, space: str, pushed: Callable[..., str], hub: Hub
) -> None:
    """A restart of the Hub in the middle of a wait is survived or told; nothing is lost."""
    revision = pushed(app_py=plain_app())
    caller.wait(space, revision)
    hub.restart(kill=True)
    status = caller.result("space_status", "status", space=space)
    assert status["head"] == revision
    assert status["stage"] in ("SLEEPING", "RUNNING")


def test_bad_questions(caller: Caller, caller_as: Callable[[str], Caller], space: str) -> None:
    caller.problem("space_wait", "not_found", space="rehearsal-pro/never-was")
    caller.result("space_create", "created", space=space, sdk="gradio")
    caller.problem("space_wait", "bad_argument", space=space, revision="abc")
    caller.problem("space_logs", "bad_argument", space=space, pattern="(unclosed")
    caller.problem("space_logs", "bad_argument", space=space, tail=0)
    caller_as("rehearsal-free").problem("space_status", "not_found", space=space)


def test_logs_of_a_public_space_are_for_its_writers(
    caller: Caller, caller_as: Callable[[str], Caller], space: str
) -> None:
    caller.result("space_create", "created", space=space, sdk="gradio", visibility="public")
    visitor = caller_as("rehearsal-free")
    visitor.result("space_status", "status", space=space)
    visitor.problem("space_logs", "forbidden", space=space, kind="run")
