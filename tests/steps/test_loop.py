"""The main job on a real Gradio app: deploy, call, break, read, repair, verify."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.calling import Caller, readme, write_files

APP = '''
import gradio as gr
from PIL import Image


def shade(level: int = 128, name: str = "grey") -> Image.Image:
    """Make a picture in two shades."""
    print(f"shading {name}", flush=True)
    picture = Image.new("RGB", (96, 64), (int(level), 40, 90))
    picture.paste((250, 250, 250), (0, 0, 48, 64))
    return picture


def fail(text: str) -> str:
    raise ValueError(f"cannot work with {text!r}")


def count(upto: int = 3):
    for number in range(int(upto)):
        yield f"number {number}"


with gr.Blocks(title="Shades") as demo:
    level, name = gr.Slider(0, 255, value=128), gr.Textbox("grey")
    out, text, said = gr.Image(format="png", type="pil"), gr.Textbox(), gr.Textbox()
    gr.Button().click(shade, [level, name], out, api_name="shade")
    gr.Button().click(fail, text, said, api_name="fail")
    gr.Button().click(count, gr.Number(3), said, api_name="count")

demo.launch()
'''


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"README.md": readme(), "app.py": APP}
    return write_files(tmp_path_factory.mktemp("app"), files)


@pytest.fixture
def running(caller: Caller, app_folder: Path) -> str:
    """The app as a running Space; built and started once for the module."""
    name = "rehearsal-pro/shades"
    if caller.answer("space_status", space=name).is_error:
        caller.result("space_create", "created", space=name, sdk="gradio")
    answer = caller.answer("space_upload", folder=str(app_folder), space=name)
    ready = caller.wait(name, answer.envelope["result"]["revision"])
    assert ready["outcome"] == "ready", ready
    return name


def test_endpoints_are_typed(caller: Caller, running: str) -> None:
    result = caller.result("space_api", "api", space=running)
    by_name = {endpoint["name"]: endpoint for endpoint in result["endpoints"]}
    assert set(by_name) == {"/shade", "/fail", "/count"}
    assert by_name["/count"]["streaming"]
    assert not by_name["/shade"]["streaming"]
    level, name = by_name["/shade"]["parameters"]
    assert (level["name"], level["default"], level["required"]) == ("level", 128, False)
    assert name["component"] == "Textbox"
    assert result["gradio_version"] == "6.31.0"


def test_image_is_verified_by_content_and_shown(caller: Caller, running: str) -> None:
    answer = caller.answer("space_smoke_test", space=running, endpoint="/shade")
    assert answer.envelope["outcome"] == "rehearsed", answer.text
    assert answer.exit_code == 0
    file = answer.envelope["result"]["endpoints"][0]["files"][0]
    assert (file["kind"], file["width"], file["height"]) == ("image/png", 96, 64)
    with Image.open(file["path"]) as picture:
        assert picture.size == (96, 64)
    assert answer.media[0].path == file["path"]


def test_hidden_error_is_explained_from_the_log(caller: Caller, running: str) -> None:
    """Gradio hides the exception from callers; the run log during the call has it."""
    answer = caller.answer(
        "space_smoke_test", space=running, endpoint="/fail", input={"text": "mud"}
    )
    assert answer.envelope["outcome"] == "broken"
    assert answer.exit_code == 1
    assert "cannot work with 'mud'" in answer.text
    assert answer.envelope["next"][0]["tool"] == "space_diagnose"


def test_the_whole_app_is_broken_when_one_endpoint_is(caller: Caller, running: str) -> None:
    result = caller.result("space_smoke_test", "broken", space=running)
    verdicts = {endpoint["name"]: endpoint["verdict"] for endpoint in result["endpoints"]}
    assert verdicts == {"/shade": "works", "/fail": "broken", "/count": "works"}


def test_wrong_endpoint_names_those_that_exist(caller: Caller, running: str) -> None:
    answer = caller.answer("space_smoke_test", space=running, endpoint="/nope")
    assert answer.envelope["outcome"] == "not_verified"
    assert "/shade" in answer.text


def test_plain_address_works_too(caller: Caller, running: str) -> None:
    address = caller.result("space_api", "api", space=running)["address"]
    answer = caller.answer("space_smoke_test", space=address, endpoint="/shade")
    assert answer.envelope["outcome"] == "works", answer.text


def test_lost_requirement_is_found_repaired_and_verified(
    caller: Caller, running: str, app_folder: Path, tmp_path: Path
) -> None:
    needs = APP.replace("import gradio as gr", "import segno\nimport gradio as gr")
    folder = write_files(tmp_path, {"README.md": readme(), "app.py": needs})
    broken = caller.result("space_upload", "uploaded", folder=str(folder), space=running)
    assert broken["effect"] == "restart"
    failed = caller.wait(running, broken["revision"])
    error = failed["failure"]["first_error"]
    assert error["text"] == "ModuleNotFoundError: No module named 'segno'"
    assert error["where"].startswith("app.py:2")
    assert caller.answer("space_smoke_test", space=running).envelope["outcome"] == "broken"
    write_files(folder, {"requirements.txt": "segno>=1.6\n"})
    fixed = caller.result("space_upload", "uploaded", folder=str(folder), space=running)
    assert fixed["effect"] == "rebuild"
    assert caller.wait(running, fixed["revision"])["outcome"] == "ready"
    result = caller.result("space_smoke_test", "rehearsed", space=running, endpoint="/shade")
    assert result["endpoints"][0]["files"]
