"""`space_upload`: one commit, on a known parent, with nothing in it that must not leave."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.between import Between, between
from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tools.settings import STATE_VARIABLE, Settings

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
    assert result["effect"] == "serve"
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
    assert (third["effect"], third["expected_wait"]) == ("serve", "seconds")


def test_what_a_commit_makes_of_the_space(
    caller: Caller, made: str, space: str, tmp_path: Path
) -> None:
    """A page with a build command is built; a program restarts unless its packages change."""
    folder = static_folder(tmp_path / "page")
    write_files(folder, {"README.md": readme("static", app_build_command="npm run build")})
    built = caller.answer("space_upload", folder=str(folder), space=made)
    assert built.envelope["result"]["effect"] == "rebuild"
    assert "without a build" not in built.text
    app = write_files(tmp_path / "app", {"README.md": readme(), "app.py": plain_app()})
    name = f"{space}-app"
    caller.result("space_create", "created", space=name, sdk="gradio")
    assert caller.result("space_upload", "uploaded", folder=str(app), space=name)["effect"] == (
        "rebuild"
    )
    write_files(app, {"app.py": plain_app("other")})
    assert caller.result("space_upload", "uploaded", folder=str(app), space=name)["effect"] == (
        "restart"
    )


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


@pytest.mark.parametrize("deleting", [(), (".gitignore",)])
def test_the_spaces_own_gitignore_counts(
    caller: Caller, made: str, hub: Hub, tmp_path: Path, deleting: tuple[str, ...]
) -> None:
    """Its client leaves such files out of a commit without a word."""
    write_files(static_folder(tmp_path / "old"), {".gitignore": "*.csv\nbuild/\n"})
    caller.result("space_upload", "uploaded", folder=str(tmp_path / "old"), space=made)
    new = static_folder(tmp_path / "new", "two")
    write_files(new, {"data.csv": "1", "build/x.js": "x", "more.txt": "x"})
    result = caller.result("space_upload", "uploaded", folder=str(new), space=made, delete=deleting)
    assert result["changes"]["added"] == ["more.txt"]
    assert result["changes"]["ignored"] == [
        "build/x.js (the Space's .gitignore: build/)",
        "data.csv (the Space's .gitignore: *.csv)",
    ]
    assert result["changes"]["checked"]
    files = hub.api("rehearsal-pro").list_repo_files(made, repo_type="space")
    assert "more.txt" in files
    assert (".gitignore" in files) == (not deleting)


def test_nothing_but_ignored_files_is_nothing_to_upload(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    write_files(static_folder(tmp_path / "old"), {".gitignore": "*.csv\n"})
    first = caller.result("space_upload", "uploaded", folder=str(tmp_path / "old"), space=made)
    folder = write_files(tmp_path / "new", {"data.csv": "1"})
    answer = caller.answer("space_upload", folder=str(folder), space=made)
    assert answer.envelope["outcome"] == "nothing_to_upload"
    assert "data.csv (the Space's .gitignore: *.csv)" in answer.text
    assert hub.api("rehearsal-pro").space_info(made).sha == first["revision"]
    text = caller.problem(
        "space_upload", "upload_refused", folder=str(folder), space=made, files=["data.csv"]
    )
    assert "the .gitignore of" in text


def test_a_file_that_the_hub_leaves_out_is_named(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    """The Hub reads the topmost .gitignore alone, so it may drop what git would keep."""
    kept = {".gitignore": "*.log\n", "sub/.gitignore": "!keep.log\n", "sub/keep.log": "x"}
    folder = write_files(static_folder(tmp_path), kept)
    answer = caller.answer("space_upload", folder=str(folder), space=made)
    changes = answer.envelope["result"]["changes"]
    assert answer.envelope["outcome"] == "uploaded"
    assert changes["not_arrived"] == ["sub/keep.log"]
    assert "sub/keep.log" not in changes["added"]
    assert "NOT on the Hub, which left them out: sub/keep.log" in answer.text
    again = caller.answer("space_upload", folder=str(folder), space=made)
    assert again.envelope["outcome"] == "nothing_to_upload"
    assert again.envelope["result"]["not_arrived"] == ["sub/keep.log"]
    head = hub.api("rehearsal-pro").space_info(made).sha
    assert again.envelope["result"]["revision"] == head
    files = hub.api("rehearsal-pro").list_repo_files(made, repo_type="space")
    assert "sub/keep.log" not in files


def test_a_late_call_does_not_get_the_result_of_other_content(
    caller: Caller, made: str, hub: Hub, tmp_path: Path
) -> None:
    """The first call gives up waiting; what it sent is no answer once a file has changed."""
    folder = static_folder(tmp_path, "one")
    api = hub.api("rehearsal-pro")
    before = api.space_info(made).sha
    hasty = Caller(dataclasses.replace(caller.settings, seconds=0.0))
    hasty.result("space_upload", "still_running", folder=str(folder), space=made)
    deadline = time.monotonic() + 20
    while api.space_info(made).sha == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    first = api.space_info(made).sha
    static_folder(tmp_path, "two")
    second = caller.result("space_upload", "uploaded", folder=str(folder), space=made)
    assert second["parent"] == first
    assert second["changes"]["changed"] == ["index.html"]


@pytest.fixture
def bad_line(hub: Hub) -> Iterator[Between]:
    with between(hub.endpoint) as made:
        yield made


@pytest.fixture
def far_caller(
    bad_line: Between, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Caller]:
    """A caller that reaches the Hub over the bad line, as an account."""

    def make(account: str) -> Caller:
        monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "elsewhere"))
        environment = {"HF_TOKEN": hub.token(account)}
        return Caller(
            Settings(
                hub=bad_line.endpoint,
                hub_confirmed=True,
                roots=(Path("/"),),
                environment=environment,
            )
        )

    return make


@pytest.fixture
def two_files(caller: Caller, made: str, tmp_path: Path) -> Path:
    """A folder that is on the Hub, together with old.txt, which the folder lacks."""
    folder = write_files(static_folder(tmp_path / "two"), {"old.txt": "old"})
    caller.result("space_upload", "uploaded", folder=str(folder), space=made)
    (folder / "old.txt").unlink()
    return folder


@pytest.mark.parametrize("word", ["one", "two"])
def test_a_commit_whose_answer_is_lost_is_found(
    two_files: Path,
    made: str,
    hub: Hub,
    bad_line: Between,
    far_caller: Callable[[str], Caller],
    word: str,
) -> None:
    static_folder(two_files, word)
    bad_line.loses = "answer"
    result = far_caller("rehearsal-pro").result(
        "space_upload", "uploaded", folder=str(two_files), space=made, delete=["old.txt"]
    )
    assert result["answer_was_lost"]
    assert result["changes"]["deleted"] == ["old.txt"]
    assert bad_line.commits == 1
    api = hub.api("rehearsal-pro")
    assert result["revision"] == api.space_info(made).sha
    assert "old.txt" not in api.list_repo_files(made, repo_type="space")


@pytest.mark.parametrize("somebody_pushes", [False, True])
def test_a_deletion_that_did_not_arrive_is_not_taken_for_done(
    two_files: Path,
    made: str,
    hub: Hub,
    bad_line: Between,
    far_caller: Callable[[str], Caller],
    *,
    somebody_pushes: bool,
) -> None:
    api = hub.api("rehearsal-pro")
    bad_line.loses = "request"
    if somebody_pushes:
        bad_line.at_commit = lambda: api.upload_file(
            path_or_fileobj=b"x", path_in_repo="theirs.txt", repo_id=made, repo_type="space"
        )
    text = far_caller("rehearsal-pro").problem(
        "space_upload", "hub_unreachable", folder=str(two_files), space=made, delete=["old.txt"]
    )
    assert "Nothing was committed" in text
    assert ("is still the head" in text) == (not somebody_pushes)
    assert "old.txt" in api.list_repo_files(made, repo_type="space")


def test_a_lost_commit_is_found_under_somebody_elses(
    two_files: Path,
    made: str,
    hub: Hub,
    bad_line: Between,
    far_caller: Callable[[str], Caller],
) -> None:
    """Their push may follow at once: ours is then no longer the head, and is there all the same."""
    api = hub.api("rehearsal-pro")
    parent = api.space_info(made).sha
    bad_line.loses = "answer"
    bad_line.delay = 2.0
    answers: list[dict[str, object]] = []
    uploading = threading.Thread(
        target=lambda: answers.append(
            far_caller("rehearsal-pro").result(
                "space_upload", "uploaded", folder=str(two_files), space=made, delete=["old.txt"]
            )
        )
    )
    uploading.start()
    while api.space_info(made).sha == parent:
        time.sleep(0.05)
    ours = api.space_info(made).sha
    api.upload_file(
        path_or_fileobj=b"back", path_in_repo="old.txt", repo_id=made, repo_type="space"
    )
    uploading.join()
    assert answers[0]["revision"] == ours


def test_a_lost_pull_request_is_not_opened_twice_on_our_advice(
    caller: Caller,
    space: str,
    hub: Hub,
    bad_line: Between,
    far_caller: Callable[[str], Caller],
    tmp_path: Path,
) -> None:
    caller.result("space_create", "created", space=space, sdk="static", visibility="public")
    write_files(tmp_path / "app", {"note.txt": "from a visitor"})
    bad_line.loses = "answer"
    visitor = far_caller("rehearsal-free")
    answer = visitor.answer(
        "space_upload", folder=str(tmp_path / "app"), space=space, create_pr=True
    )
    problem = answer.envelope["problem"]
    assert problem["code"] == "commit_unknown"
    assert f"/spaces/{space}/discussions first" in answer.text
    assert answer.envelope["next"] == []
    opened = list(hub.api("rehearsal-pro").get_repo_discussions(space, repo_type="space"))
    assert len(opened) == 1


def test_a_token_in_the_message_is_refused(caller: Caller, made: str, tmp_path: Path) -> None:
    static_folder(tmp_path)
    text = caller.problem(
        "space_upload",
        "upload_refused",
        folder=str(tmp_path),
        space=made,
        message=f"use {TOKEN} from now on",
    )
    assert TOKEN not in text


def test_deleting_what_the_folder_sends_is_refused(
    caller: Caller, made: str, tmp_path: Path
) -> None:
    static_folder(tmp_path)
    caller.result("space_upload", "uploaded", folder=str(tmp_path), space=made)
    text = caller.problem(
        "space_upload", "bad_argument", folder=str(tmp_path), space=made, delete=["index.html"]
    )
    assert "index.html" in text
