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
