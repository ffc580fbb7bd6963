"""`space_scaffold`: versions looked up, titles in every language, and nothing overwritten."""

from __future__ import annotations

import ast
import base64
import dataclasses
import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calling import Caller
from tools.card import parse_card
from tools.knowledge import latest_gradio
from tools.lint.engine import lint_folder
from tools.lint.finding import Severity
from tools.problems import Problem
from tools.scaffolding.filling import LONGEST_TITLE, checked_model, checked_title, fill
from tools.scaffolding.pythons import choose_python
from tools.scaffolding.versions import find_gradio
from tools.scaffolding.writing import write_new
from tools.settings import Settings
from tools.templates import all_templates

Serve = Callable[..., str]
FILES = ("5.50.0", "6.2.0", "6.31.0", "6.32.0", "6.33.0b1", "7.0.0")


def wheel(version: str) -> str:
    return f"gradio-{version}-py3-none-any.whl"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A package index on this machine that answers as it is told."""
    servers = []

    def start(
        body: str,
        kind: str = "application/vnd.pypi.simple.v1+json",
        code: int = 200,
        password: str | None = None,
    ) -> str:
        expected = f"Basic {base64.b64encode(password.encode()).decode()}" if password else None

        class Index(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/simple/gradio/"
                known = self.headers.get("Authorization") == expected
                self.send_response(code if known else 401)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                return

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/simple"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def index_of(*withdrawn: str) -> str:
    files = [{"filename": wheel(name), "yanked": name in withdrawn} for name in FILES]
    return json.dumps({"name": "gradio", "files": [*files, {"filename": "gradio-6.40.0.tar.gz"}]})


def asking(caller: Caller, environment: Mapping[str, str]) -> Caller:
    return Caller(dataclasses.replace(caller.settings, environment=environment))


@pytest.fixture
def offline(caller: Caller) -> Caller:
    return asking(caller, {"PIP_INDEX_URL": "http://127.0.0.1:9/simple"})


# Which version


def test_the_newest_stable_version_that_was_not_withdrawn(serve: Serve) -> None:
    found = find_gradio({"PIP_INDEX_URL": serve(index_of()) + "/"})
    assert (found.version, found.is_live) == ("6.32.0", True)
    assert find_gradio({"UV_INDEX_URL": serve(index_of("6.32.0"))}).version == "6.31.0"


def test_an_index_that_wants_credentials(serve: Serve) -> None:
    index = serve(index_of(), password="me:s p@ce")
    assert not find_gradio({"PIP_INDEX_URL": index}).is_live
    known = index.replace("//", "//me:s%20p%40ce@")
    assert find_gradio({"PIP_INDEX_URL": known}).version == "6.32.0"


def test_an_index_of_html(serve: Serve) -> None:
    page = "".join(
        f'<a href="../../files/{wheel(name)}#sha256=0" {"data-yanked" if name == "6.32.0" else ""}>'
        f"{wheel(name)}</a>"
        for name in FILES
    )
    found = find_gradio({"PIP_INDEX_URL": serve(page, "text/html; charset=utf-8")})
    assert found.version == "6.31.0"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", 200),
        ("{", 200),
        ("[]", 200),
        ('{"files": [3]}', 200),
        ('{"files": []}', 200),
        ("", 503),
    ],
)
def test_a_useless_answer_is_told_and_the_record_used(serve: Serve, body: str, code: int) -> None:
    found = find_gradio({"PIP_INDEX_URL": serve(body, code=code)})
    assert (found.version, found.is_live) == (latest_gradio(), False)
    assert "on record since 20" in found.source


@pytest.mark.parametrize("index", ["http://127.0.0.1:9/simple", "file:///nowhere", "ftp://x/y"])
def test_no_index(index: str) -> None:
    secret = index.replace("//", "//me:pass" + "word@")
    found = find_gradio({"PIP_INDEX_URL": secret})
    assert not found.is_live
    assert "password" not in found.source


def test_an_index_that_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4_096)
                connection.sendall(b"what do you want?\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert not find_gradio({"PIP_INDEX_URL": address}).is_live
        thread.join()
    assert not find_gradio({"PIP_INDEX_URL": "http://127.0.0.1:9/a b"}).is_live


def test_a_slow_index_does_not_hold_the_call() -> None:
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        assert not find_gradio({"PIP_INDEX_URL": address}, seconds=0.3).is_live
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("hardware", "here", "expected"),
    [
        ("cpu-basic", {"3.12", "3.13"}, "3.12"),
        ("cpu-basic", {"3.11", "3.10"}, "3.11"),
        ("cpu-basic", {"3.14"}, "3.12"),
        ("zero-a10g", {"3.11"}, "3.12"),
        ("zero-a10g", {"3.12"}, "3.12"),
    ],
)
def test_the_python_is_one_that_can_be_rehearsed(
    hardware: str, here: set[str], expected: str
) -> None:
    chosen = choose_python(hardware, here.__contains__)
    assert chosen.version == expected
    assert ("uv python install" in chosen.why) == (expected not in here)


def test_a_python_of_pyenv_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv does not see it unless pyenv has it switched on; a rehearsal takes it."""
    import sys

    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr("uv.find_uv_bin", lambda: "/nonexistent/uv")
    monkeypatch.setattr(sys, "version_info", (3, 99))
    assert "uv python install" in choose_python("zero-a10g").why
    place = tmp_path / "versions" / "3.12.1" / "bin"
    place.mkdir(parents=True)
    (place / "python").write_text("")
    assert "so does this machine" in choose_python("zero-a10g").why


# What is written


def test_a_whole_answer(caller: Caller, serve: Serve, tmp_path: Path) -> None:
    asked = asking(caller, {"PIP_INDEX_URL": serve(index_of())})
    folder = tmp_path / "new" / "chat"
    answer = asked.answer(
        "space_scaffold", template="llm-chat", folder=str(folder), model="org/model", title="Mine"
    )
    result = answer.envelope["result"]
    assert answer.envelope["outcome"] == "scaffolded"
    assert result["sdk_version"] == "6.32.0"
    assert "now" in result["sdk_version_source"]
    assert result["proof"].startswith("rehearsed: ")
    written = {file["path"]: file["size_bytes"] for file in result["files"]}
    assert written == {path.name: path.stat().st_size for path in folder.iterdir()}
    card = parse_card((folder / "README.md").read_text())
    assert card["title"] == "Mine"
    assert card["sdk_version"] == "6.32.0"
    assert card["models"] == ["org/model"]
    assert 'MODEL = "org/model"' in (folder / "app.py").read_text()
    lint, rehearse = answer.envelope["next"]
    assert (lint["tool"], rehearse["tool"]) == ("space_lint", "space_rehearse")
    assert lint["arguments"] == {"folder": str(folder), "hardware": "zero-a10g"}
    assert "org/model" in answer.text
    assert "text-generation" in answer.text


@pytest.mark.parametrize("name", sorted({*all_templates()} - {"docker-template"}))
def test_every_template_leaves_no_placeholder(offline: Caller, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    result = offline.result("space_scaffold", "scaffolded", template=name, folder=str(folder))
    assert {file["state"] for file in result["files"]} == {"written"}
    assert result["edit_first"]
    for path in filter(Path.is_file, folder.rglob("*")):
        assert "@@" not in path.read_text()
    again = offline.answer("space_scaffold", template=name, folder=str(folder))
    assert {file["state"] for file in again.envelope["result"]["files"]} == {"unchanged"}
    assert "Nothing was written: all of" in again.text
    assert "Wrote" not in again.text
    hardware = result["hardware"]
    assert (hardware is None) == (result["sdk"] == "static")


def test_nothing_is_overwritten_and_nothing_else_written(offline: Caller, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("mine")
    asked: dict[str, Any] = {"template": "gradio-minimal", "folder": str(tmp_path)}
    text = offline.problem("space_scaffold", "file_exists", **asked)
    assert "app.py" in text
    assert "README.md" not in text
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
    assert (tmp_path / "app.py").read_text() == "mine"


def test_all_templates_are_listed_without_a_failure(offline: Caller) -> None:
    answer = offline.answer("space_scaffold", template="list")
    assert answer.envelope["outcome"] == "templates"
    rows = {row["id"]: row for row in answer.envelope["result"]["templates"]}
    assert set(rows) == set(all_templates())
    assert rows["llm-chat"]["takes_model"]
    assert rows["llm-chat"]["hardware"] == "zero-a10g"
    assert all(name in answer.text for name in rows)
    assert "Streamlit" in answer.text
    assert len(answer.text) < 8_000
    offline.problem("space_scaffold", "bad_argument", template="gradio-minimal")


def test_list_is_a_command(tmp_path: Path) -> None:
    """The folder is typed without a flag, and may be left out."""
    from tools.cli.tool_commands import tool_command
    from tools.registry import all_tools

    command = tool_command(all_tools()["space_scaffold"])
    typed = [each.name for each in command.params if each.param_type_name == "argument"]
    assert typed == ["template", "folder"]


# For other hardware


GRADIO_ON_CPU = [
    name
    for name, each in all_templates().items()
    if each.sdk == "gradio" and each.hardware == "cpu-basic"
]
GRADIO_ON_ZERO_GPU = [
    name for name, each in all_templates().items() if each.hardware == "zero-a10g"
]


@pytest.mark.parametrize("name", GRADIO_ON_CPU)
def test_on_zero_gpu_an_app_has_a_decorated_function(
    offline: Caller, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    answer = offline.answer(
        "space_scaffold", template=name, folder=str(folder), hardware="zero-a10g"
    )
    result = answer.envelope["result"]
    assert result["hardware"] == "zero-a10g"
    assert answer.envelope["next"][0]["arguments"]["hardware"] == "zero-a10g"
    assert any("holds for cpu-basic only" in note for note in result["notes"])
    assert not any("create a cpu-basic" in note for note in result["notes"])
    program = ast.parse((folder / "app.py").read_text())
    decorated = [
        node.name
        for node in program.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("spaces.GPU(")
    ]
    assert len(decorated) == 1
    imports = [ast.unparse(node) for node in program.body if "import" in ast.unparse(node)[:20]]
    assert imports.index("import spaces") < next(
        place for place, line in enumerate(imports) if line.endswith(("as gr", "import Server"))
    )
    text = (folder / "app.py").read_text() + (folder / "README.md").read_text()
    computes = all_templates()[name].model is not None and name != "llm-chat-providers"
    assert ("on CPU" in text) is False
    assert ('device="cuda"' in text) == computes
    report = lint_folder(folder, hardware="zero-a10g")
    assert [one for one in report.findings if one.severity is not Severity.INFO] == []


@pytest.mark.parametrize("name", GRADIO_ON_ZERO_GPU)
@pytest.mark.parametrize(("hardware", "precision"), [("t4-small", "float16"), ("l4x1", "bfloat16")])
def test_on_a_gpu_of_its_own_the_data_type_is_one_that_it_has(
    offline: Caller, tmp_path: Path, name: str, hardware: str, precision: str
) -> None:
    folder = tmp_path / name
    offline.result(
        "space_scaffold", "scaffolded", template=name, folder=str(folder), hardware=hardware
    )
    app, card = (folder / "app.py").read_text(), (folder / "README.md").read_text()
    assert f"torch.{precision}" in app
    assert ("torch.bfloat16" in app) == (precision == "bfloat16")
    assert "on ZeroGPU" not in app + card
    report = lint_folder(folder, hardware=hardware)
    assert [one for one in report.findings if one.severity is not Severity.INFO] == []


@pytest.mark.parametrize(
    ("template", "hardware", "code", "said"),
    [
        ("llm-chat", "cpu-basic", "bad_argument", "needs a GPU"),
        ("vllm-docker", "cpu-upgrade", "bad_argument", "needs a GPU"),
        ("static-vite", "cpu-basic", "bad_argument", "is static"),
        ("fastapi-docker", "zero-a10g", "bad_argument", "gradio SDK only"),
        ("gradio-minimal", "h100000", "unknown_hardware", "zero-a10g"),
    ],
)
def test_hardware_where_a_template_does_not_start(
    offline: Caller, tmp_path: Path, template: str, hardware: str, code: str, said: str
) -> None:
    folder = tmp_path / "x"
    text = offline.problem(
        "space_scaffold", code, template=template, folder=str(folder), hardware=hardware
    )
    assert said in text
    assert not folder.exists()


def test_an_unknown_template_lists_all(offline: Caller, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    text = offline.problem(
        "space_scaffold", "unknown_template", template="gradio", folder=str(folder)
    )
    assert all(each.line in text for each in all_templates().values())
    assert "Streamlit" in text
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"template": "gradio-minimal", "model": "a/b"}, "model"),
        ({"template": "llm-chat", "model": "a/b/c"}, "model"),
        ({"template": "llm-chat", "model": 'a/b"c'}, "model"),
        ({"template": "llm-chat", "title": "two\nlines"}, "title"),
        ({"template": "llm-chat", "title": " "}, "title"),
        ({"template": "Streamlit", "title": "Mine"}, "title"),
    ],
)
def test_bad_arguments_change_nothing(
    offline: Caller, tmp_path: Path, arguments: dict[str, str], field: str
) -> None:
    folder = tmp_path / "x"
    text = offline.problem("space_scaffold", "bad_argument", folder=str(folder), **arguments)
    assert f"`{field}`" in text
    assert not folder.exists()


def test_outside_of_the_roots(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    fenced = Caller(Settings(hub="rehearsal", hub_confirmed=True, roots=(inside,)))
    outside = str(tmp_path / "outside")
    fenced.problem(
        "space_scaffold", "path_outside_roots", template="gradio-minimal", folder=outside
    )
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("name", ["docker-template", "streamlit", "SpacesExamples/jupyterlab"])
def test_the_hub_s_own_templates(offline: Caller, tmp_path: Path, name: str, hub: Any) -> None:
    folder = tmp_path / "my notes"
    answer = offline.answer("space_scaffold", template=name, folder=str(folder))
    assert answer.envelope["outcome"] == "hub_template"
    assert not folder.exists()
    (create,) = answer.envelope["next"]
    arguments = create["arguments"]
    assert arguments["space"] == "rehearsal-pro/my-notes"
    assert f"--template {arguments['template']}" in answer.envelope["result"]["command"]
    # The call is complete: the Hub makes the Space from it.
    space = {"space": f"rehearsal-pro/made-{name.rpartition('/')[2]}"}
    offline.result("space_create", "created", **{**arguments, **space})


# Filling and writing, piece by piece


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=LONGEST_TITLE))
def test_any_title_survives_every_language(title: str) -> None:
    """What is read back from YAML, Python and HTML is the title, whatever it holds."""
    import html

    try:
        checked = checked_title(title)
    except Problem as problem:
        assert problem.code == "bad_argument"
        return
    files = {
        "README.md": '---\ntitle: "@@title@@"\nsdk: static\n---\n',
        "app.py": 'TITLE = "@@title@@"\n',
        "index.html": "<title>@@title@@</title>\n",
    }
    filled = {path: text.decode() for path, text in fill(files, {"title": checked}).items()}
    assert parse_card(filled["README.md"])["title"] == checked
    (assigned,) = ast.parse(filled["app.py"]).body
    assert isinstance(assigned, ast.Assign)
    assert ast.literal_eval(assigned.value) == checked
    inner = filled["index.html"].removeprefix("<title>").removesuffix("</title>\n")
    assert html.unescape(inner) == checked
    assert "<" not in inner


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("org/name", "org/name"),
        ("gpt2", "gpt2"),
        ("https://huggingface.co/org/na.me-1/", "org/na.me-1"),
    ],
)
def test_models_as_people_name_them(given_: str, expected: str) -> None:
    assert checked_model(given_) == expected


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(taken=st.sets(st.sampled_from(["a", "b/c", "b/d"])), same=st.booleans())
def test_all_or_nothing(
    taken: set[str], same: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("all-or-nothing")
    files = {"a": b"1", "b/c": b"2", "b/d": b"3"}
    for path in taken:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(files[path] if same else b"other")
    if taken and not same:
        with pytest.raises(Problem, match="file_exists"):
            write_new(folder, files)
        assert {path for path in files if (folder / path).exists()} == taken
    else:
        written = write_new(folder, files)
        assert {one.path for one in written if one.state == "unchanged"} == taken
        assert all((folder / path).read_bytes() == content for path, content in files.items())


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "src").symlink_to(outside)
    (folder / "app.py").symlink_to(tmp_path / "not-there")
    with pytest.raises(Problem, match=r"src/main\.js, app\.py|app\.py, src/main\.js"):
        write_new(folder, {"src/main.js": b"", "app.py": b"", "other": b""})
    assert not any(outside.iterdir())
    assert not (folder / "other").exists()


def test_a_file_where_a_folder_belongs(tmp_path: Path) -> None:
    (tmp_path / "src").write_text("a file")
    with pytest.raises(Problem, match="file_exists"):
        write_new(tmp_path, {"src/main.js": b""})
    with pytest.raises(Problem, match="file_exists"):
        write_new(tmp_path / "src", {"main.js": b""})
    with pytest.raises(Problem, match="file_exists"):
        write_new(tmp_path / "src" / "deeper", {"main.js": b""})


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(Problem, match="cannot_write"):
        write_new(folder, {"a": b"1", "b/c": b"2", "n" * 300: b"3"})
    assert not folder.exists()
