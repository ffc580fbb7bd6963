"""Tokens and what they open."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta, timezone

import pytest
from huggingface_hub import HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.conftest import Hub

from .conftest import HfCommand, SendRaw


def test_whoami_tells_plan_payment_and_organisations(hub: Hub) -> None:
    pro = hub.api("rehearsal-pro").whoami()
    assert (pro["name"], pro["isPro"], pro["canPay"]) == ("rehearsal-pro", True, True)
    assert [(org["name"], org["plan"]) for org in pro["orgs"]] == [("rehearsal-team", "team")]
    assert pro["auth"]["accessToken"]["role"] == "write"
    free = hub.api("rehearsal-free").whoami()
    assert (free["isPro"], free["canPay"], free["orgs"]) == (False, False, [])
    assert hub.api("rehearsal-reader").whoami()["auth"]["accessToken"]["role"] == "read"


def test_the_newcomer_is_younger_than_thirty_days(hub: Hub) -> None:
    created = hub.api("rehearsal-new").whoami()["createdAt"].replace("Z", "+00:00")
    age = datetime.now(timezone.utc) - datetime.fromisoformat(created)
    assert age < timedelta(days=30)


def test_an_unknown_token_is_refused_everywhere(hub: Hub, space: str) -> None:
    stranger = HfApi(hub.endpoint, token="hf_" + "x" * 34)
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        stranger.whoami()
    with pytest.raises(HfHubHTTPError) as refused:
        stranger.space_info(space)
    assert refused.value.server_message == "Invalid credentials in Authorization header"


def test_a_token_of_other_characters_is_refused(send: SendRaw) -> None:
    answer = send("GET", "/api/whoami-v2", headers={"Authorization": "Bearer h\xe9"})
    assert answer.status == 401


def test_tokens_are_private_to_their_owner(hub: Hub) -> None:
    assert get_token() is None
    for file in ("tokens.json", "hub.sqlite"):
        assert stat.S_IMODE((hub.state / file).stat().st_mode) == 0o600
    assert stat.S_IMODE(hub.state.stat().st_mode) == 0o700


def test_tokens_survive_a_restart(hub: Hub) -> None:
    before = hub.token("rehearsal-free")
    hub.restart()
    assert hub.token("rehearsal-free") == before
    assert hub.api("rehearsal-free").whoami()["name"] == "rehearsal-free"


def test_a_private_space_is_not_told_from_a_missing_one(hub: Hub, api: HfApi, space: str) -> None:
    api.update_repo_settings(space, private=True, repo_type="space")
    for account in (None, "rehearsal-free"):
        for wanted in (space, "rehearsal-pro/never-made"):
            with pytest.raises(RepositoryNotFoundError) as refused:
                hub.api(account).space_info(wanted)
            assert refused.value.response.status_code == (404 if account else 401)
    assert api.space_info(space).private


def test_a_read_token_changes_nothing(hub: Hub, name: str) -> None:
    with pytest.raises(HfHubHTTPError, match="role read"):
        hub.api("rehearsal-reader").create_repo(
            f"rehearsal-reader/{name}", repo_type="space", space_sdk="static"
        )


def test_a_strangers_space_can_be_read_and_not_written(hub: Hub, space: str) -> None:
    free = hub.api("rehearsal-free")
    assert free.space_info(space).id == space
    with pytest.raises(HfHubHTTPError, match="no write access") as refused:
        free.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=space, repo_type="space")
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/repos/create", "{}"),
        ("DELETE", "/api/repos/delete", "{}"),
        ("POST", "/api/repos/move", '{"fromRepo": "a/b", "toRepo": "a/c", "type": "space"}'),
        ("PUT", "/settings", "{}"),
        ("POST", "/duplicate", "{}"),
        ("POST", "/preupload/main", "{}"),
        ("POST", "/commit/main", "{}"),
        ("POST", "/hardware", "{}"),
        ("POST", "/pause", None),
        ("POST", "/restart", None),
        ("POST", "/dev-mode", "{}"),
        ("PUT", "/volumes", "{}"),
        ("GET", "/secrets", None),
        ("POST", "/secrets", "{}"),
        ("POST", "/variables", "{}"),
        ("GET", "/logs/run", None),
        ("POST", "/discussions", '{"title": "abc"}'),
        ("POST", "/branch/b", "{}"),
        ("GET", "/auth-check/write", None),
        ("GET", "/api/spaces/zero-gpu/quota", None),
        ("GET", "/api/settings/repositories", None),
        ("POST", "/api/rehearsal/ticket", None),
    ],
)
def test_what_needs_a_token_is_refused_without_one(
    send: SendRaw, space: str, method: str, path: str, body: str | None
) -> None:
    full_path = path if path.startswith("/api") else f"/api/spaces/{space}{path}"
    assert send(method, full_path, body=body).status == 401


def test_auth_check(hub: Hub, space: str) -> None:
    hub.api("rehearsal-free").auth_check(space, repo_type="space")
    hub.api("rehearsal-pro").auth_check(space, repo_type="space", write=True)
    with pytest.raises(HfHubHTTPError):
        hub.api("rehearsal-free").auth_check(space, repo_type="space", write=True)


def test_the_command_line_knows_the_account_and_its_agent(hf: HfCommand) -> None:
    ran = hf("auth", "whoami", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert "rehearsal-pro" in ran.stdout
    assert "rehearsal-team" in ran.stdout
    # Served as on the real Hub, the registry makes `hf` print for agents: tabs, no table.
    ran = hf("spaces", "hardware", CLAUDECODE="1")
    assert "cpu-basic\t" in ran.stdout
