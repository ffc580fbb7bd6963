"""What the one argument of a plan names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.context import Context
from tools.origins import Origin, remember_origin
from tools.planning.sources import read_source
from tools.problems import Problem
from tools.settings import STATE_VARIABLE, Settings


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    (tmp_path / "demo").mkdir()
    (tmp_path / "org" / "local").mkdir(parents=True)
    return Context(Settings(roots=(tmp_path,)))


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        (None, "nothing", ""),
        ("  ", "nothing", ""),
        ("org/name", "model or space", "org/name"),
        ("hf:org/name", "model", "org/name"),
        ("hf:gpt2", "model", "gpt2"),
        ("https://huggingface.co/gpt2", "model", "gpt2"),
        ("gpt2", "task", "gpt2"),
        ("https://huggingface.co/org/name/tree/main", "model", "org/name"),
        ("hf.co/org/name?x=1", "model", "org/name"),
        ("spaces/ns/name", "space", "ns/name"),
        ("https://huggingface.co/spaces/ns/name/blob/main/app.py", "space", "ns/name"),
        ("chat with a PDF", "task", "chat with a PDF"),
        ("chatbot", "task", "chatbot"),
        ("speech to text / subtitles", "task", "speech to text / subtitles"),
    ],
)
def test_kinds(context: Context, given: str | None, kind: str, name: str) -> None:
    found = read_source(context, given)
    assert (found.kind, found.name) == (kind, name)


def test_a_folder_that_exists_wins(context: Context, tmp_path: Path) -> None:
    for given in ("demo", "./demo", str(tmp_path / "demo"), "org/local"):
        assert read_source(context, given).kind == "folder"
    assert read_source(context, "hf:org/local").kind == "model"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("./missing", "bad_argument"),
        ("/etc", "path_outside_roots"),
        ("../..", "path_outside_roots"),
        ("a/b/c", "bad_argument"),
        ("https://huggingface.co/datasets/a/b", "bad_argument"),
        ("spaces/only", "bad_argument"),
        ("https://huggingface.co/", "bad_argument"),
    ],
)
def test_refusals(context: Context, given: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_source(context, given)
    assert refused.value.code == code


def test_github_needs_a_checkout_and_finds_the_one_that_is_there(
    context: Context, tmp_path: Path
) -> None:
    for given in ("github:o/repo", "https://github.com/o/repo", "github.com/o/repo"):
        with pytest.raises(Problem) as refused:
            read_source(context, given)
        assert refused.value.code == "checkout_first"
        call = refused.value.next[0]
        assert call.tool == "space_checkout"
        assert call.arguments == {"source": given, "folder": "repo"}
    folder = tmp_path / "repo"
    folder.mkdir()
    with pytest.raises(Problem):
        read_source(context, "github:o/repo")
    remember_origin(folder, Origin(source="github:o/repo@main", revision="1", is_own=False))
    assert read_source(context, "https://github.com/o/repo").name == str(folder)
    with pytest.raises(Problem):
        read_source(context, "github:other/repo")
