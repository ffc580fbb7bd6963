"""`space_upload`: one commit, on a known parent, with nothing in it that must not leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller, readme, write_files
from tests.conftest import Hub

TOKEN = "hf_" + "Kq3Zt8Rw5Yp1Lm7Bx2Vc9Nd4Hs6Jf0GaEu"


@pytest.fixture
def made(caller: Caller, space: str) -> str:
    """A static Space that exists: nothing is built when it is pushed to."""
    caller.result("space_create", "created", space=space, sdk="static")
    return space


def static_folder(folder: Path, word: str = "one") -> Path:
    files = {"README.md": readme("static"), "index.html": f"<h1>{word}</h1>"}
    return write_files(folder, files)


def test_one_commit_with_ignores_and_odd_names(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    write_files(
        static_folder(tmp_path),
        {
            "data/größe ☃.txt": "snow",
            "empty.txt": "",
            ".gitignore": "*.log\nprivate/\n",
            "run.log": "no",
            "private/x.txt": "no",
            "__pycache__/a.pyc": b"\0",
            ".venv/pyvenv.cfg": "no",
            "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(2000),
        },
    )
    api = hub.api("rehearsal-pro")
    before = len(api.list_repo_commits(made, repo_type="space"))
    result = caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    assert len(api.list_repo_commits(made, repo_type="space")) == before + 1
    wanted = {
        ".gitignore",
        "README.md",
        "data/größe ☃.txt",
        "empty.txt",
        "index.html",
        "picture.png",
    }
    assert set(api.list_repo_files(made, repo_type="space")) - {".gitattributes"} == wanted
    assert result["changes"]["changed"] == ["README.md"]
    assert set(result["changes"]["added"]) == wanted - {"README.md"}
    assert any("run.log" in line for line in result["changes"]["ignored"])
    assert result["effect"] == "rebuild"
    assert api.space_info(made).sha == result["revision"]


def test_same_folder_again_makes_no_commit(caller: Caller, made: str, tmp_path: Path) -> None:
    static_folder(tmp_path)
    first = caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    again = caller.result("space_upload", "nothing_to_upload", folder=str(tmp_path), space=made)
    assert again["revision"] == first["revision"]
    (tmp_path / "index.html").write_text("<h1>two</h1>")
    third = caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    assert third["changes"]["changed"] == ["index.html"]
    assert third["changes"]["unchanged"] == 1
    assert third["effect"] == "restart"


def test_chosen_files_and_deletions(caller: Caller, made: str, hub: Hub, tmp_path: Path) -> None:
    write_files(static_folder(tmp_path), {"old.txt": "old", "other.txt": "other"})
    caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    (tmp_path / "index.html").write_text("new")
    (tmp_path / "other.txt").write_text("changed too, but not chosen")
    (tmp_path / "old.txt").unlink()
    result = caller.result(
        "space_upload",
        "uploaded",
        folder=str(tmp_path),
        space=made,
        files=["index.html"],
        delete=["old.txt"],
    )
    assert result["changes"]["changed"] == ["index.html"]
    assert result["changes"]["deleted"] == ["old.txt"]
    assert "other.txt" in result["changes"]["left_on_hub"]
    assert "old.txt" not in hub.api("rehearsal-pro").list_repo_files(made, repo_type="space")
    caller.problem(
        "space_upload", "file_not_found", folder=str(tmp_path), space=made, delete=["old.txt"]
    )


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        ({"app.py": f"import os\nTOKEN = '{TOKEN}'\n"}, ["app.py:2", "Hugging Face token"]),
        ({".env": "A=b"}, [".env"]),
        ({"id_rsa": "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n"}, ["id_rsa"]),
    ],
)
def test_secrets_are_refused_with_file_and_line(
    caller: Caller, made: str, hub: Hub, tmp_path: Path, files: dict[str, str], parts: list[str]
) -> None:
    head = hub.api("rehearsal-pro").space_info(made).sha
    write_files(static_folder(tmp_path), files)
    text = caller.problem("space_upload", "upload_refused", folder=str(tmp_path), space=made)
    assert all(part in text for part in parts), text
    assert TOKEN not in text
    assert hub.api("rehearsal-pro").space_info(made).sha == head


def test_links_out_of_the_folder_are_refused(caller: Caller, made: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not yours")
    folder = static_folder(tmp_path / "folder")
    (folder / "link.txt").symlink_to(outside)
    text = caller.problem("space_upload", "upload_refused", folder=str(folder), space=made)
    assert "link.txt" in text
    caller.problem(
        "space_upload",
        "path_outside_folder",
        folder=str(folder),
        space=made,
        files=["../outside.txt"],
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("# no block\n", "has no block"),
        ("---\ntitle: [X] demo\nsdk: gradio\n---\n", "line 2"),
        ("---\ntitle: x\n---\n", "names no `sdk`"),
        ("---\ntitle: x\nsdk: streamlit\n---\n", "allowed are gradio, docker, static"),
        ("\ufeff---\nsdk: gradio\n---\n", "byte-order mark"),
    ],
)
def test_readme_that_cannot_work(
    caller: Caller, made: str, tmp_path: Path, text: str, part: str
) -> None:
    write_files(tmp_path, {"README.md": text, "index.html": "x"})
    said = caller.problem("space_upload", "bad_readme", folder=str(tmp_path), space=made)
    assert part in said
    assert "Nothing was uploaded" in said


def test_the_hubs_own_check_of_the_block(caller: Caller, made: str, tmp_path: Path) -> None:
    block = readme("static", short_description="x" * 61)
    write_files(tmp_path, {"README.md": block, "index.html": "x"})
    text = caller.problem("space_upload", "bad_readme", folder=str(tmp_path), space=made)
    assert "60 characters" in text


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "missing", "folder_missing"),
        (lambda folder: (folder / "file").touch() or folder / "file", "not_a_folder"),
        (lambda folder: (folder / "empty").mkdir() or folder / "empty", "folder_empty"),
    ],
)
def test_folders_that_are_none(
    caller: Caller, made: str, tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    caller.problem("space_upload", code, folder=str(make(tmp_path)), space=made)


def test_somebody_elses_push_is_a_conflict(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    static_folder(tmp_path)
    first = caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    api = hub.api("rehearsal-pro")
    theirs = api.upload_file(
        path_or_fileobj=b"theirs", path_in_repo="theirs.txt", repo_id=made, repo_type="space"
    )
    (tmp_path / "index.html").write_text("mine")
    text = caller.problem(
        "space_upload", "conflict", folder=str(tmp_path), space=made, parent=first["revision"]
    )
    assert "space_status" in text
    assert api.space_info(made).sha == theirs.oid


def test_two_uploads_at_once_lose_nothing(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    static_folder(tmp_path / "base")
    base = caller.result("space_upload", "uploaded", folder=str(tmp_path / "base"), space=made)
    outcomes: list[str] = []

    def push(name: str) -> None:
        folder = write_files(tmp_path / name, {f"{name}.txt": name})
        one = Caller(caller.settings)
        answer = one.answer("space_upload", folder=str(folder), space=made, parent=base["revision"])
        problem = answer.envelope["problem"]
        outcomes.append(problem["code"] if problem else answer.envelope["outcome"])

    threads = [threading.Thread(target=push, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "conflict", "uploaded"]
    files = hub.api("rehearsal-pro").list_repo_files(made, repo_type="space")
    assert len({"a.txt", "b.txt", "c.txt"} & set(files)) == 1


def test_pull_request_where_one_may_not_write(
    caller: Caller, caller_as: Callable[[str], Caller], hub: Hub, space: str, tmp_path: Path
) -> None:
    caller.result("space_create", "created", space=space, sdk="static", visibility="public")
    head = hub.api("rehearsal-pro").space_info(space).sha
    write_files(tmp_path, {"note.txt": "from a visitor"})
    visitor = caller_as("rehearsal-free")
    text = visitor.problem("space_upload", "forbidden", folder=str(tmp_path), space=space)
    assert '"create_pr": true' in text
    result = visitor.result(
        "space_upload", "pull_request", folder=str(tmp_path), space=space, create_pr=True
    )
    assert "/discussions/" in result["url"]
    assert hub.api("rehearsal-pro").space_info(space).sha == head


def test_unknown_and_private_spaces(
    caller: Caller, caller_as: Callable[[str], Caller], made: str, tmp_path: Path
) -> None:
    static_folder(tmp_path)
    caller.problem(
        "space_upload", "not_found", folder=str(tmp_path), space="rehearsal-pro/never-was"
    )
    other = caller_as("rehearsal-free")
    other.problem("space_upload", "not_found", folder=str(tmp_path), space=made)


def test_read_only_token(
    caller: Caller, caller_as: Callable[[str], Caller], space: str, tmp_path: Path
) -> None:
    caller.result("space_create", "created", space=space, sdk="static", visibility="public")
    static_folder(tmp_path)
    caller_as("rehearsal-reader").problem(
        "space_upload", "read_only_token", folder=str(tmp_path), space=space
    )


def test_paths_outside_the_roots_are_refused(caller: Caller, made: str, tmp_path: Path) -> None:
    import dataclasses

    bounded = Caller(dataclasses.replace(caller.settings, roots=(tmp_path / "project",)))
    (tmp_path / "project").mkdir()
    static_folder(tmp_path / "elsewhere")
    text = bounded.problem(
        "space_upload", "path_outside_roots", folder=str(tmp_path / "elsewhere"), space=made
    )
    assert "--root" in text


def test_hub_killed_during_an_upload(caller: Caller, made: str, hub: Hub, tmp_path: Path) -> None:
    """Killed at some moment of the commit: afterwards either all of it is there or none of it, and
    the answer said so or said that it cannot tell."""
    data = {f"data/{number}.bin": bytes([number]) * 1_000_000 for number in range(40)}
    write_files(static_folder(tmp_path), data)
    answers: list[str] = []

    def push() -> None:
        one = Caller(caller.settings)
        answer = one.answer("space_upload", folder=str(tmp_path), space=made)
        problem = answer.envelope["problem"]
        answers.append(problem["code"] if problem else answer.envelope["outcome"])

    uploading = threading.Thread(target=push)
    uploading.start()
    uploading.join(timeout=0.7)
    hub.restart(kill=True)
    uploading.join()
    files = set(hub.api("rehearsal-pro").list_repo_files(made, repo_type="space"))
    arrived = len(set(data) & files)
    assert arrived in (0, 40)
    assert answers[0] in {"uploaded", "commit_unknown", "hub_unreachable", "hub_error"}
    assert answers != ["uploaded"] or arrived == 40
    again = caller.answer("space_upload", folder=str(tmp_path), space=made)
    assert again.envelope["outcome"] in {"uploaded", "nothing_to_upload"}
