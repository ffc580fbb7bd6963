"""`space_diagnose` on the rehearsal Hub: Spaces that fail in every way, and logs alone."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tools.diagnosing import moving

CARD = readme(python_version='"3.11"')
MISSING = "import os\nimport segno\n" + plain_app()
SHAPE = {
    "space",
    "stage",
    "verdict",
    "root_cause",
    "error_id",
    "cause",
    "confidence",
    "why",
    "fixes",
    "guesses",
    "revisions",
    "hardware",
    "looked_at",
    "consequences",
    "block",
}


@pytest.fixture
def pushed(caller: Caller, space: str, tmp_path: Path) -> Callable[..., str]:
    """Push files to the test's Space (made at the first push); gives the revision."""
    made: list[str] = []

    def push(**files: str) -> str:
        if not made:
            caller.result("space_create", "created", space=space, sdk="gradio")
            made.append(space)
        named = {name.replace("_", "."): content for name, content in files.items()}
        folder = write_files(tmp_path / "app", {"README.md": CARD, **named})
        result = caller.result("space_upload", "uploaded", folder=str(folder), space=space)
        return str(result["revision"])

    return push


@pytest.fixture
def fault(hub: Hub, space: str) -> Iterator[Callable[[str], None]]:
    """Make a fault happen to the test's Space; all of its faults end with the test."""

    def ask(method: str, body: dict[str, Any] | None = None) -> None:
        request = urllib.request.Request(  # noqa: S310 - an address of our own making
            f"{hub.endpoint}/api/rehearsal/faults",
            method=method,
            headers={"Authorization": f"Bearer {hub.token('rehearsal-pro')}"},
            data=json.dumps(body).encode() if body else None,
        )
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - as above

    yield lambda name: ask("POST", {"name": name, "space": space})
    ask("DELETE")


def next_calls(envelope: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments of the calls that are advised, by tool."""
    return {call["tool"]: call["arguments"] for call in envelope["next"]}


# A Space


def test_a_failed_start_is_diagnosed_and_cured_by_the_calls_it_gives(
    caller: Caller, space: str, pushed: Callable[..., str], tmp_path: Path
) -> None:
    revision = pushed(app_py=MISSING)
    assert caller.wait(space, revision)["outcome"] == "failed"
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert answer.envelope["outcome"] == "diagnosed", answer.text
    assert answer.exit_code == 1
    assert result.keys() == SHAPE
    assert result["verdict"] == "start"
    assert result["error_id"] == "start-module-missing"
    assert result["root_cause"]["text"] == "ModuleNotFoundError: No module named 'segno'"
    assert result["root_cause"]["log"] == "run"
    assert result["root_cause"]["where"].startswith("app.py:2")
    assert result["confidence"] == "high"
    assert result["revisions"] == {
        "repo": revision,
        "built": revision[:7],
        "running": result["revisions"]["running"],
        "stale_layer": None,
    }
    first = result["fixes"][0]
    assert first["kind"] == "patch"
    assert "+segno" in first["patch"].splitlines()
    assert "<untrusted-text" in answer.text
    calls = next_calls(answer.envelope)
    assert list(calls) == ["space_checkout", "space_fix"]
    folder = str(tmp_path / "repair")
    caller.result("space_checkout", "checked_out", **{**calls["space_checkout"], "folder": folder})
    fixed = caller.result("space_fix", "fixed", **{**calls["space_fix"], "folder": folder})
    assert "+segno" in fixed["diff"].splitlines()
    caller.result("space_fix", "nothing_to_fix", **{**calls["space_fix"], "folder": folder})
    cured = caller.result("space_upload", "uploaded", folder=folder, space=space, parent=revision)
    assert caller.wait(space, cured["revision"])["outcome"] == "ready"
    healthy = caller.answer("space_diagnose", space=space)
    assert healthy.envelope["outcome"] == "healthy", healthy.text
    assert healthy.exit_code == 0
    assert "space_smoke_test" in next_calls(healthy.envelope)
    assert "no proof" in healthy.text


def test_a_failed_build(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    revision = pushed(app_py=plain_app(), requirements_txt="gradio==3.50.2\n")
    assert caller.wait(space, revision)["outcome"] == "failed"
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert (result["verdict"], result["root_cause"]["log"]) == ("build", "build"), answer.text
    assert result["error_id"] == "build-gradio-pinned"
    assert "-gradio==3.50.2" in result["fixes"][0]["patch"].splitlines()
    assert result["root_cause"]["line"] > 1


def test_a_card_that_is_refused(
    caller: Caller, hub: Hub, space: str, pushed: Callable[..., str]
) -> None:
    pushed(app_py="import gradio\n" + plain_app())
    api = hub.api("rehearsal-pro")
    bare = b"# no block\n"
    with pytest.warns(UserWarning, match="empty or missing yaml"):
        api.upload_file(
            path_or_fileobj=bare, path_in_repo="README.md", repo_id=space, repo_type="space"
        )
    assert caller.wait(space)["outcome"] == "failed"
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert result["stage"] == "CONFIG_ERROR"
    assert (result["verdict"], result["error_id"]) == ("config", "config-card-missing")
    assert result["root_cause"]["log"] == "message"
    assert result["fixes"][0]["kind"] == "patch"


def test_no_app_file(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    pushed(main_py="print('wrong name')")
    result = caller.result("space_diagnose", "diagnosed", space=space)
    assert result["verdict"] == "config"
    assert result["error_id"] == "config-no-app-file"


def test_an_app_that_nobody_reaches(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    """It listens where the platform does not look, so the start ends in a time-out."""
    quick = readme(python_version='"3.11"', startup_duration_timeout="5s")
    revision = pushed(README_md=quick, app_py=plain_app().replace("7860", "7999"))
    assert caller.wait(space, revision)["outcome"] == "failed"
    answer = caller.answer("space_diagnose", space=space)
    assert answer.envelope["result"]["verdict"] == "health_check", answer.text
    assert "Launch timed out" in answer.envelope["result"]["root_cause"]["text"]


def test_patches_are_made_for_the_folder_that_is_named(
    caller: Caller, space: str, pushed: Callable[..., str], tmp_path: Path
) -> None:
    assert caller.wait(space, pushed(app_py=MISSING))["outcome"] == "failed"
    own = write_files(
        tmp_path / "own",
        {"README.md": CARD, "app.py": MISSING, "requirements.txt": "numpy\n"},
    )
    answer = caller.answer("space_diagnose", space=space, folder=str(own))
    patch = answer.envelope["result"]["fixes"][0]["patch"].splitlines()
    assert " numpy" in patch
    assert "+segno" in patch
    calls = next_calls(answer.envelope)
    assert "space_checkout" not in calls
    assert calls["space_fix"]["folder"] == str(own)


def test_an_error_while_serving_is_the_app_s(
    caller: Caller, space: str, pushed: Callable[..., str]
) -> None:
    trouble = 'Traceback (most recent call last):\n  File "/app/app.py", line 9, in answer\n'
    said = f"print({trouble!r} + 'ZeroDivisionError: division by zero', flush=True)"
    app = plain_app().replace(
        'print("starting hello", flush=True)',
        f'print("* Running on local URL:  http://0.0.0.0:7860", flush=True)\n{said}',
    )
    assert caller.wait(space, pushed(app_py=app))["outcome"] == "ready"
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert (result["verdict"], answer.exit_code) == ("app", 1), answer.text
    assert result["root_cause"]["text"] == "ZeroDivisionError: division by zero"
    assert "space_smoke_test" in next_calls(answer.envelope)


def test_a_runtime_that_stays_behind(
    caller: Caller, space: str, pushed: Callable[..., str], fault: Callable[[str], None]
) -> None:
    first = pushed(app_py=plain_app("first"))
    assert caller.wait(space, first)["outcome"] == "ready"
    fault("stale-sha")
    second = pushed(app_py=plain_app("second"))
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert result["verdict"] == "platform", answer.text
    assert result["revisions"]["repo"] == second
    assert result["revisions"]["running"] == first
    assert result["revisions"]["stale_layer"] in ("build", "run")
    assert next_calls(answer.envelope)["space_wait"] == {"space": space, "revision": second}
    assert not [fix for fix in result["fixes"] if fix["kind"] == "patch"]


def test_a_flagged_space_is_a_case_for_support(
    caller: Caller, space: str, pushed: Callable[..., str], fault: Callable[[str], None]
) -> None:
    caller.wait(space, pushed(app_py=plain_app()))
    fault("paused-flagged")
    answer = caller.answer("space_diagnose", space=space)
    result = answer.envelope["result"]
    assert (result["stage"], result["verdict"]) == ("PAUSED", "platform"), answer.text
    assert result["root_cause"]["text"] == "Flagged as abusive"
    assert space in result["fixes"][-1]["how"]
    assert "website@huggingface.co" in result["fixes"][-1]["how"]
    assert not [fix for fix in result["fixes"] if fix["kind"] == "patch"]


def test_a_build_that_never_ends(
    caller: Caller,
    space: str,
    pushed: Callable[..., str],
    fault: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert caller.wait(space, pushed(app_py=plain_app()))["outcome"] == "ready"
    fault("build-stuck")
    pushed(app_py=plain_app("second"))
    answer = caller.answer("space_diagnose", space=space)
    assert answer.envelope["outcome"] == "still_running", answer.text
    assert answer.exit_code == 2
    assert answer.envelope["result"]["verdict"] == "unknown"
    assert "space_wait" in next_calls(answer.envelope)
    monkeypatch.setattr(moving, "STUCK_MINUTES", 0.0)
    stuck = caller.answer("space_diagnose", space=space)
    assert stuck.envelope["result"]["verdict"] == "platform", stuck.text
    assert "Edit no code" in stuck.text


def test_a_log_that_is_cut_is_said_to_be(
    caller: Caller, space: str, pushed: Callable[..., str], fault: Callable[[str], None]
) -> None:
    many = "for number in range(3000):\n    print('line', number, flush=True)\n"
    assert caller.wait(space, pushed(app_py=many + MISSING))["outcome"] == "failed"
    fault("log-cut")
    answer = caller.answer("space_diagnose", space=space)
    assert "run log" in answer.text
    assert "in part only" in answer.text
    assert answer.envelope["outcome"] in ("unknown", "diagnosed")


def test_a_paused_space(caller: Caller, space: str, pushed: Callable[..., str]) -> None:
    caller.wait(space, pushed(app_py=plain_app()))
    caller.result("space_restart", "accepted", space=space, how="pause")
    answer = caller.answer("space_diagnose", space=space)
    assert answer.envelope["result"]["verdict"] == "account", answer.text
    assert next_calls(answer.envelope)["space_restart"] == {"space": space, "how": "wake"}


def test_logs_of_others_are_said_to_be_unreadable(
    caller: Caller, caller_as: Callable[[str], Caller], space: str, tmp_path: Path
) -> None:
    caller.result("space_create", "created", space=space, sdk="gradio", visibility="public")
    folder = write_files(tmp_path, {"README.md": CARD, "app.py": "raise SystemExit(3)\n"})
    made = caller.result("space_upload", "uploaded", folder=str(folder), space=space)
    caller.wait(space, made["revision"])
    visitor = caller_as("rehearsal-free").answer("space_diagnose", space=space)
    assert "run log: not readable (forbidden)" in visitor.text
    assert visitor.envelope["result"]["stage"] == "RUNTIME_ERROR"


def test_a_token_that_is_refused_is_the_account_s_trouble(
    caller: Caller, stranger: Callable[[str], Caller], space: str
) -> None:
    caller.result("space_create", "created", space=space, sdk="gradio")
    answer = stranger("hf_" + "x" * 34).answer("space_diagnose", space=space)
    assert answer.envelope["outcome"] in ("diagnosed", "problem"), answer.text
    assert "account_status" in next_calls(answer.envelope)


def test_a_space_that_is_not_there(caller: Caller) -> None:
    caller.problem("space_diagnose", "not_found", space="rehearsal-pro/never-was")


# A log


def test_a_pasted_line(caller: Caller) -> None:
    answer = caller.answer(
        "space_diagnose",
        log="402 Client Error: Payment Required for url: https://huggingface.co/api/repos/create\n"
        "You must be subscribed to PRO to create a cpu-basic Space.\n",
    )
    assert answer.envelope["hub"] is None
    assert answer.envelope["result"].keys() == SHAPE
    assert answer.envelope["outcome"] in ("diagnosed", "unknown")


def test_a_log_file(caller: Caller, tmp_path: Path) -> None:
    lines = [f"Collecting package-{number}" for number in range(400)]
    lines[200] = "E: Package 'libgl1-mesa-glx' has no installation candidate"
    lines[250] = 'ERROR: failed to solve: process "/bin/sh -c apt-get install" did not complete'
    lines[300] = "Job failed with exit code: 1"
    path = tmp_path / "build.log"
    path.write_text("\n".join(lines))
    folder = write_files(tmp_path / "app", {"README.md": CARD, "packages.txt": "libgl1-mesa-glx\n"})
    answer = caller.answer("space_diagnose", file=str(path), folder=str(folder))
    result = answer.envelope["result"]
    assert result["root_cause"]["line"] == 201
    assert (result["verdict"], result["error_id"]) == ("build", "build-apt-package-gone")
    assert "+libgl1" in result["fixes"][0]["patch"].splitlines()
    fixed = caller.result("space_fix", "fixed", **next_calls(answer.envelope)["space_fix"])
    assert fixed["files"] == ["packages.txt"]
    assert (folder / "packages.txt").read_text() == "libgl1\n"


def test_what_nobody_knows_is_unknown_and_guesses_are_marked(caller: Caller) -> None:
    log = "ERROR: the flux capacitor of the frobnicator has no module named antimatter\n"
    answer = caller.answer("space_diagnose", log=log * 50)
    assert answer.envelope["outcome"] == "unknown"
    assert answer.exit_code == 2
    result = answer.envelope["result"]
    assert result["error_id"] is None
    assert result["fixes"] == []
    assert "flux capacitor" in result["root_cause"]["text"]
    assert "error-report" in answer.text


def test_a_healthy_log(caller: Caller) -> None:
    log = "===== Application Startup at 2026-06-01 14:49:54 =====\n\n* Running on local URL:  http://0.0.0.0:7860\n"
    answer = caller.answer("space_diagnose", log=log)
    assert answer.envelope["outcome"] == "healthy"
    assert answer.exit_code == 0
    only_banner = caller.answer("space_diagnose", log=log.split("*", maxsplit=1)[0])
    assert only_banner.envelope["outcome"] == "unknown"


def test_secrets_of_a_log_do_not_come_out(caller: Caller) -> None:
    token = "hf_" + "aB3" * 12
    answer = caller.answer("space_diagnose", log=f"ValueError: bad token {token}\n" * 3)
    assert token not in answer.text
    assert token not in json.dumps(answer.envelope)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"space": "a/b", "log": "x"},
        {"log": "x", "file": "y"},
        {"log": ""},
    ],
)
def test_exactly_one_source(caller: Caller, arguments: dict[str, str]) -> None:
    text = caller.problem("space_diagnose", "bad_argument", **arguments)
    assert "exactly one" in text


def test_files_that_are_not_there(caller: Caller, tmp_path: Path) -> None:
    caller.problem("space_diagnose", "not_a_file", file=str(tmp_path / "no.log"))
    caller.problem("space_diagnose", "not_a_file", file=str(tmp_path))
    caller.problem("space_diagnose", "not_a_folder", log="x", folder=str(tmp_path / "no"))
