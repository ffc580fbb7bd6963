"""`space_create`: what is made, what is refused, and that nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller
from tests.conftest import Hub


def test_private_by_default_with_a_call_that_goes_on(caller: Caller, space: str, hub: Hub) -> None:
    answer = caller.answer("space_create", space=space, sdk="gradio")
    result = answer.envelope["result"]
    assert result["visibility"] == "private"
    assert result["hardware"] == "cpu-basic"
    assert result["page"] == f"{hub.endpoint}/spaces/{space}"
    following = answer.envelope["next"][0]["arguments"]
    assert following == {"folder": "<the folder of the app>", "space": space}
    assert hub.api("rehearsal-pro").space_info(space).private


def test_existing_space_is_reported_and_untouched(caller: Caller, space: str, hub: Hub) -> None:
    caller.result("space_create", "created", space=space, sdk="gradio")
    before = hub.api("rehearsal-pro").space_info(space)
    answer = caller.answer("space_create", space=space, sdk="static", visibility="public")
    assert answer.envelope["outcome"] == "already_exists"
    assert answer.exit_code == 2
    assert answer.envelope["result"]["sdk"] == "gradio"
    assert "Ask the person" in answer.text
    after = hub.api("rehearsal-pro").space_info(space)
    assert (before.sha, before.private, before.sdk) == (after.sha, after.private, after.sdk)


def test_secrets_by_name_and_variables(
    caller: Caller, space: str, hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token = "hf_" + "Q7" * 17
    monkeypatch.setenv("MY_TOKEN", token)
    env_file = tmp_path / ".env"
    env_file.write_text("FROM_FILE='quoted value'\n")
    answer = caller.answer(
        "space_create",
        space=space,
        sdk="gradio",
        secrets=["HF_TOKEN=MY_TOKEN", "FROM_FILE"],
        variables=["MODEL=a/b"],
        env_file=str(env_file),
    )
    assert answer.envelope["result"]["secrets"] == ["HF_TOKEN", "FROM_FILE"]
    assert token not in str(answer.envelope)
    assert "quoted value" not in str(answer.envelope)
    api = hub.api("rehearsal-pro")
    assert set(api.get_space_secrets(space)) == {"HF_TOKEN", "FROM_FILE"}
    assert api.get_space_variables(space)["MODEL"].value == "a/b"


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ({"secrets": ["KEY=" + "hf_" + "Zq4Rt7wXy" * 4]}, "bad_argument", "names, never values"),
        ({"secrets": ["NOT_SET_ANYWHERE"]}, "not_in_environment", "NOT_SET_ANYWHERE"),
        ({"variables": ["KEY=" + "hf_" + "Zq4Rt7wXy" * 4]}, "token_in_variable", "as a secret"),
        ({"hardware": "h200"}, "unknown_hardware", "cpu-basic"),
        ({"sdk": "docker", "hardware": "zero-a10g"}, "bad_argument", "gradio SDK only"),
        ({"sdk": "static", "hardware": "cpu-basic"}, "bad_argument", "left out"),
        ({"sdk": "streamlit"}, "bad_argument", "'gradio', 'docker' or 'static'"),
        ({"env_file": "/nowhere/.env"}, "file_missing", "/nowhere/.env"),
        ({"visibility": "hidden"}, "bad_argument", "'private', 'public' or 'protected'"),
    ],
)
def test_refusals_create_nothing(
    caller: Caller, space: str, hub: Hub, arguments: dict[str, object], code: str, part: str
) -> None:
    text = caller.problem("space_create", code, **{"space": space, "sdk": "gradio", **arguments})
    assert part in text
    assert "Zq4" not in text
    assert not hub.api("rehearsal-pro").repo_exists(space, repo_type="space")


def test_static_space_takes_no_secret(
    caller: Caller, space: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANY_SECRET", "value")
    text = caller.problem(
        "space_create", "secret_on_static", space=space, sdk="static", secrets=["ANY_SECRET"]
    )
    assert "visitor" in text


def test_other_peoples_namespace(caller: Caller) -> None:
    answer = caller.answer("space_create", space="somebody-else/x", sdk="gradio")
    assert answer.envelope["problem"]["code"] == "not_your_namespace"
    assert answer.envelope["next"][0]["arguments"]["space"] == "rehearsal-pro/x"


def test_free_account_meets_the_gate_and_learns_what_is_left(
    caller_as: Callable[[str], Caller], hub: Hub
) -> None:
    free = caller_as("rehearsal-free")
    answer = free.answer("space_create", space="rehearsal-free/cpu", sdk="gradio")
    assert answer.envelope["problem"]["code"] == "plan_gate"
    assert "402" in answer.text
    assert "Nothing was created" in answer.text
    ways = [call["arguments"] for call in answer.envelope["next"]]
    assert {"space": "rehearsal-free/cpu", "sdk": "gradio", "hardware": "zero-a10g"} in ways
    assert {"space": "rehearsal-free/cpu", "sdk": "static"} in ways
    made = [free.answer("space_create", **way).envelope["outcome"] for way in ways]
    # The Hub is shared, and a free account has two ZeroGPU slots.
    hub.api("rehearsal-free").delete_repo("rehearsal-free/cpu", repo_type="space")
    assert made == ["created", "already_exists"]


def test_read_only_token_creates_nothing(caller_as: Callable[[str], Caller]) -> None:
    reader = caller_as("rehearsal-reader")
    text = reader.problem(
        "space_create", "read_only_token", space="rehearsal-reader/x", sdk="static"
    )
    assert "Nothing was created" in text


def test_price_needs_a_limit_and_a_yes(caller: Caller, space: str, hub: Hub) -> None:
    wanted = {"space": space, "sdk": "gradio", "hardware": "t4-small"}
    assert "$0.40 an hour" in caller.problem("space_create", "over_limit", **wanted)
    paying = Caller(replace_limit(caller, 0.5))
    answer = paying.answer("space_create", **wanted)
    assert answer.envelope["problem"]["code"] == "consent_needed"
    assert not hub.api("rehearsal-pro").repo_exists(space, repo_type="space")
    confirmed = answer.envelope["next"][0]["arguments"]
    other = {**confirmed, "hardware": "t4-medium"}
    assert paying.answer("space_create", **other).envelope["problem"]["code"] == "over_limit"
    assert paying.result("space_create", "created", **confirmed)["price_per_hour"] == 0.4
    again = paying.answer("space_create", **confirmed)
    assert again.envelope["problem"]["code"] == "code_not_valid"


def replace_limit(caller: Caller, limit: float):  # type: ignore[no-untyped-def] # Settings
    import dataclasses

    return dataclasses.replace(caller.settings, max_cost=limit)
