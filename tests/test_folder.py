"""What an upload would send, leave out and refuse, tried on real folders."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.folder import FolderPlan, FolderProblem, leave_out, plan_folder
from tools.folder.secret_files import _BINARY_PROBE, _PIECE

from .made_tokens import TOKENS, made_up

Build = Callable[[Mapping[str, str]], Path]
KEY_HEADER = "-----BEGIN OPENSSH" + " PRIVATE KEY-----"


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "app"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        return folder

    return build


def sent(plan: FolderPlan) -> list[str]:
    return [file.path_in_repo for file in plan.files]


def refused(plan: FolderPlan) -> list[tuple[str, int | None]]:
    return [(refusal.path, refusal.line) for refusal in plan.refusals]


def test_everything_ordinary_is_sent(build: Build) -> None:
    folder = build({"app.py": "import gradio\n", "src/ünïcode 名.txt": "ü", ".gitattributes": "x"})
    plan = plan_folder(folder)
    assert sent(plan) == [".gitattributes", "app.py", "src/ünïcode 名.txt"]
    assert plan.total_bytes == 14 + 2 + 1
    assert plan.files[1].local == folder.resolve() / "app.py"
    assert (plan.ignored, plan.refusals) == ((), ())


def test_what_no_space_needs_is_left_out(build: Build) -> None:
    plan = plan_folder(
        build(
            {
                "app.py": "",
                ".git/config": "",
                "__pycache__/app.cpython-311.pyc": "",
                "pkg/__pycache__/x.pyc": "",
                "old.pyc": "",
                ".DS_Store": "",
                "sub/.DS_Store": "",
                "node_modules/x/index.js": "",
                "any name/pyvenv.cfg": "",
                "any name/bin/python": "",
                "x.egg-info/PKG-INFO": "",
                ".gradio/certificate.pem": "",
                ".cache/x": "",
            }
        )
    )
    assert sent(plan) == ["app.py"]
    assert plan.refusals == ()
    assert "node_modules/ (never uploaded)" in plan.ignored
    assert "any name/ (a Python environment)" in plan.ignored
    assert plan.ignored_total == 11


def test_gitignore_files_count_as_in_git(build: Build) -> None:
    files = {
        ".gitignore": "*.log\n!keep.log\n/out\nbuild/\n# comment\n\nsub/*.tmp\n",
        "a.log": "",
        "keep.log": "",
        "out/x": "",
        "deep/out/x": "",
        "build/x": "",
        "sub/.gitignore": "!b.log\n*.csv\n",
        "sub/b.log": "",
        "sub/x.csv": "",
        "sub/x.tmp": "",
        "sub/build": "a file, so that build/ does not name it",
        "sub/deeper/x.csv": "",
        "other/x.csv": "",
    }
    folder = build(files)
    plan = plan_folder(folder)
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "-q"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "-o", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    assert sent(plan) == sorted(filter(None, listed))
    assert "sub/x.csv (sub/.gitignore: *.csv)" in plan.ignored
    assert "out/ (.gitignore: /out)" in plan.ignored


def test_a_gitignore_in_another_encoding_is_survived(build: Build) -> None:
    folder = build({"app.py": "", "x.log": ""})
    (folder / ".gitignore").write_bytes(b"\xff\xfe.csv\n*.log\n")
    assert sent(plan_folder(folder)) == [".gitignore", "app.py"]


@given(st.lists(st.text("ab*?/!#[]\\ .-é", max_size=6), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_gitignore_is_survived(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("app")
    (folder / ".gitignore").write_text("\n".join(lines), "utf-8")
    (folder / "ab").mkdir()
    (folder / "ab" / "b").write_text("")
    (folder / "README.md").write_text("")
    with contextlib.suppress(FolderProblem):  # everything may be ignored
        assert plan_folder(folder).refusals == ()


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.local",
        ".env.production",
        ".envrc",
        "config/.env",
        ".ENV",
        ".Env.Local",
        "prod.env",
        "Prod.ENV",
        "id_rsa",
        "id_ed25519",
        "cert.p12",
        ".netrc",
        "server.pem",
        "server.key",
    ],
)
def test_secret_files_are_refused_by_name(build: Build, name: str) -> None:
    plan = plan_folder(build({"app.py": "", name: "A=1"}))
    assert refused(plan) == [(name, None)]
    assert sent(plan) == ["app.py"]


@pytest.mark.parametrize(
    "name",
    [
        ".env.example",
        ".env.sample",
        ".env.local.example",
        ".env_2.example",
        ".ENV.Template",
        "prod.env.example",
        "id_rsa.pub",
        "environment.py",
        "app.env.py",
    ],
)
def test_names_that_only_look_secret_are_sent(build: Build, name: str) -> None:
    assert sent(plan_folder(build({name: "A="}))) == [name]


def test_a_certificate_is_no_key(build: Build) -> None:
    plan = plan_folder(build({"ca.pem": "-----BEGIN CERTIFICATE-----\nabc\n"}))
    assert sent(plan) == ["ca.pem"]


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
def test_a_token_is_refused_with_its_line_and_never_shown(build: Build, token: str) -> None:
    plan = plan_folder(build({"app.py": f"import os\n\nTOKEN = '{token}'\n"}))
    assert refused(plan) == [("app.py", 3)]
    assert token not in repr(plan)


def test_a_secret_key_of_aws_and_a_private_key_are_refused(build: Build) -> None:
    plan = plan_folder(
        build(
            {
                "a.ini": "x\naws_secret_access_key = " + made_up(40),
                "b.txt": f"\n\n{KEY_HEADER}\nabc\n",
                "c.json": '{"type": "service_account",\n "private_key": "'
                + KEY_HEADER
                + "\\n"
                + made_up(64)
                + '"}',
            }
        )
    )
    assert refused(plan) == [("a.ini", 2), ("b.txt", 3), ("c.json", 2)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (".npmrc", "x=1\n//registry.npmjs.org/:_authToken=abc", 2),
        (".pypirc", "[pypi]\npassword = abc", 2),
        ("credentials.json", '{\n"client_secret": "abc"}', 2),
        (".streamlit/secrets.toml", '[a]\nkey = "abc"', 2),
    ],
)
def test_files_with_credentials_in_them_are_refused(
    build: Build, name: str, text: str, line: int
) -> None:
    assert refused(plan_folder(build({name: text}))) == [(name, line)]


@pytest.mark.parametrize(
    "text",
    [
        "hf_" + "x" * 34,
        "hf_" + "YOUR_TOKEN_HERE",
        "hf_" + "your" + "t" * 30,
        "sk-" + "0" * 48,
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "if '" + KEY_HEADER + "' in text: refuse()",
        "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
        "from huggingface_hub import hf_hub_download",
    ],
)
def test_placeholders_are_sent(build: Build, text: str) -> None:
    assert plan_folder(build({"README.md": text, ".npmrc": ""})).refusals == ()


def test_a_binary_file_is_not_searched(build: Build) -> None:
    folder = build({"app.py": ""})
    (folder / "model.bin").write_bytes(b"\0" + TOKENS["GitHub token"].encode())
    assert sent(plan_folder(folder)) == ["app.py", "model.bin"]


def test_a_token_deep_in_a_large_text_is_found(build: Build) -> None:
    lines = 400_000
    text = "0123456789abcdef\n" * lines + TOKENS["OpenAI token"]
    assert refused(plan_folder(build({"data.csv": text}))) == [("data.csv", lines + 1)]


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
@pytest.mark.parametrize("boundary", [_PIECE, _PIECE + _BINARY_PROBE])
def test_a_token_across_two_pieces_is_found_once(build: Build, token: str, boundary: int) -> None:
    """In a file without lines, whether pieces are counted from its beginning or from the probe."""
    folder = build({"app.py": ""})
    (folder / "data.json").write_text("," * (boundary - 12) + token + "," * _PIECE)
    assert refused(plan_folder(folder)) == [("data.json", 1)]


def test_a_private_key_across_two_pieces_is_found(build: Build) -> None:
    text = "1" * (_PIECE - 20) + f'"{KEY_HEADER}\n{made_up(64)}"'
    assert refused(plan_folder(build({"one.json": text}))) == [("one.json", 1)]


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1"]
)
def test_a_token_in_a_text_of_any_encoding_is_found(build: Build, encoding: str) -> None:
    folder = build({"app.py": ""})
    text = "first größe\nsecond\n" + TOKENS["GitHub token"] + "\n"
    (folder / "notes.txt").write_bytes(text.encode(encoding))
    assert refused(plan_folder(folder)) == [("notes.txt", 3)]


def test_a_large_text_of_wide_characters_is_read_to_its_end(build: Build) -> None:
    folder = build({"app.py": ""})
    text = "é" * (_PIECE + 1000) + "\n" + TOKENS["GitHub token"]
    (folder / "notes.txt").write_text(text, "utf-16")
    assert refused(plan_folder(folder)) == [("notes.txt", 2)]


def test_another_gitignore_leaves_files_out(build: Build) -> None:
    files = {"a.csv": "1", "build/x": "1", "sub/build/y": "1", "b.txt": "12", "x.log": "1"}
    plan = plan_folder(build({**files, ".gitignore": "*.log"}))
    less = leave_out(plan, "*.csv\n!\nbuild/\n", whose="the Space's")
    assert sent(less) == [".gitignore", "b.txt"]
    assert less.ignored == (
        "a.csv (the Space's .gitignore: *.csv)",
        "build/x (the Space's .gitignore: build/)",
        "sub/build/y (the Space's .gitignore: build/)",
        "x.log (.gitignore: *.log)",
    )
    assert (less.ignored_total, less.total_bytes) == (4, 7)


def test_what_gitignore_leaves_out_is_not_refused(build: Build) -> None:
    plan = plan_folder(build({"app.py": "", ".gitignore": ".env\n", ".env": "A=1"}))
    assert plan.refusals == ()
    assert plan.ignored == (".env (.gitignore: .env)",)


def test_links_inside_the_folder_are_followed(build: Build) -> None:
    folder = build({"app.py": "12345", "data/x.txt": "1"})
    (folder / "main.py").symlink_to("app.py")
    (folder / "more").symlink_to("data")
    plan = plan_folder(folder)
    assert sent(plan) == ["app.py", "data/x.txt", "main.py", "more/x.txt"]
    assert plan.files[2].local == folder.resolve() / "app.py"
    assert plan.files[2].size_bytes == 5


def test_links_that_lead_elsewhere_are_refused(build: Build, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    folder = build({"app.py": "", ".git/config": "", ".gitignore": ".env\n", ".env": "A=1"})
    links = {
        "a": "../secret.txt",
        "b": "nowhere",
        "c": "../elsewhere",
        "d": "c/../../secret.txt",
        "e": ".git/config",
        "f": ".env",
        "g": "g",
        "h": "/etc/hostname",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    plan = plan_folder(folder)
    assert refused(plan) == [(name, None) for name in links]
    assert sent(plan) == [".gitignore", "app.py"]


def test_loops_end(build: Build) -> None:
    folder = build({"a/app.py": ""})
    (folder / "a" / "up").symlink_to("..")
    (folder / "a" / "self").symlink_to(".")
    plan = plan_folder(folder)
    assert sent(plan) == ["a/app.py"]
    assert refused(plan) == [("a/self", None), ("a/up", None)]


def test_links_do_not_multiply_files_without_end(build: Build) -> None:
    depth = 30
    folder = build({f"d{n}/x": "" for n in range(depth)})
    for n in range(depth - 1):
        for link in ("left", "right"):
            (folder / f"d{n}" / link).symlink_to(f"../d{n + 1}")
    plan = plan_folder(folder)
    assert len(plan.files) == depth + 2 * (depth - 1)
    assert plan.refusals


def test_a_file_larger_than_a_space_is_refused(build: Build) -> None:
    folder = build({"app.py": "", "model.bin": ""})
    os.truncate(folder / "model.bin", 50_000_000_001)
    assert refused(plan_folder(folder)) == [("model.bin", None)]


@pytest.mark.parametrize("name", [b"a\\b.txt", b"a\nb.txt", b"a\x7f.txt", b"\xff.txt"])
def test_names_that_the_hub_cannot_hold_are_refused(build: Build, name: bytes) -> None:
    folder = build({"app.py": ""})
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("")
    plan = plan_folder(folder)
    assert sent(plan) == ["app.py"]
    assert len(plan.refusals) == 1
    plan.refusals[0].path.encode("ascii")
    assert plan_folder(folder, only=["app.py"]).refusals == ()


def test_a_pipe_is_refused_and_not_read(build: Build) -> None:
    folder = build({"app.py": ""})
    os.mkfifo(folder / "pipe")
    assert refused(plan_folder(folder)) == [("pipe", None)]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["app.py"], ["app.py"]),
        (["./src/../app.py"], ["app.py"]),
        (["src"], ["src/a.py", "src/b.txt", "src/deep/c.py"]),
        (["src/*.py"], ["src/a.py"]),
        (["src/**/*.py"], ["src/a.py", "src/deep/c.py"]),
        (["*.py", "src/b.txt"], ["app.py", "src/b.txt"]),
        (["a[1].txt"], ["a[1].txt"]),
    ],
)
def test_single_files_can_be_picked(build: Build, only: list[str], expected: list[str]) -> None:
    files = ["app.py", "src/a.py", "src/b.txt", "src/deep/c.py", "a[1].txt", ".env"]
    plan = plan_folder(build(dict.fromkeys(files, "")), only=only)
    assert sent(plan) == expected
    assert plan.refusals == ()


def test_an_absolute_path_inside_the_folder_is_fine(build: Build) -> None:
    folder = build({"app.py": "", "b.py": ""})
    assert sent(plan_folder(folder, only=[str(folder / "app.py")])) == ["app.py"]


def test_a_file_asked_for_by_name_is_never_dropped_silently(build: Build) -> None:
    folder = build({".gitignore": "*.bin\n", "m.bin": "", "node_modules/x.js": "", "app.py": ""})
    plan = plan_folder(folder, only=["m.bin", "node_modules/x.js", "app.py"])
    assert refused(plan) == [("m.bin", None), ("node_modules/x.js", None)]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "src/../../x", "", "."])
def test_paths_outside_the_folder_are_a_problem(build: Build, path: str) -> None:
    with pytest.raises(FolderProblem) as problem:
        plan_folder(build({"app.py": ""}), only=[path])
    assert problem.value.code == "path_outside_folder"


def test_there_may_be_no_folder_to_plan(build: Build, tmp_path: Path) -> None:
    folder = build({"app.py": ""})
    (tmp_path / "empty").mkdir()
    (tmp_path / "only-git" / ".git").mkdir(parents=True)
    (tmp_path / "only-git" / ".git" / "config").write_text("")
    problems = {
        "missing": "folder_missing",
        "app/app.py": "not_a_folder",
        "empty": "folder_empty",
        "only-git": "folder_empty",
    }
    for path, code in problems.items():
        with pytest.raises(FolderProblem) as problem:
            plan_folder(tmp_path / path)
        assert problem.value.code == code
    for only in (["nothing.py"], ["*.none"], ["\udcff*"], ["a[", "b*["]):
        with pytest.raises(FolderProblem) as problem:
            plan_folder(folder, only=only)
        assert problem.value.code == "nothing_matches"


def test_a_long_list_of_ignored_files_is_shortened(build: Build) -> None:
    plan = plan_folder(build({"app.py": ""} | {f"{n}.pyc": "" for n in range(50)}))
    assert (len(plan.ignored), plan.ignored_total) == (20, 50)


def test_a_thousand_files_take_little_time(build: Build) -> None:
    text = "print('hello')\n" * 100
    files = {f"pkg{n % 20}/module{n}.py": text for n in range(1000)}
    folder = build({**files, ".gitignore": "*.log\n*.bin\nbuild/\n/out\n!x.log\n"})
    best = min(_seconds(folder) for _ in range(3))
    assert best < 0.5


def _seconds(folder: Path) -> float:
    """Processor time: what else the machine does must not fail a test."""
    started = time.process_time()
    assert len(plan_folder(folder).files) == 1001
    return time.process_time() - started
