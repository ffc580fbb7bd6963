"""Commits: by the real client, by hand, at the same time, and on pull requests."""

from __future__ import annotations

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
)
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.conftest import Hub

from .conftest import HfCommand, SendRaw


def read(api: HfApi, space: str, path: str, revision: str | None = None) -> bytes:
    return Path(api.hf_hub_download(space, path, repo_type="space", revision=revision)).read_bytes()


def commit_body(*operations: tuple[str, dict[str, object]], parent: str | None = None) -> str:
    header: dict[str, object] = {"summary": "by hand", "description": ""}
    if parent is not None:
        header["parentCommit"] = parent
    lines = [("header", header), *operations]
    return "\n".join(json.dumps({"key": key, "value": value}) for key, value in lines)


def added(path: object, content: bytes = b"x") -> tuple[str, dict[str, object]]:
    encoded = base64.b64encode(content).decode()
    return "file", {"path": path, "content": encoded, "encoding": "base64"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with names and contents that break careless code."""
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "index.html").write_text("<h1>hi</h1>")
    (tmp_path / "sub dir" / "größe ✓ %41.txt").write_text("ü")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "image.bin").write_bytes(os.urandom(12_000_000))
    return tmp_path


def test_a_folder_arrives_byte_for_byte(api: HfApi, space: str, folder: Path) -> None:
    commit = api.upload_folder(
        repo_id=space, repo_type="space", folder_path=folder, commit_message="files"
    )
    assert api.space_info(space).sha == commit.oid
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            assert read(api, space, name) == path.read_bytes()


def test_what_is_there_already_is_not_sent_again(api: HfApi, space: str, folder: Path) -> None:
    options: dict[str, Any] = {"repo_id": space, "repo_type": "space", "folder_path": folder}
    api.upload_folder(**options, commit_message="first")
    before = api.space_info(space).sha
    api.upload_folder(**options, commit_message="second")
    assert api.space_info(space).sha == before


def test_a_commit_that_changes_nothing_is_not_made(api: HfApi, space: str, send: SendRaw) -> None:
    head = api.space_info(space).sha
    path = f"/api/spaces/{space}/commit/main"
    readme = read(api, space, "README.md")
    answer = send(
        "POST", path, account="rehearsal-pro", body=commit_body(added("README.md", readme))
    )
    assert answer.json()["commitOid"] == head


def test_add_delete_and_copy(api: HfApi, space: str) -> None:
    operations = [CommitOperationAdd(f"a/{n}.txt", str(n).encode()) for n in range(60)]
    api.create_commit(space, operations, commit_message="many", repo_type="space")
    api.create_commit(
        space,
        [
            CommitOperationDelete("a/1.txt"),
            CommitOperationAdd("b", b"b"),
            CommitOperationCopy("a/2.txt", "c"),
        ],
        commit_message="changes",
        repo_type="space",
    )
    files = set(api.list_repo_files(space, repo_type="space"))
    assert len(files) == 2 + 59 + 2
    assert read(api, space, "c") == b"2"
    api.delete_folder("a", space, repo_type="space")
    assert set(api.list_repo_files(space, repo_type="space")) == {
        ".gitattributes",
        "README.md",
        "b",
        "c",
    }


def test_deleting_what_is_not_there_changes_nothing(api: HfApi, space: str) -> None:
    before = api.space_info(space).sha
    with pytest.raises(EntryNotFoundError):
        api.create_commit(
            space,
            [CommitOperationAdd("new", b""), CommitOperationDelete("nothing")],
            commit_message="x",
            repo_type="space",
        )
    assert api.space_info(space).sha == before


def test_gitignore_of_the_upload_and_of_the_repository(
    api: HfApi, space: str, tmp_path: Path
) -> None:
    (tmp_path / ".gitignore").write_text("*.log\n!keep.log\n")
    for name in ("app.log", "keep.log", "index.html"):
        (tmp_path / name).write_text(name)
    api.upload_folder(repo_id=space, repo_type="space", folder_path=tmp_path)
    (tmp_path / ".gitignore").unlink()
    (tmp_path / "other.log").write_text("x")
    api.upload_folder(repo_id=space, repo_type="space", folder_path=tmp_path)
    files = api.list_repo_files(space, repo_type="space")
    assert "keep.log" in files
    assert ".gitignore" in files
    assert not {"app.log", "other.log"} & set(files)


def test_a_stale_parent_is_a_conflict_that_names_the_head(api: HfApi, space: str) -> None:
    old = api.space_info(space).sha
    options: dict[str, Any] = {"repo_id": space, "repo_type": "space", "parent_commit": old}
    api.upload_file(path_or_fileobj=b"1", path_in_repo="a", **options)
    head = api.space_info(space).sha
    with pytest.raises(HfHubHTTPError) as refused:
        api.upload_file(path_or_fileobj=b"2", path_in_repo="a", **options)
    assert refused.value.response.status_code == 412
    assert refused.value.response.json()["head"] == head
    assert api.space_info(space).sha == head


def test_of_two_commits_on_one_parent_exactly_one_is_made(api: HfApi, space: str) -> None:
    for turn in range(3):
        parent = api.space_info(space).sha

        def push(number: int, parent: str | None = parent, turn: int = turn) -> int:
            try:
                api.upload_file(
                    path_or_fileobj=f"{turn} {number}".encode(),
                    path_in_repo="contested",
                    repo_id=space,
                    repo_type="space",
                    parent_commit=parent,
                )
            except HfHubHTTPError as error:
                return error.response.status_code
            return 200

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(push, range(2))) == [200, 412]
    assert len(api.list_repo_commits(space, repo_type="space")) == 4


def test_commits_without_a_parent_are_all_kept(api: HfApi, space: str) -> None:
    def push(number: int) -> str:
        return api.upload_file(
            path_or_fileobj=b"",
            path_in_repo=f"file-{number}",
            repo_id=space,
            repo_type="space",
        ).oid

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(push, range(12)))
    history = {commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")}
    assert made <= history
    assert len(api.list_repo_files(space, repo_type="space")) == 2 + 12


def test_a_pull_request_from_a_file(api: HfApi, space: str) -> None:
    head = api.space_info(space).sha
    for number in (1, 2):
        made = api.upload_file(
            path_or_fileobj=b"pr",
            path_in_repo=f"pr-{number}.txt",
            repo_id=space,
            repo_type="space",
            create_pr=True,
        )
        assert (made.pr_num, made.pr_revision) == (number, f"refs/pr/{number}")
    assert api.space_info(space).sha == head
    assert read(api, space, "pr-1.txt", "refs/pr/1") == b"pr"
    with pytest.raises(EntryNotFoundError):
        read(api, space, "pr-1.txt", "refs/pr/2")
    refs = api.list_repo_refs(space, repo_type="space", include_pull_requests=True)
    assert [ref.ref for ref in refs.pull_requests or []] == ["refs/pr/1", "refs/pr/2"]
    assert {item.num for item in api.get_repo_discussions(space, repo_type="space")} == {1, 2}


def test_a_pull_request_from_a_folder_and_a_commit_to_it(
    api: HfApi, space: str, folder: Path
) -> None:
    made = api.upload_folder(repo_id=space, repo_type="space", folder_path=folder, create_pr=True)
    assert made.pr_revision == "refs/pr/1"
    api.upload_file(
        path_or_fileobj=b"more",
        path_in_repo="more.txt",
        repo_id=space,
        repo_type="space",
        revision="refs/pr/1",
    )
    assert "more.txt" in api.list_repo_files(space, repo_type="space", revision="refs/pr/1")
    assert "more.txt" not in api.list_repo_files(space, repo_type="space")
    details = api.get_discussion_details(space, 1, repo_type="space")
    assert details.is_pull_request


def test_whoever_sees_a_space_may_propose_a_change(
    hub: Hub, api: HfApi, space: str, tmp_path: Path
) -> None:
    (tmp_path / "idea.txt").write_text("an idea")
    free = hub.api("rehearsal-free")
    options: dict[str, Any] = {"repo_id": space, "repo_type": "space"}
    made = free.upload_folder(folder_path=tmp_path, create_pr=True, **options)
    assert made.pr_revision == "refs/pr/1"
    second = free.upload_file(path_or_fileobj=b"x", path_in_repo="x", create_pr=True, **options)
    assert second.pr_num == 2
    api.create_pull_request(space, "Not theirs", repo_type="space")
    for revision in ("main", "refs/pr/3", "refs/pr/99"):
        with pytest.raises(HfHubHTTPError, match="no write access"):
            free.upload_file(path_or_fileobj=b"x", path_in_repo="x", revision=revision, **options)
    with pytest.raises(HfHubHTTPError, match="role read"):
        hub.api("rehearsal-reader").upload_file(
            path_or_fileobj=b"x", path_in_repo="x", create_pr=True, **options
        )
    api.update_repo_settings(space, private=True, repo_type="space")
    with pytest.raises(RepositoryNotFoundError):
        free.upload_file(path_or_fileobj=b"x", path_in_repo="x", create_pr=True, **options)


def test_an_unknown_revision_is_refused(api: HfApi, space: str) -> None:
    with pytest.raises(RevisionNotFoundError):
        api.upload_file(
            path_or_fileobj=b"",
            path_in_repo="x",
            repo_id=space,
            repo_type="space",
            revision="nowhere",
        )


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "..\\x",
        "/etc/passwd",
        "a/../../x",
        ".git/config",
        "a/.GIT/hooks/x",
        "a//b",
        "",
        "a\u0000b",
        7,
        "x" * 256,
        "\ud800",
    ],
)
def test_a_path_may_not_leave_the_repository(
    api: HfApi, space: str, send: SendRaw, path: object
) -> None:
    before = api.space_info(space).sha
    answer = send(
        "POST",
        f"/api/spaces/{space}/commit/main",
        account="rehearsal-pro",
        body=commit_body(added(path)),
    )
    assert answer.status == (422 if isinstance(path, str) else 400)
    assert "path" in answer.json()["error"]
    assert api.space_info(space).sha == before


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("not json", "JSON"),
        ("[1]", "key"),
        (commit_body(("surprise", {})), "surprise"),
        (commit_body(("lfsFile", {"path": "x", "oid": "0"})), "lfsFile"),
        (commit_body(("file", {"path": "x", "content": "%%", "encoding": "base64"})), "base64"),
        (commit_body(("file", {"path": "x", "content": "", "encoding": "rot13"})), "encoding"),
        (json.dumps({"key": "header", "value": {"summary": " "}}), "summary"),
        (json.dumps({"key": "file", "value": {"path": "x", "content": ""}}), "header"),
        (commit_body(added("a"), added("a/b")), "is a file"),
        (commit_body(added("README.md", b"---\nsdk: react\n---\n")), '"sdk" must be one of'),
        ("", "header"),
    ],
)
def test_a_malformed_commit_changes_nothing(
    api: HfApi, space: str, send: SendRaw, body: str, part: str
) -> None:
    before = api.space_info(space).sha
    path = f"/api/spaces/{space}/commit/main"
    answer = send("POST", path, account="rehearsal-pro", body=body)
    assert answer.status == 400
    assert part in answer.json()["error"]
    assert api.space_info(space).sha == before


def test_hf_upload(hf: HfCommand, api: HfApi, space: str, folder: Path) -> None:
    uploaded = hf("upload", space, str(folder), ".", "--repo-type", "space")
    assert uploaded.returncode == 0, uploaded.stderr
    assert "image.bin" in api.list_repo_files(space, repo_type="space")
    target = folder / "download"
    downloaded = hf("download", space, "--repo-type", "space", "--local-dir", str(target))
    assert downloaded.returncode == 0, downloaded.stderr
    assert (target / "image.bin").read_bytes() == (folder / "image.bin").read_bytes()


def test_a_card_is_judged_in_plain_words_too(send: SendRaw) -> None:
    answer = send(
        "POST",
        "/api/validate-yaml",
        body=json.dumps({"content": "---\nlicense: MIT\n---\n", "repoType": "space"}),
        headers={"Accept": "text/plain"},
    )
    assert answer.status == 400
    assert answer.text.startswith('- Error: "license" must be one of [')
