"""`space_search`, `space_read`, `space_checkout`: what others made, bounded and marked as data."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tools import which_hub
from tools.fetching import GITHUB_VARIABLE, parse_source
from tools.origins import origin_of
from tools.problems import Problem

LICENSE = "MIT License\n\nPermission is hereby granted, free of charge, to any person\n"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 99\n"


@pytest.fixture
def public(hub: Hub, space: str) -> str:
    """A public Space about kaleidoscopes, not built: its app file is missing on purpose."""
    api = hub.api("rehearsal-pro")
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    files = {
        "README.md": readme(title="Kaleidoscope studio", license="mit"),
        "main.py": plain_app("kaleidoscope"),
        "requirements.txt": "pillow\n",
        "long.txt": "x" * 20_000,
        "picture.png": "\x89PNG\0",
    }
    for name, text in files.items():
        api.upload_file(
            path_or_fileobj=text.encode(), path_in_repo=name, repo_id=space, repo_type="space"
        )
    return space


def test_search_says_where_it_looked(caller: Caller, public: str) -> None:
    answer = caller.answer("space_search", query="kaleidoscope", include_stopped=True)
    assert answer.envelope["outcome"] == "found", answer.text
    names = [found["space"] for found in answer.envelope["result"]["spaces"]]
    assert public in names
    assert "small world" in answer.envelope["result"]["note"]
    assert answer.envelope["next"][0]["tool"] == "space_read"
    nothing = caller.answer("space_search", query="zxqvwk nothing like it zxqvwk")
    assert nothing.exit_code in (0, 1)


def test_without_a_login_the_public_hub_is_asked_first_and_said_so(
    caller: Caller, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No network here: the answer comes from the rehearsal Hub, and admits it."""
    nowhere = "http://127.0.0.1:9"
    monkeypatch.setattr("tools.public_reading.HUGGING_FACE", nowhere)
    auto = Caller(dataclasses.replace(caller.settings, hub="auto", environment={}))
    answer = auto.answer("space_read", space=public)
    assert answer.envelope["outcome"] == "read", answer.text
    assert "could not be reached" in answer.envelope["result"]["note"]
    assert nowhere != which_hub.HUGGING_FACE


def test_read_is_bounded_and_fenced(caller: Caller, public: str) -> None:
    answer = caller.answer("space_read", space=public)
    result = answer.envelope["result"]
    assert result["card"]["title"] == "Kaleidoscope studio"
    assert "long.txt" in result["files"]
    assert [shown["path"] for shown in result["contents"]] == ["requirements.txt"]
    assert "<untrusted-text" in answer.text
    chosen = caller.result(
        "space_read", "read", space=public, files=["main.py", "long.txt", "picture.png", "nope"]
    )
    texts = {shown["path"]: shown for shown in chosen["contents"]}
    assert texts["main.py"]["text"].strip().startswith('"""Serves')
    assert texts["long.txt"]["cut"] == 15_000
    assert any("picture.png is binary" in reason for reason in chosen["not_shown"])
    assert any("nope is not in this revision" in reason for reason in chosen["not_shown"])
    assert len(answer.text) < 8_000


def test_private_space_of_others_cannot_be_read(
    caller: Caller, caller_as: Callable[[str], Caller], space: str
) -> None:
    caller.result("space_create", "created", space=space, sdk="static")
    caller_as("rehearsal-free").problem("space_read", "not_found", space=space)


def test_checkout_of_a_space_with_its_revision(
    caller: Caller, caller_as: Callable[[str], Caller], public: str, hub: Hub, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    result = caller.result("space_checkout", "checked_out", source=public, folder=str(folder))
    assert result["revision"] == hub.api("rehearsal-pro").space_info(public).sha
    assert result["license"] == "mit"
    assert result["is_own"]
    assert (folder / "requirements.txt").read_text() == "pillow\n"
    before = hub.api("rehearsal-pro").list_repo_commits(public, repo_type="space")[1].commit_id
    old = caller.result(
        "space_checkout",
        "checked_out",
        source=public,
        folder=str(tmp_path / "old"),
        revision=before,
    )
    assert old["revision"] == before
    visitor = caller_as("rehearsal-free")
    theirs = visitor.result(
        "space_checkout", "checked_out", source=public, folder=str(tmp_path / "theirs")
    )
    assert not theirs["is_own"]


def test_checkout_never_writes_into_what_is_there(
    caller: Caller, public: str, tmp_path: Path
) -> None:
    write_files(tmp_path / "full", {"mine.txt": "precious"})
    caller.problem(
        "space_checkout", "folder_not_empty", source=public, folder=str(tmp_path / "full")
    )
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    caller.problem(
        "space_checkout",
        "revision_not_found",
        source=public,
        folder=str(tmp_path / "none"),
        revision="f" * 40,
    )


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A git server of one's own in GitHub's place: owner/demo with one commit and a tag."""
    work = write_files(
        tmp_path / "work",
        {"app.py": plain_app(), "LICENSE": LICENSE, "weights.bin": POINTER, "README.md": "# x\n"},
    )
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    for command in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "."],
        [*identity, "commit", "--quiet", "-m", "first"],
        ["tag", "v1"],
        ["clone", "--quiet", "--bare", ".", str(tmp_path / "github/owner/demo.git")],
    ):
        subprocess.run(["git", *command], cwd=work, check=True, capture_output=True)
    monkeypatch.setenv(GITHUB_VARIABLE, (tmp_path / "github").as_uri())
    shown = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=work, check=True, capture_output=True, text=True
    )
    return shown.stdout.strip()


@pytest.mark.parametrize("source", ["github:owner/demo", "github:owner/demo@v1"])
def test_checkout_of_a_github_repository(
    caller: Caller, github: str, tmp_path: Path, source: str
) -> None:
    folder = tmp_path / "port"
    result = caller.result("space_checkout", "checked_out", source=source, folder=str(folder))
    assert result["revision"] == github
    assert result["license"] == "mit"
    assert result["lfs_pointers"] == ["weights.bin"]
    assert not result["is_own"]
    origin = origin_of(folder / "deeper")
    assert origin is not None
    assert origin.source == source


def test_without_a_network_the_name_is_not_blamed(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(GITHUB_VARIABLE, "http://127.0.0.1:9")
    text = caller.problem(
        "space_checkout", "github_failed", source="github:owner/demo", folder=str(tmp_path / "x")
    )
    assert "Next: check the network" in text
    assert "check the name" not in text


def test_github_problems_are_told(caller: Caller, github: str, tmp_path: Path) -> None:
    for source in ("github:owner/none", "github:owner/demo@nope"):
        text = caller.problem(
            "space_checkout", "github_failed", source=source, folder=str(tmp_path / "x")
        )
        assert source.removeprefix("github:") in text


@pytest.mark.parametrize(
    ("source", "name", "ref"),
    [
        ("https://github.com/o/r.git", "o/r", None),
        ("https://github.com/o/r/tree/feature/x", "o/r", "feature/x"),
        ("github:o/r@abc", "o/r", "abc"),
    ],
)
def test_ways_to_name_a_repository(source: str, name: str, ref: str | None) -> None:
    found = parse_source(source, None)
    assert (found.name, found.revision, found.is_github) == (name, ref, True)


@pytest.mark.parametrize("source", ["x", "", "https://example.com/o/r", "github:o", "a b/c"])
def test_what_is_no_source(source: str) -> None:
    with pytest.raises(Problem, match="bad_argument"):
        parse_source(source, None)


def test_titles_of_strangers_are_fenced(caller: Caller) -> None:
    text = caller.answer("space_search", query="image").text
    opening = text.index("<untrusted-text-")
    assert text.index("likes)") > opening


@pytest.mark.parametrize("path", ["a\0b", "~nobody-of-that-name/x"])
def test_what_is_no_path_is_refused(caller: Caller, path: str) -> None:
    caller.problem("space_lint", "bad_argument", folder=path)
