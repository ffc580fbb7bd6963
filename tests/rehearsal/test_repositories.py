"""Creating, finding, renaming, copying and deleting repositories."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from huggingface_hub import HfApi, SpaceHardware, Volume
from huggingface_hub.errors import (
    BadRequestError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
)

from tests.conftest import Hub

from .conftest import HfCommand, SendRaw


def test_create_with_everything(api: HfApi, name: str, hub: Hub) -> None:
    url = api.create_repo(
        f"rehearsal-pro/{name}",
        repo_type="space",
        space_sdk="gradio",
        visibility="protected",
        space_hardware=SpaceHardware.ZERO_A10G,
        space_sleep_time=3600,
        space_secrets=[{"key": "PASSWORD", "value": "do not tell", "description": "a secret"}],
        space_variables=[{"key": "MODE", "value": "fast"}],
        space_volumes=[Volume(type="dataset", source="a/b", mount_path="/data")],
    )
    assert url == f"{hub.endpoint}/spaces/rehearsal-pro/{name}"
    space = f"rehearsal-pro/{name}"
    runtime = api.wait_for_space(space, timeout=30)
    assert (runtime.stage, runtime.requested_hardware) == ("NO_APP_FILE", "zero-a10g")
    assert runtime.sleep_time == 3600
    assert runtime.volumes is not None
    assert runtime.volumes[0].read_only
    assert api.get_space_variables(space)["MODE"].value == "fast"
    secrets = api.get_space_secrets(space)
    assert secrets["PASSWORD"].description == "a secret"
    assert "do not tell" not in str(secrets)
    assert api.space_info(space).private
    api.delete_repo(space, repo_type="space")


def test_a_new_space_has_a_card_and_a_head(api: HfApi, name: str) -> None:
    space = f"rehearsal-team/{name}"
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    information = api.space_info(space, files_metadata=True)
    assert information.sha == api.list_repo_commits(space, repo_type="space")[0].commit_id
    assert {file.rfilename for file in information.siblings or []} == {
        ".gitattributes",
        "README.md",
    }
    card = information.card_data
    assert card is not None
    assert (card.sdk, card.sdk_version, card.app_file) == ("gradio", "6.31.0", "app.py")
    assert api.wait_for_space(space, timeout=30).stage == "NO_APP_FILE"


def test_a_taken_name(api: HfApi, space: str) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo(space, repo_type="space", space_sdk="static")
    assert refused.value.response.status_code == 409
    again = api.create_repo(space, repo_type="space", space_sdk="static", exist_ok=True)
    assert again.repo_id == space
    shouted = "rehearsal-pro/" + space.partition("/")[2].upper()
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo(shouted, repo_type="space", space_sdk="static")
    assert refused.value.response.status_code == 409


def test_two_at_once_make_one_space(api: HfApi, name: str) -> None:
    def create(_: int) -> int:
        try:
            api.create_repo(f"rehearsal-pro/{name}", repo_type="space", space_sdk="static")
        except HfHubHTTPError as error:
            return error.response.status_code
        return 200

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(4))) == [200, 409, 409, 409]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ('{"type": "space", "sdk": "static", "name": "a--b"}', "'--'"),
        ('{"type": "space", "sdk": "static", "name": "-a"}', "start or end"),
        ('{"type": "space", "sdk": "static", "name": "a.git"}', ".git"),
        ('{"type": "space", "sdk": "static", "name": "a/../b"}', "letters"),
        ('{"type": "space", "sdk": "static", "name": 3}', "string"),
        ('{"type": "space", "sdk": "static", "name": "\\ud800"}', "Unicode"),
        ('{"type": "space", "sdk": "static"}', "name"),
        ('{"type": "space", "sdk": "streamlit", "name": "x"}', "[gradio, docker, static]"),
        ('{"type": "space", "name": "x"}', "[gradio, docker, static]"),
        ('{"type": "spaceship", "name": "x"}', "type must be one of"),
        ('{"type": "space", "sdk": "static", "name": "x", "visibility": "hidden"}', "visibility"),
        ('{"type": "space", "sdk": "gradio", "name": "x", "hardware": "h200"}', "hardware must"),
        ('{"type": "space", "sdk": "static", "name": "x", "hardware": "t4-small"}', "no hardware"),
        ('{"type": "space", "sdk": "docker", "name": "x", "hardware": "zero-a10g"}', "gradio"),
        ('{"type": "space", "sdk": "gradio", "name": "x", "template": "a/b"}', "template"),
        (
            '{"type": "space", "sdk": "static", "name": "x", "secrets": [{"key": "1"}]}',
            "value is required",
        ),
        ('{"type": "space", "sdk": "static", "name": "x", "volumes": [{"type": "disk"}]}', "type"),
        ("[1]", "JSON object"),
        ("{", "JSON"),
    ],
)
def test_a_bad_request_names_the_field(send: SendRaw, body: str, part: str) -> None:
    answer = send("POST", "/api/repos/create", account="rehearsal-pro", body=body)
    assert answer.status == 400
    assert part in answer.json()["error"]


def test_delete(api: HfApi, hub: Hub, space: str) -> None:
    api.delete_repo(space, repo_type="space")
    assert not api.repo_exists(space, repo_type="space")
    assert not list((hub.state / "repos").glob(f"spaces/{space}*"))
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(space, repo_type="space")
    api.create_repo(space, repo_type="space", space_sdk="static")
    assert api.get_space_variables(space) == {}


def test_move(api: HfApi, space: str, name: str) -> None:
    api.add_space_variable(space, "A", "1")
    target = f"rehearsal-team/{name}-moved"
    api.move_repo(space, target, repo_type="space")
    # The old name leads to the new one.
    assert api.space_info(space).id == target
    assert api.space_info(target).sha
    assert api.get_space_variables(target)["A"].value == "1"


def test_move_to_a_taken_name_changes_nothing(api: HfApi, space: str, name: str) -> None:
    other = f"rehearsal-pro/{name}-other"
    api.create_repo(other, repo_type="space", space_sdk="static")
    with pytest.raises(HfHubHTTPError, match="already exists"):
        api.move_repo(space, other, repo_type="space")
    assert api.space_info(other).id == other
    assert api.space_info(space).id == space


def test_duplicate_copies_files_and_variables_but_no_secrets(
    api: HfApi, space: str, name: str
) -> None:
    api.upload_file(
        path_or_fileobj=b"<h1>hi</h1>",
        path_in_repo="index.html",
        repo_id=space,
        repo_type="space",
    )
    api.add_space_variable(space, "A", "1")
    api.add_space_secret(space, "B", "2")
    copy = api.duplicate_repo(space, f"rehearsal-pro/{name}-copy", repo_type="space").repo_id
    assert set(api.list_repo_files(copy, repo_type="space")) == {
        ".gitattributes",
        "README.md",
        "index.html",
    }
    assert api.get_space_variables(copy)["A"].value == "1"
    assert api.get_space_secrets(copy) == {}
    card = api.space_info(copy).card_data
    assert card is not None
    assert card.duplicated_from == space


def test_listing_and_search(api: HfApi, hub: Hub, name: str) -> None:
    public, private = f"rehearsal-team/{name}-a", f"rehearsal-team/{name}-b"
    api.create_repo(public, repo_type="space", space_sdk="static")
    api.create_repo(private, repo_type="space", space_sdk="static", private=True)

    def found(account: str | None) -> set[str]:
        return {item.id for item in hub.api(account).list_spaces(search=name)}

    assert found("rehearsal-pro") == {public, private}
    assert found("rehearsal-free") == found(None) == {public}
    assert [item.id for item in api.list_spaces(author="rehearsal-team", search=name, limit=1)] == [
        private
    ]
    results = list(api.search_spaces(name, include_non_running=True, sdk="static"))
    assert {item.id for item in results} >= {public}
    assert list(api.search_spaces("zzz-nothing", include_non_running=True)) == []
    assert private in {item.id for item in api.list_user_repos(namespace="rehearsal-team")}


def test_expand_returns_only_what_was_asked(api: HfApi, space: str) -> None:
    information = api.space_info(space, expand=["runtime", "sha"])
    assert information.sha
    assert information.runtime
    assert information.likes is None


def test_models_and_datasets_are_stored_too(api: HfApi, name: str) -> None:
    for kind in ("model", "dataset"):
        repository = f"rehearsal-pro/{name}"
        api.create_repo(repository, repo_type=kind)
        api.upload_file(
            path_or_fileobj=b"{}",
            path_in_repo="config.json",
            repo_id=repository,
            repo_type=kind,
        )
        path = api.hf_hub_download(repository, "config.json", repo_type=kind)
        with open(path) as file:  # noqa: PTH123 - a path that the client returned
            assert file.read() == "{}"


def test_templates(api: HfApi, name: str) -> None:
    assert {template.name for template in api.list_space_templates()} >= {"Streamlit"}
    space = f"rehearsal-pro/{name}"
    api.create_repo(space, repo_type="space", space_template="JupyterLab")
    assert api.space_info(space).sdk == "docker"
    assert api.space_info(space).private


def test_the_command_line_creates_and_deletes(hf: HfCommand, api: HfApi, name: str) -> None:
    space = f"rehearsal-pro/{name}"
    created = hf("repos", "create", space, "--type", "space", "--sdk", "static", "--private")
    assert created.returncode == 0, created.stderr
    assert api.space_info(space).private
    missing = hf("spaces", "info", "rehearsal-pro/never-made")
    assert missing.returncode == 1
    assert "not found" in missing.stderr
    assert hf("spaces", "info", space, "--expand", "runtime,sha").returncode == 0
    assert space in hf("spaces", "ls", "--author", "rehearsal-pro", "--format", "json").stdout
    assert hf("repos", "delete", space, "--type", "space", "-y").returncode == 0
    assert not api.repo_exists(space, repo_type="space")


def test_hardware_list(api: HfApi) -> None:
    flavors = {flavor.name: flavor for flavor in api.list_spaces_hardware()}
    assert flavors["cpu-basic"].unit_cost_usd == 0
    assert flavors["t4-small"].unit_cost_usd * 60 == pytest.approx(0.40, abs=0.001)
    assert "rtx-pro-6000" not in flavors


def test_quota_depends_on_the_plan(hub: Hub) -> None:
    assert hub.api("rehearsal-pro").get_zero_gpu_quota().base == 2400
    assert hub.api("rehearsal-free").get_zero_gpu_quota().remaining == 300
    with pytest.raises(HfHubHTTPError, match="401"):
        hub.api(None).get_zero_gpu_quota()


def test_validate_yaml_needs_no_token(send: SendRaw) -> None:
    body = '{"content": "---\\nsdk: gradio\\ncolorFrom: orange\\n---\\n", "repoType": "space"}'
    answer = send("POST", "/api/validate-yaml", body=body)
    assert answer.status == 400
    assert answer.json()["errors"][0]["message"] == (
        '"colorFrom" must be one of [red, yellow, green, blue, indigo, purple, pink, gray]'
    )


def test_a_bad_card_stops_an_upload(api: HfApi, space: str) -> None:
    before = api.space_info(space).sha
    text = "---\nsdk: static\nshort_description: " + "x" * 61 + "\n---\n"
    with pytest.raises(ValueError, match="length must be less than or equal to 60 characters"):
        api.upload_file(
            path_or_fileobj=text.encode(),
            path_in_repo="README.md",
            repo_id=space,
            repo_type="space",
        )
    assert api.space_info(space).sha == before


def test_bad_sort_is_refused(hub: Hub) -> None:
    with pytest.raises(BadRequestError, match="sort must be one of"):
        list(hub.api(None).list_spaces(sort="colour"))  # type: ignore[arg-type]


def test_a_gate_set_through_the_interface(hub: Hub, api: HfApi, name: str) -> None:
    model = api.create_repo(f"rehearsal-pro/{name}").repo_id
    api.upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id=model)
    api.update_repo_settings(model, gated="manual")
    assert api.model_info(model).gated == "manual"
    stranger = hub.api("rehearsal-free")
    with pytest.raises(GatedRepoError):
        stranger.auth_check(model)
    assert stranger.model_info(model).gated == "manual"
    api.auth_check(model)
    api.update_repo_settings(model, gated=False)
    stranger.auth_check(model)
    with pytest.raises(ValueError, match="gated"):
        api.update_repo_settings(model, gated="yes")  # type: ignore[arg-type] # on purpose


def test_a_wrong_gate_is_named(send: SendRaw, space: str) -> None:
    address = f"/api/spaces/{space}/settings"
    answer = send("PUT", address, account="rehearsal-pro", body='{"gated": "yes"}')
    assert (answer.status, "gated must be one of" in answer.json()["error"]) == (400, True)


def test_an_old_name_redirects_those_who_may_read(
    hub: Hub, api: HfApi, send: SendRaw, space: str, name: str
) -> None:
    api.update_repo_settings(space, private=True, repo_type="space")
    api.move_repo(space, f"rehearsal-pro/{name}-new", repo_type="space")
    answer = send("GET", f"/api/spaces/{space}/tree/main?recursive=true", account="rehearsal-pro")
    assert answer.status == 307
    expected = f"/api/spaces/rehearsal-pro/{name}-new/tree/main?recursive=true"
    assert answer.headers["location"] == expected
    assert send("GET", f"/api/spaces/{space}", account="rehearsal-free").status == 404
    api.create_repo(space, repo_type="space", space_sdk="static")
    assert api.space_info(space).id == space


def test_a_name_without_a_namespace_is_a_missing_repository(hub: Hub, api: HfApi) -> None:
    assert not api.repo_exists("gpt2")
    assert not api.file_exists("gpt2", "config.json")
    assert not hub.api(None).repo_exists("gpt2")
    with pytest.raises(RepositoryNotFoundError):
        api.list_repo_commits("gpt2")


def test_nobody_likes_anything(api: HfApi, space: str) -> None:
    api.unlike(space, repo_type="space")
    assert list(api.list_repo_likers(space, repo_type="space")) == []
    assert api.list_liked_repos("rehearsal-free").total == 0
    with pytest.raises(RepositoryNotFoundError):
        api.unlike("rehearsal-pro/never-made")
