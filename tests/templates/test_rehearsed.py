"""Templates without torch, each scaffolded, built, started and called on the rehearsal Hub."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.calling import Caller, readme, write_files
from tests.conftest import Hub
from tools.render import Answer
from tools.templates import all_templates

from .conftest import Scaffold

MODEL = "rehearsal-world/tiny-llama"
DRAWER = '''
import gradio as gr
from PIL import Image


def generate_image(prompt: str, request: gr.Request) -> tuple[Image.Image, int]:
    """Draw something, and print for whom."""
    print(prompt, "for", request.headers.get("x-ip-token"), flush=True)
    return Image.effect_noise((64, 64), 80), 7


gr.Interface(
    generate_image, gr.Textbox(), [gr.Image(), gr.Number()], api_name="generate_image"
).launch()
'''


def settle(caller: Caller, folder: Path, **arguments: Any) -> Answer:
    """Rehearse until it settles."""
    for _ in range(8):
        answer = caller.answer("space_rehearse", folder=str(folder), **arguments)
        if answer.envelope["outcome"] != "still_running":
            break
    return answer


def rehearse(caller: Caller, folder: Path, **arguments: Any) -> dict[str, Any]:
    """The result of a green rehearsal."""
    answer = settle(caller, folder, **arguments)
    assert answer.envelope["outcome"] == "rehearsed", answer.text
    found: dict[str, Any] = answer.envelope["result"]
    return found


def outputs(result: dict[str, Any]) -> dict[str, list[Any]]:
    """What each endpoint gave."""
    return {each["name"]: each["outputs"] for each in result["smoke_test"]["endpoints"]}


def app_address(hub: Hub, result: dict[str, Any]) -> str:
    runtime = hub.api("rehearsal-pro").get_space_runtime(result["space"])
    return str(runtime.raw["rehearsal"]["host"])


def test_gradio_minimal(caller: Caller, scaffold: Scaffold) -> None:
    result = rehearse(caller, scaffold("gradio-minimal"), endpoint="/count_words")
    assert json.loads(outputs(result)["/count_words"][0].replace("'", '"'))["words"] == 5


def test_gradio_server(caller: Caller, scaffold: Scaffold, hub: Hub) -> None:
    title = 'Names & "Slugs"'
    result = rehearse(
        caller,
        scaffold("gradio-server", title=title),
        endpoint="/slugify",
        input={"title": "A Tale of Two Cities"},
    )
    assert outputs(result)["/slugify"] == ["a-tale-of-two-cities"]
    host = app_address(hub, result)
    assert "<h1>Names &amp; &quot;Slugs&quot;</h1>" in httpx.get(host).text
    assert httpx.get(f"{host}/health").json() == {"status": "ok"}


def test_bucket_feed(caller: Caller, scaffold: Scaffold) -> None:
    entry = {"name": "Ada", "text": "First!"}
    result = rehearse(caller, scaffold("bucket-feed"), endpoint="/publish", input=entry)
    assert "Ada" in str(outputs(result)["/publish"])
    assert "First!" in str(outputs(result)["/publish"])


@pytest.mark.slow
def test_bucket_feed_says_that_nothing_is_mounted(
    caller: Caller, scaffold: Scaffold, hub: Hub
) -> None:
    folder = scaffold("bucket-feed")
    app = folder / "app.py"
    app.write_text(app.read_text().replace('"/data"', '"/not-mounted"'))
    result = rehearse(caller, folder, endpoint="/publish", input={"name": "Ada", "text": "Hi"})
    assert "Ada" in str(outputs(result)["/publish"])
    config = httpx.get(f"{app_address(hub, result)}/config").text
    assert "No bucket is mounted at `/not-mounted`" in config


def test_mcp_server(caller: Caller, scaffold: Scaffold, hub: Hub) -> None:
    result = rehearse(caller, scaffold("mcp-server"))
    assert set(outputs(result)) >= {"/count_letters", "/frequent_words"}
    schema = httpx.get(f"{app_address(hub, result)}/gradio_api/mcp/schema").json()
    tools = {each["name"]: each for each in schema}
    letters = next(tools[name] for name in tools if name.endswith("count_letters"))
    assert letters["description"].startswith("Count how often a letter occurs")
    assert letters["inputSchema"]["properties"]["letter"]["description"] == "One letter."


def test_llm_chat_providers(caller: Caller, scaffold: Scaffold, hub: Hub) -> None:
    """Logged out it says so; with a visitor's token the router answers, and is told no other."""
    folder = scaffold("llm-chat-providers", model=MODEL)
    app = folder / "app.py"
    router = f'"INFERENCE_ROUTER", "{hub.endpoint}/v1"'
    app.write_text(re.sub(r'"INFERENCE_ROUTER", "[^"]*"', router, app.read_text()))
    result = rehearse(caller, folder, endpoint="/chat", input={"message": "Hello there"})
    assert "Log in" in str(outputs(result)["/chat"])
    host, message = app_address(hub, result), {"message": "Hello there"}
    said = call(host, "chat", message | {"oauth_token": hub.token("rehearsal-free")})
    assert f"{MODEL} did not run" in said
    assert "begins: Hello there" in said
    refused = call(host, "chat", message | {"oauth_token": "hf_" + "x" * 34})
    assert "The login has expired" in refused


def call(
    host: str, endpoint: str, given: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> str:
    """Call as a program of a visitor does; everything that was answered."""
    address = f"{host}/gradio_api/call/v2/{endpoint}"
    answer = httpx.post(address, json=dict(given), headers=headers, timeout=30)
    event = answer.raise_for_status().json()["event_id"]
    return httpx.get(f"{host}/gradio_api/call/{endpoint}/{event}", timeout=60).text


def test_orchestrator(caller: Caller, scaffold: Scaffold, hub: Hub, tmp_path: Path) -> None:
    """Joined with another Space; only the constant changes that the template says to edit."""
    drawer = f"rehearsal-pro/drawer-{uuid.uuid4().hex[:8]}"
    files = {"README.md": readme(), "app.py": DRAWER}
    write_files(tmp_path / "drawer", files)
    caller.result("space_create", "created", space=drawer, sdk="gradio", visibility="public")
    caller.result("space_upload", "uploaded", space=drawer, folder=str(tmp_path / "drawer"))
    assert caller.wait(drawer)["outcome"] == "ready"
    folder = scaffold("orchestrator")
    app = folder / "app.py"
    app.write_text(app.read_text().replace("mrfakename/Z-Image-Turbo", drawer))
    result = rehearse(caller, folder, endpoint="/illustrate", input={"subject": "a fox"})
    picture, caption = outputs(result)["/illustrate"]
    assert picture
    assert caption == f"A fox, watercolour. Drawn by {drawer}."
    call(app_address(hub, result), "illustrate", {"subject": "a dog"}, {"x-ip-token": "visitor-7"})
    assert says(hub, drawer, "a dog, watercolour for visitor-7")


def says(hub: Hub, space: str, text: str) -> bool:
    """Wait for a text in the run log; the client leaves out lines of the running second."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if text in "".join(hub.api("rehearsal-pro").fetch_space_logs(space)):
            return True
        time.sleep(0.5)
    return False


def test_the_program_of_fastapi_docker(caller: Caller, scaffold: Scaffold, hub: Hub) -> None:
    """Started outside of its container, in the environment that Gradio's own FastAPI is in."""
    folder = scaffold("fastapi-docker", title='Words {and} "more"')
    (folder / "requirements.txt").unlink()
    start = 'import uvicorn\n\nuvicorn.run("main:app", host="0.0.0.0", port=7860)\n'
    write_files(folder, {"README.md": readme(), "app.py": start})
    answer = settle(caller, folder)
    assert answer.envelope["result"]["proved"], answer.text
    host = app_address(hub, answer.envelope["result"])
    assert httpx.get(host).json()["service"] == 'Words {and} "more"'
    counted = httpx.post(f"{host}/count", json={"text": "one two\nthree"}).json()
    assert counted == {"characters": 13, "words": 3, "lines": 2}


@pytest.mark.parametrize("name", ["static-transformers-js", "static-project-page"])
def test_static_pages_are_served_byte_for_byte(
    caller: Caller, scaffold: Scaffold, hub: Hub, name: str
) -> None:
    folder = scaffold(name)
    host = app_address(hub, settle(caller, folder).envelope["result"])
    for path in folder.rglob("*"):
        if path.name != "README.md":
            assert httpx.get(f"{host}/{path.name}").content == path.read_bytes()
    assert httpx.get(host).content == (folder / "index.html").read_bytes()


def test_what_claims_a_rehearsal_has_one() -> None:
    here = Path(__file__).parent
    texts = "".join(file.read_text() for file in here.glob("test_*rehearsed*.py"))
    for each in all_templates().values():
        if each.proof.kind == "rehearsal":
            assert f'"{each.id}"' in texts, each.id


@pytest.mark.slow
def test_an_app_without_a_model_starts_on_zero_gpu(offline: Caller, scaffold: Scaffold) -> None:
    """The free slot of a free account: the platform stops an app without a decorated function."""
    folder = scaffold("gradio-minimal", hardware="zero-a10g")
    result = rehearse(offline, folder, hardware="zero-a10g")
    assert "words" in str(outputs(result)["/count_words"])
