"""Templates with torch, rehearsed with tiny random models and a CPU build of torch."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import SpaceHardware

from tests.calling import Caller
from tests.conftest import Hub, cache_folder

from . import tiny_models
from .conftest import Scaffold
from .test_rehearsed import outputs, rehearse

FOLDERS = os.environ.get("PIP_FIND_LINKS", "").split()
WHEELS = [wheel for folder in FOLDERS for wheel in Path(folder).glob("torch-*+cpu-cp311-*.whl")]
TORCH = "torch==2.13.0+cpu"
SETTLED_SECONDS = 400

Prepare = Callable[..., Path]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not WHEELS, reason="no CPU build of torch for Python 3.11 on this machine"),
]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A Hub that lets ZeroGPU's package run with a CPU build of torch."""
    hub = Hub(tmp_path_factory.mktemp("torch") / "rehearsal", cache_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUGGINGFACE_SPACES_ZERO_GPU_TORCH", "cpu")
        hub.start()
    yield hub
    assert hub.stop() == 0


@pytest.fixture
def prepared(scaffold: Scaffold, hub: Hub) -> Prepare:
    """Scaffold a template for a tiny model, which is made in the environment of that template."""

    def prepare(template: str, model: str, maker: str, hardware: str = "cpu-basic") -> Path:
        folder = scaffold(template, model=model)
        requirements = folder / "requirements.txt"
        requirements.write_text(re.sub(r"(?m)^torch>=.*$", TORCH, requirements.read_text()))
        if not hub.api("rehearsal-pro").repo_exists(model):
            make(hub, folder, maker, model, hardware)
        return folder

    return prepare


def make(hub: Hub, folder: Path, maker: str, model: str, hardware: str) -> None:
    """Run `maker` as a Space with the requirements of `folder`, until `model` is on the Hub."""
    api, space = hub.api("rehearsal-pro"), f"{model}-maker"
    secret = {"key": "HF_TOKEN", "value": hub.token("rehearsal-pro")}
    flavor = SpaceHardware(hardware)
    api.create_repo(
        space,
        repo_type="space",
        space_sdk="gradio",
        space_hardware=flavor,
        space_secrets=[secret],
    )
    work = folder.parent / "maker"
    work.mkdir()
    for name in ("README.md", "requirements.txt"):
        (work / name).write_bytes((folder / name).read_bytes())
    (work / "app.py").write_text(maker)
    api.upload_folder(folder_path=work, repo_id=space, repo_type="space")
    api.wait_for_space(space, timeout=SETTLED_SECONDS)
    said = "".join(api.fetch_space_logs(space))
    assert api.file_exists(model, "config.json") or api.file_exists(model, "model_index.json"), said


def test_image_classification(caller: Caller, prepared: Prepare) -> None:
    folder = prepared("image-classification", "rehearsal-pro/tiny-vit", tiny_models.VISION)
    found = outputs(rehearse(caller, folder, endpoint="/classify"))["/classify"]
    assert all(label in str(found) for label in ("fox", "hare", "owl"))


def test_object_detection(caller: Caller, prepared: Prepare) -> None:
    folder = prepared("object-detection", "rehearsal-pro/tiny-yolos", tiny_models.VISION)
    result = rehearse(caller, folder, endpoint="/detect", input={"least_score": 0.0})
    assert "%" in str(outputs(result)["/detect"])


def test_llm_chat(caller: Caller, prepared: Prepare) -> None:
    folder = prepared("llm-chat", "rehearsal-pro/tiny-chat", tiny_models.CHAT, "zero-a10g")
    given = {"message": "Hello", "max_new_tokens": 16, "temperature": 0}
    result = rehearse(caller, folder, hardware="zero-a10g", endpoint="/chat", input=given)
    (chat,) = result["smoke_test"]["endpoints"]
    assert any("streamed 17 values" in found["what"] for found in chat["evidence"])
    assert outputs(result)["/chat"][0]


def test_speech(caller: Caller, prepared: Prepare) -> None:
    model = "rehearsal-pro/tiny-listener"
    folder = prepared("speech", model, tiny_models.SPEECH, "zero-a10g")
    app = folder / "app.py"
    app.write_text(app.read_text().replace("facebook/mms-tts-eng", "rehearsal-pro/tiny-voice"))
    for endpoint in ("/speak", "/transcribe"):
        result = rehearse(caller, folder, hardware="zero-a10g", endpoint=endpoint)
        assert outputs(result)[endpoint][0]


def test_image_generation(caller: Caller, prepared: Prepare) -> None:
    model = "rehearsal-pro/tiny-painter"
    folder = prepared("image-generation", model, tiny_models.DIFFUSION, "zero-a10g")
    app = folder / "app.py"
    app.write_text(app.read_text().replace("SIZES = [512, 768, 1024]", "SIZES = [64]"))
    given = {"prompt": "a fox", "seed": 7, "steps": 2}
    result = rehearse(caller, folder, hardware="zero-a10g", endpoint="/generate", input=given)
    picture, seed = outputs(result)["/generate"]
    assert picture
    assert str(seed) == "7"
