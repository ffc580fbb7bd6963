"""`space_restart` and `space_environment`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub

TOKEN = "hf_" + "Kq3Zt8Rw5Yp1Lm7Bx2Vc9Nd4Hs6Jf0GaEu"


@pytest.fixture
def running(caller: Caller, space: str, tmp_path: Path) -> str:
    app = "import os\nprint('COLOUR', os.environ.get('COLOUR'))\n" + plain_app()
    folder = write_files(tmp_path / "app", {"README.md": readme(), "app.py": app})
    caller.result("space_create", "created", space=space, sdk="gradio")
    caller.result("space_upload", "uploaded", folder=str(folder), space=space)
    assert caller.wait(space)["outcome"] == "ready"
    return space


def test_pause_and_restart(caller: Caller, running: str) -> None:
    paused = caller.result("space_restart", "accepted", space=running, how="pause")
    assert paused["stage"] == "PAUSED"
    assert caller.wait(running)["outcome"] == "halted"
    caller.result("space_restart", "accepted", space=running)
    assert caller.wait(running)["outcome"] == "ready"
    text = caller.problem("space_restart", "bad_argument", space=running, how="wake")
    assert "does not sleep" in text


def test_variables_reach_the_app_and_values_stay_hidden(
    caller: Caller, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "sesame-value")
    answer = caller.answer(
        "space_environment", space=running, secrets=["SOME_KEY"], variables=["COLOUR=teal"]
    )
    result = answer.envelope["result"]
    assert result["set_now"] == ["SOME_KEY", "COLOUR"]
    assert [found["name"] for found in result["secrets"]] == ["SOME_KEY"]
    assert "sesame" not in str(answer.envelope) + answer.text
    assert "teal" not in str(answer.envelope["result"])
    assert caller.wait(running)["outcome"] == "ready"
    assert "COLOUR teal" in caller.answer("space_logs", space=running, kind="run").text


def test_removing_is_agreed_to(
    caller: Caller, space: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE", "1-secret")
    caller.result("space_create", "created", space=space, sdk="gradio", secrets=["ONE"])
    caller.problem("space_environment", "consent_needed", space=space, remove=["TWO"])
    asked = caller.answer("space_environment", space=space, remove=["ONE"])
    assert asked.envelope["problem"]["code"] == "consent_needed"
    assert "ONE" in hub.api("rehearsal-pro").get_space_secrets(space)
    result = caller.result(
        "space_environment", "environment", **asked.envelope["next"][0]["arguments"]
    )
    assert result["removed"] == ["ONE"]
    assert not hub.api("rehearsal-pro").get_space_secrets(space)


def test_one_name_is_never_a_secret_and_a_variable(
    caller: Caller, space: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE", "1-secret")
    caller.result("space_create", "created", space=space, sdk="gradio", secrets=["ONE"])
    told = caller.problem("space_environment", "name_taken", space=space, variables=["ONE=1"])
    assert f"ONE would be a secret and a variable of {space} at once" in told
    both = {"secrets": ["ONE"], "variables": ["ONE=1", "TWO=2"]}
    caller.problem("space_environment", "name_taken", space=space, **both)
    assert not hub.api("rehearsal-pro").get_space_variables(space)
    other = f"{space}-other"
    caller.problem("space_create", "name_taken", space=other, sdk="gradio", **both)
    assert not hub.api("rehearsal-pro").repo_exists(other, repo_type="space")


def test_refusals_set_nothing(
    caller: Caller, space: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE", "1-secret")
    caller.result("space_create", "created", space=space, sdk="static")
    caller.problem("space_environment", "secret_on_static", space=space, secrets=["ONE"])
    text = caller.problem(
        "space_environment", "token_in_variable", space=space, variables=[f"X={TOKEN}"]
    )
    assert TOKEN not in text
    caller.problem("space_environment", "bad_argument", space=space, secrets=[f"X={TOKEN}"])
    assert not hub.api("rehearsal-pro").get_space_secrets(space)
    warned = caller.result("space_environment", "environment", space=space, variables=["A_KEY=x"])
    assert "meant to be a secret" in warned["warnings"][0]


def test_paid_hardware_that_stands_still_is_asked_about(caller: Caller, space: str) -> None:
    paying = Caller(dataclasses.replace(caller.settings, max_cost=1.0))
    made = {"space": space, "sdk": "gradio", "hardware": "t4-small"}
    asked = paying.answer("space_create", **made)
    paying.result("space_create", "created", **asked.envelope["next"][0]["arguments"])
    paying.result("space_restart", "accepted", space=space, how="pause")
    restart = paying.answer("space_restart", space=space)
    assert restart.envelope["problem"]["code"] == "consent_needed"
    assert "$0.40 an hour" in restart.text
    caller.problem("space_restart", "over_limit", space=space)
