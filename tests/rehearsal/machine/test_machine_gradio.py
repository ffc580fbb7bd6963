"""A real Gradio app, called by the real client; builds that fail as they do on the platform."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
import re
import shutil
from typing import Any

import httpx
import pytest

from tools.rehearsal.machine import stages
from tools.rehearsal.machine.health import Address

from .spaces import CARD, EVERYWHERE, Machine, http_app

SPACE = "someone/app"
GRADIO_APP = """
import gradio as gr

def greet(name):
    print("greeting", name)
    return f"Hello {name}"

def count(limit):
    for number in range(int(limit)):
        yield str(number)

with gr.Blocks() as demo:
    name, reply = gr.Textbox(), gr.Textbox()
    gr.Button().click(greet, name, reply, api_name="greet")
    gr.Button().click(count, name, reply, api_name="count")
demo.launch(LAUNCH)
"""


def connect(host: str) -> Any:
    """Return a gradio_client, which ships no types."""
    client = importlib.import_module("gradio_client").Client
    with contextlib.redirect_stdout(io.StringIO()):  # it announces itself
        return client(host)


async def inner_port(machine: Machine, port: int) -> Address:
    """Return where a port of the app is, as soon as it listens there."""
    for _ in range(200):
        address = await machine.supervisor.port(SPACE, port)
        if address is not None:
            return address
        await asyncio.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


async def test_a_gradio_app_answers_the_real_client(machine: Machine) -> None:
    app = GRADIO_APP.replace("LAUNCH", f"server_name={EVERYWHERE!r}, server_port=7860, share=True")
    await machine.push(SPACE, {"README.md": CARD, "app.py": app})
    runtime = await machine.settled(SPACE)
    assert runtime.stage == stages.RUNNING, runtime.error_message
    client = await asyncio.to_thread(connect, str(runtime.host))
    assert await asyncio.to_thread(client.predict, "World", api_name="/greet") == "Hello World"
    job = client.submit("3", api_name="/count")
    assert await asyncio.to_thread(lambda: list(job)) == ["0", "1", "2"]
    assert runtime.facts["differences"] == []
    reload_server = await inner_port(machine, 7887)
    assert reload_server.host == "127.0.0.1"
    assert reload_server.port != 7887
    await asyncio.to_thread(client.close)
    await machine.supervisor.pause(SPACE)
    log = await machine.log(SPACE, "run")
    assert f"* Running on local URL:  http://{EVERYWHERE}:7860" in log
    assert "greeting World\n" in log
    assert "gradio.live" not in log


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("server_port=8000", "launch(server_port=8000): the platform forwards only 7860"),
        ("server_name='127.0.0.1'", "the platform cannot reach the app there"),
    ],
)
async def test_a_gradio_app_where_the_platform_does_not_look_is_never_healthy(
    machine: Machine, address: str, words: str
) -> None:
    """Only 7860 is forwarded to a Gradio Space (hub-docs#1436, 2024-10-02)."""
    card = CARD.replace("title: Test", "title: Test\nstartup_duration_timeout: 25s")
    await machine.push(SPACE, {"README.md": card, "app.py": GRADIO_APP.replace("LAUNCH", address)})
    await machine.left(SPACE, stages.BUILDING)
    for _ in range(400):
        found = machine.supervisor.runtime(SPACE).facts["differences"]
        if len(found) == 2:
            break
        await asyncio.sleep(0.05)
    assert machine.supervisor.runtime(SPACE).stage == stages.APP_STARTING
    assert any(words in sentence for sentence in found)
    runtime = await machine.settled(SPACE)
    assert runtime.stage == stages.RUNTIME_ERROR
    assert "Launch timed out, workload was not healthy after 25 s" in str(runtime.error_message)
    assert runtime.facts["differences"] == found
    assert words in await machine.log(SPACE, "run")


async def test_a_missing_requirement_builds_and_fails_at_the_import(machine: Machine) -> None:
    runtime = await machine.run(SPACE, "import flask\n")
    assert runtime.stage == stages.RUNTIME_ERROR
    assert "No module named 'flask'" in str(runtime.error_message)


@pytest.mark.parametrize(
    ("requirements", "reason"),
    [
        (
            "gradio==5.0.0\n",
            "ERROR: Cannot install gradio==5.0.0 and gradio==6.31.0 because these package versions",
        ),
        (
            "this-package-is-nowhere-xyz==1.0\n",
            "ERROR: No matching distribution found for this-package-is-nowhere-xyz==1.0",
        ),
        ("-r other.txt\n", "No such file or directory: '/tmp/other.txt'"),
        ("-e .\n", "does not appear to be a Python project"),
        ("this is not a requirement\n", "this is not a requirement"),
    ],
)
async def test_requirements_that_cannot_be_installed_are_a_build_error(
    machine: Machine, requirements: str, reason: str
) -> None:
    files = {"requirements.txt": requirements, "other.txt": "", "pyproject.toml": "[project]\n"}
    runtime = await machine.run(SPACE, http_app("x"), **files)
    assert runtime.stage == stages.BUILD_ERROR
    assert re.match(r"Job failed with exit code: \d\. Reason: ", str(runtime.error_message))
    assert reason in str(runtime.error_message)
    log = await machine.log(SPACE, "build")
    assert reason in log
    assert "did not complete successfully: exit code: " in log.splitlines()[-1]
    assert machine.supervisor.journal(SPACE, "run") is None


async def test_a_failed_build_is_not_used_by_the_next(machine: Machine) -> None:
    await machine.run(SPACE, http_app("x"), **{"requirements.txt": "gradio==5.0.0\n"})
    again = await machine.run(SPACE, http_app("x"), **{"requirements.txt": "gradio==5.0.0\n"})
    assert again.stage == stages.BUILD_ERROR


async def test_what_is_not_done_here_is_said_in_the_build_log(machine: Machine) -> None:
    packages = {"packages.txt": "coreutils\nno-such-package\n", "pre-requirements.txt": "segno\n"}
    await machine.run(SPACE, http_app("x"), **packages)
    log = await machine.log(SPACE, "build")
    assert "rehearsal: packages.txt: no-such-package: not " in log
    if shutil.which("dpkg-query"):
        assert "rehearsal: packages.txt: coreutils: present on this machine\n" in log
    first, _, second = log.partition("-r /tmp/pre-requirements.txt\n")
    assert "gradio[" not in first
    assert "gradio[oauth,mcp]==6.31.0" in second


async def test_a_python_that_is_not_here_is_refused_with_those_that_are(machine: Machine) -> None:
    card = CARD.replace('"3.11"', '"3.99"')
    await machine.push(SPACE, {"README.md": card, "app.py": http_app("x")})
    runtime = await machine.settled(SPACE)
    assert runtime.stage == stages.BUILD_ERROR
    assert str(runtime.error_message).startswith("Python 3.99 is not on this machine; it has ")
    assert (runtime.facts["pythonRequested"], runtime.facts["pythonUsed"]) == ("3.99", None)
    assert "Python 3.99 is not on this machine" in await machine.log(SPACE, "build")


async def test_a_factory_restart_builds_again(machine: Machine) -> None:
    await machine.run(SPACE, http_app("x"))
    await machine.supervisor.restart(SPACE, factory=True)
    assert machine.supervisor.runtime(SPACE).stage == stages.BUILDING
    assert (await machine.settled(SPACE)).stage == stages.RUNNING
    log = await machine.log(SPACE, "build")
    assert "CACHED" not in log
    assert "+ gradio==6.31.0" in log


@pytest.mark.parametrize(
    ("readme", "stage", "message"),
    [
        ("# No block\n", stages.CONFIG_ERROR, "Missing configuration in README"),
        ("---\ntitle: a: b\n---\n", stages.CONFIG_ERROR, "Invalid YAML in README.md"),
        (CARD + "\n", stages.NO_APP_FILE, "app.py"),
    ],
)
async def test_a_revision_that_is_not_configured_is_not_built(
    machine: Machine, readme: str, stage: str, message: str
) -> None:
    await machine.push(SPACE, {"README.md": readme})
    runtime = await machine.settled(SPACE)
    assert runtime.stage == stage
    assert message in str(runtime.error_message)


async def test_a_docker_space_says_that_it_is_not_rehearsed(machine: Machine) -> None:
    await machine.push(SPACE, {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM a\n"})
    runtime = await machine.settled(SPACE)
    assert (runtime.stage, runtime.error_message) == (stages.NOT_REHEARSED, None)
    assert "Docker" in runtime.facts["notRehearsed"]


async def test_a_static_space_is_served_from_the_folder_of_its_app_file(machine: Machine) -> None:
    card = (
        "---\nsdk: static\napp_file: site/main.html\n"
        "custom_headers:\n  cross-origin-embedder-policy: require-corp\n  x-other: no\n---\n"
    )
    files = {"README.md": card, "site/main.html": "<p>main", "site/a/code.js": "1", "key": "no"}
    await machine.push(SPACE, files)
    runtime = await machine.settled(SPACE)
    assert (runtime.stage, runtime.revision) == (stages.RUNNING, None)
    assert (runtime.hardware_current, runtime.hardware_requested) == (None, None)
    page = await machine.ask(SPACE)
    assert page.text == "<p>main"
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cross-origin-embedder-policy"] == "require-corp"
    assert "x-other" not in page.headers
    script = await machine.ask(SPACE, "/a/code.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert (await machine.ask(SPACE, "/a/")).status_code == 404
    assert (await machine.ask(SPACE, "/%2e%2e/key")).status_code == 404


async def test_a_static_space_serves_nothing_through_a_link(machine: Machine) -> None:
    revision = machine.source.commit(
        SPACE, {"README.md": "---\nsdk: static\n---\n", "index.html": "x"}
    )
    machine.source.link(SPACE, revision, "passwords", "/etc/passwd")
    await machine.supervisor.pushed(SPACE, revision)
    await machine.settled(SPACE)
    assert (await machine.ask(SPACE, "/passwords")).status_code == 404


async def test_large_bodies_pass_the_front(machine: Machine) -> None:
    await machine.run(SPACE, ECHO_APP)
    body = b"0123456789" * 1_000_000
    async with httpx.AsyncClient(timeout=30) as client:
        host = machine.supervisor.runtime(SPACE).host
        assert (await client.post(f"{host}/", content=body)).content == body


ECHO_APP = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(204); self.end_headers()
    def do_POST(self):
        size = int(self.headers["content-length"])
        self.send_response(200); self.send_header("content-length", str(size)); self.end_headers()
        self.wfile.write(self.rfile.read(size))
http.server.ThreadingHTTPServer(("", 7860), Handler).serve_forever()
"""
