"""Reading files, revisions and histories."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, HfApi
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile, RepoFolder

from .conftest import SendRaw


@pytest.fixture
def filled(api: HfApi, space: str) -> str:
    """A Space with a file in a folder whose name needs encoding."""
    api.upload_file(
        path_or_fileobj=b"0123456789",
        path_in_repo="sub dir/ä.txt",
        repo_id=space,
        repo_type="space",
        commit_message="add a file",
        commit_description="and say why",
    )
    return space


def test_tree_of_a_folder_with_the_commit_that_made_it(api: HfApi, filled: str) -> None:
    root = list(api.list_repo_tree(filled, repo_type="space"))
    assert [item.path for item in root if isinstance(item, RepoFolder)] == ["sub dir"]
    (file,) = api.list_repo_tree(filled, "sub dir", repo_type="space", expand=True)
    assert isinstance(file, RepoFile)
    assert (file.path, file.size) == ("sub dir/ä.txt", 10)
    assert file.last_commit is not None
    assert file.last_commit.title == "add a file"
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree(filled, "nothing", repo_type="space"))


def test_last_commit_is_the_one_that_changed_the_file(api: HfApi, filled: str) -> None:
    api.upload_file(path_or_fileobj=b"x", path_in_repo="later", repo_id=filled, repo_type="space")
    (file,) = api.get_paths_info(filled, ["sub dir/ä.txt"], expand=True, repo_type="space")
    assert file.last_commit is not None
    assert file.last_commit.title == "add a file"


def test_paths_info_leaves_unknown_paths_out(api: HfApi, filled: str) -> None:
    found = api.get_paths_info(filled, ["README.md", "sub dir", "no", "a/b/c"], repo_type="space")
    assert {item.path for item in found} == {"README.md", "sub dir"}


def test_history_and_old_revisions(api: HfApi, filled: str) -> None:
    newest, oldest = api.list_repo_commits(filled, repo_type="space")
    assert (newest.title, newest.message) == ("add a file", "and say why")
    assert newest.authors == ["rehearsal-pro"]
    assert api.space_info(filled, revision=oldest.commit_id).sha == oldest.commit_id
    files = api.list_repo_files(filled, repo_type="space", revision=oldest.commit_id)
    assert "sub dir/ä.txt" not in files


def test_history_comes_in_pages(send: SendRaw, api: HfApi, filled: str) -> None:
    first = send("GET", f"/api/spaces/{filled}/commits/main?limit=1")
    assert len(first.json()) == 1
    assert 'rel="next"' in first.headers["link"]
    second = send("GET", f"/api/spaces/{filled}/commits/main?limit=1&p=1")
    assert "link" not in second.headers
    assert first.json() != second.json()


def test_branches_and_tags(api: HfApi, filled: str) -> None:
    api.create_branch(filled, branch="feature/x", repo_type="space")
    api.create_tag(filled, tag="v1", repo_type="space")
    refs = api.list_repo_refs(filled, repo_type="space")
    assert {branch.name for branch in refs.branches} == {"main", "feature/x"}
    assert [tag.name for tag in refs.tags] == ["v1"]
    api.upload_file(
        path_or_fileobj=b"1",
        path_in_repo="only-there",
        repo_id=filled,
        repo_type="space",
        revision="feature/x",
    )
    assert "only-there" in api.list_repo_files(filled, repo_type="space", revision="feature/x")
    assert "only-there" not in api.list_repo_files(filled, repo_type="space", revision="v1")
    with pytest.raises(HfHubHTTPError, match="already exists"):
        api.create_branch(filled, branch="feature/x", repo_type="space")
    with pytest.raises(HfHubHTTPError, match="not a valid git reference"):
        api.create_branch(filled, branch="a b", repo_type="space")
    api.delete_branch(filled, branch="feature/x", repo_type="space")
    api.delete_tag(filled, tag="v1", repo_type="space")
    with pytest.raises(HfHubHTTPError, match="Cannot delete refs/heads/main"):
        api.delete_branch(filled, branch="main", repo_type="space")
    assert len(api.list_repo_refs(filled, repo_type="space").branches) == 1


def test_missing_file_and_revision(api: HfApi, filled: str) -> None:
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download(filled, "no.txt", repo_type="space")
    with pytest.raises(RevisionNotFoundError):
        api.hf_hub_download(filled, "README.md", repo_type="space", revision="no")
    with pytest.raises(RevisionNotFoundError):
        api.space_info(filled, revision="0" * 40)


def test_snapshot(api: HfApi, filled: str) -> None:
    folder = Path(api.snapshot_download(filled, repo_type="space"))
    assert (folder / "sub dir" / "ä.txt").read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-99", 206, b"0123456789"),
    ],
)
def test_ranges(send: SendRaw, filled: str, wanted: str, status: int, part: bytes) -> None:
    path = f"/spaces/{filled}/resolve/main/sub%20dir/%C3%A4.txt"
    answer = send("GET", path, headers={"Range": wanted})
    assert (answer.status, answer.body) == (status, part)
    assert answer.headers["content-range"].endswith("/10")


def test_a_range_outside_is_refused(send: SendRaw, filled: str) -> None:
    path = f"/spaces/{filled}/resolve/main/sub%20dir/%C3%A4.txt"
    assert send("GET", path, headers={"Range": "bytes=10-"}).status == 416
    assert send("GET", path, headers={"Range": "lines=1"}).status == 400


def test_head_tells_size_and_commit(send: SendRaw, api: HfApi, filled: str) -> None:
    answer = send("HEAD", f"/spaces/{filled}/resolve/main/sub%20dir%2F%C3%A4.txt")
    assert answer.headers["content-length"] == "10"
    assert answer.headers["x-repo-commit"] == api.space_info(filled).sha
    assert answer.body == b""


def test_an_uploaded_page_can_not_run_as_the_hubs_own(
    api: HfApi, send: SendRaw, filled: str
) -> None:
    api.upload_file(
        path_or_fileobj=b"<script>1</script>",
        path_in_repo="evil.html",
        repo_id=filled,
        repo_type="space",
    )
    answer = send("GET", f"/spaces/{filled}/resolve/main/evil.html")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_revision_is_one_encoded_segment(api: HfApi, send: SendRaw, filled: str) -> None:
    api.create_pull_request(filled, "a change", repo_type="space")
    assert send("GET", f"/api/spaces/{filled}/tree/refs%2Fpr%2F1").status == 200
    assert send("GET", f"/api/spaces/{filled}/tree/main/sub%20dir").status == 200
    assert send("GET", f"/api/spaces/{filled}/revision/refs%2Fpr%2F1").status == 200
    assert send("GET", f"/api/spaces/{filled}/revision/refs/pr/1").status == 404
    assert send("GET", f"/api/spaces/{filled}/tree/%FF").status == 400
    assert send("PATCH", f"/api/spaces/{filled}").status == 405


def test_squashing_keeps_the_files_and_forgets_the_history(api: HfApi, filled: str) -> None:
    files = api.list_repo_files(filled, repo_type="space")
    api.super_squash_history(filled, repo_type="space", commit_message="Start again")
    (only,) = api.list_repo_commits(filled, repo_type="space")
    assert only.title == "Start again"
    assert api.list_repo_files(filled, repo_type="space") == files


def test_commit_texts_as_html(api: HfApi, filled: str) -> None:
    add = CommitOperationAdd("x", b"x")
    api.create_commit(filled, [add], commit_message="a < b", repo_type="space")
    newest = api.list_repo_commits(filled, repo_type="space", formatted=True)[0]
    assert (newest.title, newest.formatted_title) == ("a < b", "a &lt; b")


def test_a_pull_request_is_based_on_a_branch(api: HfApi, filled: str) -> None:
    head = api.space_info(filled).sha
    with pytest.raises(RevisionNotFoundError):
        api.upload_file(
            path_or_fileobj=b"x",
            path_in_repo="x",
            repo_id=filled,
            repo_type="space",
            revision=head,
            create_pr=True,
        )


CONTENT = b"weights" * 1000
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def with_weights(api: HfApi, space: str) -> str:
    """A Space with a file that `.gitattributes` gives to LFS."""
    add = CommitOperationAdd("sub/model.safetensors", CONTENT)
    api.create_commit(space, [add], commit_message="Add weights", repo_type="space")
    return space


def test_a_large_file_is_told_as_on_the_platform(
    api: HfApi, with_weights: str, tmp_path: Path, send: SendRaw
) -> None:
    path = "sub/model.safetensors"
    (file,) = api.get_paths_info(with_weights, [path], repo_type="space")
    assert isinstance(file, RepoFile)
    assert file.lfs is not None
    assert (file.size, file.lfs.size, file.lfs.sha256) == (len(CONTENT), len(CONTENT), CHECKSUM)
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{CHECKSUM}\nsize {len(CONTENT)}\n"
    ).encode()
    assert file.lfs.pointer_size == len(pointer)
    assert file.blob_id == hashlib.sha1(b"blob %d\0%s" % (len(pointer), pointer)).hexdigest()  # noqa: S324 - git's own
    siblings = api.space_info(with_weights, files_metadata=True).siblings or []
    assert [s.lfs.sha256 for s in siblings if s.lfs is not None] == [CHECKSUM]
    address = f"/spaces/{with_weights}/resolve/main/{path}"
    answer = send("HEAD", address, account="rehearsal-pro")
    assert (answer.headers["etag"], answer.headers["x-linked-size"]) == (f'"{CHECKSUM}"', "7000")
    local = api.hf_hub_download(with_weights, path, repo_type="space", local_dir=tmp_path)
    assert Path(local).read_bytes() == CONTENT


def test_a_large_file_is_copied_without_being_sent(api: HfApi, with_weights: str) -> None:
    copy = CommitOperationCopy("sub/model.safetensors", "copy.safetensors")
    api.create_commit(with_weights, [copy], commit_message="Copy", repo_type="space")
    copied = api.hf_hub_download(with_weights, "copy.safetensors", repo_type="space")
    assert Path(copied).read_bytes() == CONTENT


def test_a_large_file_nobody_sent_is_refused(send: SendRaw, with_weights: str) -> None:
    lines = [
        {"key": "header", "value": {"summary": "Point at nothing"}},
        {"key": "lfsFile", "value": {"path": "x.bin", "algo": "sha256", "oid": "0" * 64}},
    ]
    answer = send(
        "POST",
        f"/api/spaces/{with_weights}/commit/main",
        account="rehearsal-pro",
        body="\n".join(json.dumps(line) for line in lines),
    )
    assert answer.status == 400
    assert "not in this repository" in answer.json()["error"]
