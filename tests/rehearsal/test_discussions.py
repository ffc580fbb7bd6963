"""Discussions: how a grant is asked for."""

from __future__ import annotations

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.conftest import Hub

from .conftest import HfCommand, SendRaw


def test_a_stranger_asks_and_the_owner_answers(hub: Hub, api: HfApi, space: str) -> None:
    free = hub.api("rehearsal-free")
    opened = free.create_discussion(space, "A question", description="Why?", repo_type="space")
    assert opened.num == 1
    api.comment_discussion(space, 1, "Because.", repo_type="space")
    closed = api.change_discussion_status(space, 1, "closed", comment="Done", repo_type="space")
    assert closed.new_status == "closed"
    details = free.get_discussion_details(space, 1, repo_type="space")
    assert details.status == "closed"
    texts = [event.content for event in details.events if event.type == "comment"]  # type: ignore[attr-defined]
    assert texts == ["Why?", "Because.", "Done"]
    assert details.author == "rehearsal-free"
    found = api.get_repo_discussions(space, repo_type="space", discussion_status="open")
    assert list(found) == []


def test_a_pull_request_counts_with_the_discussions(api: HfApi, space: str) -> None:
    api.create_discussion(space, "First", repo_type="space")
    change = api.create_pull_request(space, "Second", repo_type="space")
    assert (change.num, change.status, change.is_pull_request) == (2, "draft", True)
    kinds = api.get_repo_discussions(space, repo_type="space", discussion_type="pull_request")
    assert [item.num for item in kinds] == [2]


def test_only_the_author_and_writers_close(hub: Hub, api: HfApi, space: str) -> None:
    api.create_discussion(space, "Mine", repo_type="space")
    with pytest.raises(HfHubHTTPError, match="403"):
        hub.api("rehearsal-free").change_discussion_status(space, 1, "closed", repo_type="space")


@pytest.mark.parametrize(("number", "status"), [("7", 404), ("x", 400), ("²", 400)])
def test_a_number_that_is_none(send: SendRaw, space: str, number: str, status: int) -> None:
    from urllib.parse import quote

    assert send("GET", f"/api/spaces/{space}/discussions/{quote(number)}").status == status


def test_the_command_line_opens_one(hf: HfCommand, api: HfApi, space: str) -> None:
    ran = hf(
        "discussions", "create", space, "--type", "space", "--title", "Grant", "--body", "Please"
    )
    assert ran.returncode == 0, ran.stderr
    assert [item.title for item in api.get_repo_discussions(space, repo_type="space")] == ["Grant"]


def propose(api: HfApi, space: str, path: str, content: str) -> int:
    made = api.upload_file(
        path_or_fileobj=content.encode(),
        path_in_repo=path,
        repo_id=space,
        repo_type="space",
        create_pr=True,
    )
    assert made.pr_num is not None
    return made.pr_num


def test_a_stranger_proposes_and_the_owner_merges(hub: Hub, api: HfApi, space: str) -> None:
    free = hub.api("rehearsal-free")
    number = propose(free, space, "index.html", "<p>Better")
    api.upload_file(
        path_or_fileobj=b"meanwhile", path_in_repo="other", repo_id=space, repo_type="space"
    )
    with pytest.raises(HfHubHTTPError, match="403"):
        free.merge_pull_request(space, number, repo_type="space")
    api.merge_pull_request(space, number, repo_type="space")
    assert {"index.html", "other"} <= set(api.list_repo_files(space, repo_type="space"))
    newest = api.list_repo_commits(space, repo_type="space")[0]
    assert newest.title == f"Upload index.html with huggingface_hub (#{number})"
    # The Space had no page before: the merge was a push.
    assert api.wait_for_space(space, timeout=30).stage == "RUNNING"
    with pytest.raises(HfHubHTTPError, match="no open pull request"):
        api.merge_pull_request(space, number, repo_type="space")


def test_a_merge_of_what_both_changed_is_refused(api: HfApi, space: str) -> None:
    number = propose(api, space, "shared", "theirs")
    api.upload_file(
        path_or_fileobj=b"ours", path_in_repo="shared", repo_id=space, repo_type="space"
    )
    head = api.space_info(space).sha
    details = api.get_discussion_details(space, number, repo_type="space")
    assert details.conflicting_files == ["shared"]
    with pytest.raises(HfHubHTTPError, match="Both sides changed shared"):
        api.merge_pull_request(space, number, repo_type="space")
    assert api.space_info(space).sha == head


def test_a_merge_deletes_what_was_deleted(api: HfApi, space: str) -> None:
    api.upload_file(path_or_fileobj=b"x", path_in_repo="old", repo_id=space, repo_type="space")
    made = api.delete_file("old", space, repo_type="space", create_pr=True)
    assert made.pr_num is not None
    api.merge_pull_request(space, made.pr_num, repo_type="space")
    assert "old" not in api.list_repo_files(space, repo_type="space")


def test_comments_are_edited_by_their_authors_and_by_writers(
    hub: Hub, api: HfApi, space: str
) -> None:
    free = hub.api("rehearsal-free")
    api.create_discussion(space, "Mine", description="first", repo_type="space")
    (comment,) = api.get_discussion_details(space, 1, repo_type="space").events
    with pytest.raises(HfHubHTTPError, match="403"):
        free.edit_discussion_comment(space, 1, comment.id, "second", repo_type="space")
    with pytest.raises(HfHubHTTPError, match="has no comment"):
        api.edit_discussion_comment(space, 1, "0" * 24, "second", repo_type="space")
    with pytest.warns(UserWarning, match="irreversible"):
        hidden = api.hide_discussion_comment(space, 1, comment.id, repo_type="space")
    assert (hidden.hidden, "first" in hidden.content) == (True, False)


def test_only_the_author_and_writers_rename(hub: Hub, api: HfApi, space: str) -> None:
    api.create_discussion(space, "Mine", repo_type="space")
    with pytest.raises(HfHubHTTPError, match="403"):
        hub.api("rehearsal-free").rename_discussion(space, 1, "Yours", repo_type="space")
    assert api.get_discussion_details(space, 1, repo_type="space").title == "Mine"
