"""The life of a Space, from its creation to its deletion, through the real client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    DiscussionComment,
    HfApi,
    hf_hub_download,
)
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder

from .conftest import Target

STARTING = {"BUILDING", "APP_STARTING"}
"""A build with nothing to install may be over before anybody looks."""

PAGE = b"<!doctype html><title>Contract</title><p>Hello"


@pytest.fixture
def api(target: Target) -> HfApi:
    return target.api


def add(api: HfApi, space: str, path: str, content: bytes, revision: str = "main") -> str:
    made = api.create_commit(
        space,
        [CommitOperationAdd(path, content)],
        commit_message=f"Add {path}",
        repo_type="space",
        revision=revision,
    )
    return made.oid


def test_a_new_space_is_there_once(api: HfApi, target: Target, space: str) -> None:
    found = api.space_info(space)
    assert (found.id, found.author, found.sdk) == (space, target.namespace, "static")
    assert found.private
    assert found.sha
    assert api.create_repo(space, repo_type="space", space_sdk="static", exist_ok=True) == (
        f"{target.endpoint}/spaces/{space}"
    )
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo(space, repo_type="space", space_sdk="static")
    assert refused.value.response.status_code == 409


def test_a_private_space_is_hidden_from_strangers(target: Target, space: str) -> None:
    status, _ = Target(target.endpoint, "", "").send("GET", f"/api/spaces/{space}")
    assert status == 401


def test_a_commit_is_what_is_read_back(api: HfApi, space: str, tmp_path: Path) -> None:
    made = add(api, space, "folder/ä page.html", PAGE)
    assert api.space_info(space).sha == made
    assert api.list_repo_commits(space, repo_type="space")[0].commit_id == made
    path = hf_hub_download(
        space,
        "folder/ä page.html",
        repo_type="space",
        endpoint=api.endpoint,
        token=api.token,
        cache_dir=tmp_path,
    )
    assert Path(path).read_bytes() == PAGE


def test_the_tree_has_files_and_folders(api: HfApi, space: str) -> None:
    add(api, space, "folder/page.html", PAGE)
    flat = {item.path: item for item in api.list_repo_tree(space, repo_type="space")}
    assert isinstance(flat["folder"], RepoFolder)
    assert isinstance(flat["README.md"], RepoFile)
    assert "folder/page.html" not in flat
    (file,) = api.get_paths_info(space, ["folder/page.html", "missing"], repo_type="space")
    assert isinstance(file, RepoFile)
    assert file.size == len(PAGE)
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree(space, "missing", repo_type="space"))


def test_files_and_folders_are_deleted(api: HfApi, space: str) -> None:
    add(api, space, "folder/page.html", PAGE)
    add(api, space, "other.html", PAGE)
    operations = [CommitOperationDelete("folder/"), CommitOperationDelete("other.html")]
    api.create_commit(space, operations, commit_message="Delete", repo_type="space")
    assert not {"folder/page.html", "other.html"} & set(
        api.list_repo_files(space, repo_type="space")
    )


def test_a_commit_on_an_old_head_is_refused(api: HfApi, space: str) -> None:
    old = api.space_info(space).sha
    add(api, space, "one.html", PAGE)
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_commit(
            space,
            [CommitOperationAdd("two.html", PAGE)],
            commit_message="Add on an old head",
            repo_type="space",
            parent_commit=old,
        )
    assert refused.value.response.status_code == 412
    assert "two.html" not in api.list_repo_files(space, repo_type="space")


def test_branches_and_tags(api: HfApi, space: str) -> None:
    head = api.space_info(space).sha
    api.create_branch(space, branch="draft", repo_type="space")
    api.create_tag(space, tag="v1", repo_type="space")
    add(api, space, "draft.html", PAGE, revision="draft")
    references = api.list_repo_refs(space, repo_type="space")
    assert {branch.name for branch in references.branches} == {"main", "draft"}
    assert {(tag.name, tag.target_commit) for tag in references.tags} == {("v1", head)}
    assert api.space_info(space, revision="draft").sha != head
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_branch(space, branch="draft", repo_type="space")
    assert refused.value.response.status_code == 409
    api.delete_branch(space, branch="draft", repo_type="space")
    api.delete_tag(space, tag="v1", repo_type="space")
    with pytest.raises(RevisionNotFoundError):
        api.space_info(space, revision="draft")


def test_a_discussion(api: HfApi, target: Target, space: str) -> None:
    opened = api.create_discussion(space, "A question", description="Why?", repo_type="space")
    api.comment_discussion(space, opened.num, "Because.", repo_type="space")
    renamed = api.rename_discussion(space, opened.num, "An answer", repo_type="space")
    assert (renamed.old_title, renamed.new_title) == ("A question", "An answer")
    api.change_discussion_status(space, opened.num, "closed", repo_type="space")
    found = api.get_discussion_details(space, opened.num, repo_type="space")
    assert (found.title, found.status, found.author) == ("An answer", "closed", target.namespace)
    comments = [event for event in found.events if isinstance(event, DiscussionComment)]
    assert [comment.content for comment in comments] == ["Why?", "Because."]
    edited = api.edit_discussion_comment(
        space, opened.num, comments[1].id, "Therefore.", repo_type="space"
    )
    assert (edited.content, edited.edited) == ("Therefore.", True)


def test_a_pull_request_is_merged(api: HfApi, space: str) -> None:
    made = api.upload_file(
        path_or_fileobj=PAGE,
        path_in_repo="proposed.html",
        repo_id=space,
        repo_type="space",
        create_pr=True,
    )
    assert made.pr_num is not None
    assert "proposed.html" not in api.list_repo_files(space, repo_type="space")
    proposed = api.get_discussion_details(space, made.pr_num, repo_type="space")
    assert proposed.is_pull_request
    assert "+++ b/proposed.html" in (proposed.diff or "")
    api.merge_pull_request(space, made.pr_num, repo_type="space")
    merged = api.get_discussion_details(space, made.pr_num, repo_type="space")
    assert merged.status == "merged"
    assert merged.merge_commit_oid == api.space_info(space).sha
    assert "proposed.html" in api.list_repo_files(space, repo_type="space")


def test_variables_and_secrets(api: HfApi, space: str) -> None:
    api.add_space_variable(space, "MODE", "fast", description="How")
    assert api.get_space_variables(space)["MODE"].value == "fast"
    api.add_space_variable(space, "MODE", "slow")
    assert api.get_space_variables(space)["MODE"].value == "slow"
    api.add_space_secret(space, "PASSWORD", "not told")
    assert "not told" not in str(api.get_space_secrets(space))
    assert api.get_space_secrets(space).keys() == {"PASSWORD"}
    api.delete_space_variable(space, "MODE")
    api.delete_space_secret(space, "PASSWORD")
    # What is missing already may be deleted again.
    api.delete_space_variable(space, "MODE")
    api.delete_space_secret(space, "PASSWORD")
    assert api.get_space_variables(space) == {}
    assert api.get_space_secrets(space) == {}


def test_a_static_space_runs_without_hardware(api: HfApi, space: str) -> None:
    add(api, space, "index.html", PAGE)
    runtime = api.wait_for_space(space, timeout=60)
    assert (runtime.stage, runtime.hardware, runtime.requested_hardware) == ("RUNNING", None, None)


def test_an_old_name_leads_to_the_new_one(
    api: HfApi, space: str, new_name: Callable[[], str]
) -> None:
    renamed = new_name()
    api.move_repo(space, renamed, repo_type="space")
    assert api.space_info(space).id == renamed
    assert api.list_repo_files(space, repo_type="space")


def test_a_deleted_space_is_gone(api: HfApi, space: str) -> None:
    api.delete_repo(space, repo_type="space")
    assert not api.repo_exists(space, repo_type="space")
    with pytest.raises(RepositoryNotFoundError):
        api.space_info(space)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(space, repo_type="space")


def test_an_app_is_built_paused_and_restarted(api: HfApi, app_space: str) -> None:
    add(api, app_space, "app.py", b'raise SystemExit("the app ends here")\n')
    assert api.get_space_runtime(app_space).stage in STARTING
    assert api.wait_for_space(app_space, timeout=110).stage == "RUNTIME_ERROR"
    assert list(api.fetch_space_logs(app_space, build=True))
    assert "the app ends here" in "".join(api.fetch_space_logs(app_space))
    assert api.pause_space(app_space).stage == "PAUSED"
    assert api.restart_space(app_space).stage in STARTING
    assert api.wait_for_space(app_space, timeout=110).stage == "RUNTIME_ERROR"
