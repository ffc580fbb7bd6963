"""`space_plan` on a rehearsal Hub, as accounts that may do different things."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd

from tests.calling import Caller, plain_app, readme, write_files
from tests.conftest import Hub
from tools.registry import all_tools
from tools.render import Answer

WORLD = "rehearsal-world"


def planned(caller: Caller, source: str, **wish: str) -> dict[str, Any]:
    answer = caller.answer("space_plan", source=source, **wish)
    assert answer.envelope["outcome"] == "planned", answer.text
    assert len(answer.text) < 8_000
    assert_complete(answer)
    found: dict[str, Any] = answer.envelope["result"] | {"next": answer.envelope["next"]}
    return found


def step(result: dict[str, Any]) -> dict[str, Any]:
    """The one call of `next` that goes on; the others read what somebody else made."""
    (found,) = (call for call in result["next"] if call["tool"] != "space_read")
    assert result["next"].index(found) <= 1
    step_: dict[str, Any] = found
    return step_


def assert_complete(answer: Answer) -> None:
    """Every call that is advised is one that its tool would take."""
    tools = all_tools()
    for call in answer.envelope["next"]:
        if call["tool"] in tools:
            tools[call["tool"]].validate(call["arguments"])


@pytest.fixture
def push(hub: Hub) -> Callable[..., str]:
    """Push a model with the real client; returns its name."""

    def push_model(files: dict[str, str | bytes]) -> str:
        name = f"rehearsal-pro/m-{uuid.uuid4().hex[:10]}"
        api = hub.api("rehearsal-pro")
        api.create_repo(name)
        operations = [
            CommitOperationAdd(
                path_in_repo=path,
                path_or_fileobj=text.encode() if isinstance(text, str) else text,
            )
            for path, text in files.items()
        ]
        api.create_commit(name, operations, commit_message="Files")
        return name

    return push_model


def test_a_model_with_memory_routes_and_prior_art(caller: Caller) -> None:
    result = planned(caller, f"{WORLD}/tiny-llama")
    subject = result["subject"]
    assert (subject["kind"], subject["framework"]) == ("full weights", "torch")
    assert subject["weights"]["parameters"] == {"BF16": 6736}
    assert subject["weights"]["origin"] == "safetensors headers, read by the Hub"
    memory = {need["precision"]: need for need in subject["memory"]["needs"]}
    assert memory["bf16 or fp16"]["weights_bytes"] == 6736 * 2
    # 2 x 2 layers x 1 head x 8 numbers x 4,096 tokens x 2 bytes
    assert memory["bf16 or fp16"]["key_value_cache_bytes"] == 2 * 2 * 1 * 8 * 4096 * 2
    assert result["download_bytes"] > 13_472
    assert [route["rank"] for route in result["routes"]] == [1, 2, 3]
    assert [route["allowed"] for route in result["routes"]] == ["yes", "yes", "over_limit"]
    assert "--max-cost 0.4" in result["routes"][2]["allowed_because"]
    assert 1 <= len(result["similar"]) <= 3
    tools = [call["tool"] for call in result["next"]]
    assert tools[:2] == ["space_read", "space_scaffold"]
    assert set(tools[2:]) <= {"space_read"}
    # The frame for a CPU takes no model; the hardware that was planned goes on with the call.
    assert step(result)["arguments"] == {
        "template": "gradio-minimal",
        "folder": "<the folder of the app>",
        "hardware": "cpu-basic",
    }
    on_zero_gpu = planned(caller, f"{WORLD}/tiny-llama", hardware="zero-a10g")
    assert step(on_zero_gpu)["arguments"] == {
        "template": "llm-chat",
        "folder": "<the folder of the app>",
        "hardware": "zero-a10g",
        "model": f"{WORLD}/tiny-llama",
    }
    assert "small world" in result["note"]


def test_an_adapter_is_planned_with_its_base(caller: Caller) -> None:
    subject = planned(caller, f"hf:{WORLD}/tiny-llama-lora")["subject"]
    assert (subject["kind"], subject["base"]) == ("adapter", f"{WORLD}/tiny-llama")
    assert subject["weights"]["parameters"] == {"F32": 448, "BF16": 6736}
    assert subject["memory"]["needs"][0]["key_value_cache_bytes"] > 0
    assert any("base" in note for note in subject["notes"])


def test_an_adapter_whose_base_is_not_there_has_no_size(
    caller: Caller, push: Callable[..., str]
) -> None:
    config = {"base_model_name_or_path": "nobody/has-it", "peft_type": "LORA"}
    name = push({"adapter_config.json": json.dumps(config)})
    result = planned(caller, name)
    assert result["subject"]["memory"] is None
    assert result["download_bytes"] is None
    assert any("nobody/has-it" in what for what in result["unknown"])


def test_gated_says_what_a_person_does_and_what_stays_unknown(
    caller_as: Callable[[str], Caller],
) -> None:
    result = planned(caller_as("rehearsal-free"), f"{WORLD}/tiny-llama-gated")
    (duty,) = result["subject"]["must_do"]
    assert "accepts the terms" in duty
    assert "HF_TOKEN" in duty
    assert result["subject"]["license"] == "other (rehearsal-terms)"
    assert any("gated, and this account has no access" in what for what in result["unknown"])
    admitted = planned(caller_as("rehearsal-pro"), f"{WORLD}/tiny-llama-gated")
    assert not any("config.json" in what for what in admitted["unknown"])


def test_custom_code_is_pinned(caller: Caller, hub: Hub) -> None:
    subject = planned(caller, f"{WORLD}/tiny-custom-code")["subject"]
    head = hub.api(None).model_info(f"{WORLD}/tiny-custom-code").sha
    assert subject["custom_code"]
    assert any(f'trust_remote_code=True and revision="{head}"' in n for n in subject["notes"])


def test_gguf_and_pipeline_and_embeddings(caller: Caller) -> None:
    gguf = planned(caller, f"{WORLD}/tiny-llama-gguf")
    assert gguf["subject"]["framework"] == "llama.cpp"
    assert [need["precision"] for need in gguf["subject"]["memory"]["needs"]] == ["as stored"]
    assert gguf["routes"][0]["hardware"] == "cpu-basic"
    assert not any(route["hardware"] == "zero-a10g" for route in gguf["routes"])
    pipeline = planned(caller, f"{WORLD}/tiny-diffusion")
    assert {part["name"] for part in pipeline["subject"]["components"]} == {
        "unet",
        "text_encoder",
        "vae",
    }
    assert pipeline["subject"]["weights"]["parameters"] == {"F16": 3056}
    assert [route["template"] for route in pipeline["routes"]] == [
        "gradio-minimal",
        "image-generation",
        "image-generation",
    ]
    assert "the model has to be put in" in pipeline["routes"][0]["why"]
    embeddings = planned(caller, f"{WORLD}/tiny-embeddings")
    assert embeddings["subject"]["kind"] == "sentence-transformers"


def test_in_the_browser_with_bytes_per_data_type(caller_as: Callable[[str], Caller]) -> None:
    result = planned(caller_as("rehearsal-free"), f"{WORLD}/tiny-sentiment-onnx")
    assert {one["name"] for one in result["subject"]["browser"]} == {"fp32", "q8"}
    first = result["routes"][0]
    assert (first["sdk"], first["template"]) == ("static", "static-transformers-js")
    assert first["allowed"] == "yes"


def test_a_page_in_the_browser_by_its_task(caller: Caller) -> None:
    """A task alone: static, models that have ONNX files, and the bytes a visitor downloads."""
    result = planned(caller, "tell the sentiment of a sentence in the browser")
    assert result["subject"]["task"] == "text-classification"
    (candidate,) = result["subject"]["candidates"]
    assert candidate["name"] == f"{WORLD}/tiny-sentiment-onnx"
    assert {one["name"] for one in candidate["browser"]} == {"fp32", "q8"}
    assert result["routes"][0]["sdk"] == "static"
    assert step(result)["arguments"] == {
        "template": "static-transformers-js",
        "folder": "<the folder of the app>",
        "model": f"{WORLD}/tiny-sentiment-onnx",
    }
    nothing = planned(caller, "depth of a photo in the browser")
    assert any("none was found" in what for what in nothing["unknown"])


def test_a_model_without_a_task_says_so(caller: Caller, push: Callable[..., str]) -> None:
    name = push({"config.json": "{}", "README.md": "---\nlicense: cc-by-nc-4.0\n---\n"})
    result = planned(caller, name)
    notes = " ".join(result["subject"]["notes"])
    assert "no pipeline_tag" in notes
    assert "excludes commercial use" in notes
    assert any(what.startswith("size of") for what in result["unknown"])
    assert result["subject"]["memory"] is None


def test_conversation_of_a_free_account(caller_as: Callable[[str], Caller], tmp_path: Path) -> None:
    """A CPU app on a free account: what is open comes first, what is closed names its price."""
    folder = write_files(
        tmp_path / "app",
        {"README.md": readme(), "app.py": "import gradio as gr\ngr.Blocks().launch()\n"},
    )
    result = planned(caller_as("rehearsal-free"), str(folder))
    found = [(route["sdk"], route["hardware"], route["allowed"]) for route in result["routes"]]
    assert found == [
        ("static", None, "yes"),
        ("gradio", "zero-a10g", "try"),
        ("gradio", "cpu-basic", "no"),
        ("static", None, "yes"),
    ]
    assert "PRO ($9 a month" in result["routes"][2]["cost"]
    assert step(result)["tool"] == "space_lint"
    assert step(result)["arguments"]["hardware"] == "zero-a10g"
    assert any("402" in what for what in result["unknown"])


def test_a_checkout_with_models_cuda_code_and_large_files(caller: Caller, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "repo",
        {
            "src/demo.py": (
                "import gradio as gr\nfrom transformers import AutoModelForCausalLM\n"
                f"NAME = '{WORLD}/tiny-llama'\n"
                "model = AutoModelForCausalLM.from_pretrained(NAME).to('cuda')\n"
                "gr.Interface(str, 'text', 'text').launch()\n"
            ),
            "requirements.txt": "torch\nflash-attn\n",
            "weights.bin": b"\0" * 10_000_001,
            "pointer.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        },
    )
    result = planned(caller, str(folder), hardware="zero-a10g")
    subject = result["subject"]
    assert subject["entry"] == "src/demo.py"
    assert subject["models"][0]["name"] == f"{WORLD}/tiny-llama"
    assert subject["models"][0]["stored_bytes"] == 13_472
    assert subject["memory"]["needs"]
    assert subject["cuda"][0]["wheel"] == "dataset"
    assert [file["name"] for file in subject["large_files"]] == ["weights.bin"]
    assert subject["pointers"] == ["pointer.bin"]
    assert any("no usable block" in note for note in subject["notes"])
    assert result["routes"][0]["hardware"] == "zero-a10g"
    assert step(result)["arguments"] == {"folder": str(folder), "hardware": "zero-a10g"}


def test_models_of_an_app_count_once_with_their_caches(caller: Caller, tmp_path: Path) -> None:
    app = (
        "import gradio as gr\nfrom peft import PeftModel\n"
        "from transformers import AutoModel, AutoModelForCausalLM\n"
        f"base = AutoModelForCausalLM.from_pretrained('{WORLD}/tiny-llama')\n"
        f"base.load_lora_weights('{WORLD}/tiny-llama-lora')\n"
        "def other(name):\n    return AutoModel.from_pretrained(name)\n"
        "gr.Interface(str, 'text', 'text').launch()\n"
    )
    folder = write_files(tmp_path / "app", {"README.md": readme(), "app.py": app})
    result = planned(caller, str(folder))
    need = next(
        one for one in result["subject"]["memory"]["needs"] if one["precision"] == "bf16 or fp16"
    )
    # The base once, and the adapter's own numbers.
    assert need["weights_bytes"] == (6736 + 448) * 2
    assert need["key_value_cache_bytes"] == 2 * 2 * 1 * 8 * 4096 * 2
    assert any("cache" in text for text in result["subject"]["memory"]["assumptions"])
    assert result["download_bytes"] > 13_472
    assert any("app.py:7" in what for what in result["unknown"])


def test_an_adapter_on_an_adapter_has_no_size(caller: Caller, push: Callable[..., str]) -> None:
    config = {"base_model_name_or_path": f"{WORLD}/tiny-llama-lora", "peft_type": "LORA"}
    result = planned(caller, push({"adapter_config.json": json.dumps(config)}))
    assert result["subject"]["memory"] is None
    assert any("adapter itself" in what for what in result["unknown"])


def test_a_space_is_read_where_no_model_has_the_name(caller: Caller, space: str, hub: Hub) -> None:
    api = hub.api("rehearsal-pro")
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    for path, text in {"README.md": readme(), "app.py": plain_app()}.items():
        api.upload_file(
            path_or_fileobj=text.encode(), path_in_repo=path, repo_id=space, repo_type="space"
        )
    for source in (space, f"spaces/{space}"):
        result = planned(caller, source)
        assert result["subject"]["is_space"]
        assert result["subject"]["entry"] == "app.py"
        assert step(result)["tool"] == "space_checkout"
    caller.problem("space_plan", "not_found", source="nobody/nothing")
    caller.problem("space_plan", "not_found", source="hf:nobody/nothing")


def test_without_a_source_the_hardware_table(caller_as: Callable[[str], Caller]) -> None:
    answer = caller_as("rehearsal-free").answer("space_plan")
    assert answer.envelope["outcome"] == "hardware"
    rows = {row["name"]: row for row in answer.envelope["result"]["flavors"]}
    assert rows["t4-small"]["dollars_per_hour"] == 0.4
    assert rows["cpu-basic"]["allowed"] == "no"
    assert rows["zero-a10g"]["allowed"] == "try"
    assert "live from the Hub" in answer.text
    assert len(answer.text) < 8_000


def test_wishes_that_cannot_be(caller: Caller) -> None:
    text = caller.problem("space_plan", "unknown_hardware", source="a chat", hardware="h100")
    assert "zero-a10g" in text
    caller.problem("space_plan", "bad_argument", source="a chat", sdk="static", hardware="l4x1")
    caller.problem(
        "space_plan", "bad_argument", source="a chat", sdk="docker", hardware="zero-a10g"
    )
    caller.problem("space_plan", "checkout_first", source="github:o/r")


def test_without_a_login_nothing_is_promised(stranger: Callable[[str], Caller]) -> None:
    result = planned(stranger(""), f"{WORLD}/tiny-llama")
    assert {route["allowed"] for route in result["routes"] if route["hardware"]} == {"unknown"}
    assert any("nobody is logged in" in what for what in result["unknown"])


def test_a_bad_token_is_no_account(stranger: Callable[[str], Caller]) -> None:
    stranger("not-a-token").problem("space_plan", "bad_token", source=f"{WORLD}/tiny-llama")


def test_a_folder_is_planned_without_a_network(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models and the prior art stay unknown; the plan is made all the same."""
    monkeypatch.setattr("tools.public_reading.HUGGING_FACE", "http://127.0.0.1:9")
    auto = Caller(dataclasses.replace(caller.settings, hub="auto", environment={}))
    folder = write_files(
        tmp_path / "app",
        {
            "README.md": readme(),
            "app.py": "from transformers import pipeline as p\np(model='a/b')\n",
        },
    )
    result = planned(auto, str(folder))
    assert any("hub_unreachable" in what for what in result["unknown"])
    assert result["routes"]
    assert "could not be reached" in result["note"]


def test_a_plan_says_where_it_looked(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task is looked for in the prior art alone, and that was the rehearsal world's."""
    assert "small world" in planned(caller, "chat with a language model")["note"]
    monkeypatch.setattr("tools.public_reading.HUGGING_FACE", "http://127.0.0.1:9")
    auto = Caller(dataclasses.replace(caller.settings, hub="auto", environment={}))
    note = planned(auto, "chat with a language model")["note"]
    assert note.startswith("huggingface.co could not be reached")
    said = auto.problem("space_plan", "hub_unreachable", source="nobody/nothing")
    assert "small world was looked at" in said
    assert "check the network" in said


def test_similar_spaces_are_not_the_account_s_own(caller: Caller, space: str, hub: Hub) -> None:
    api = hub.api("rehearsal-pro")
    api.create_repo(space, repo_type="space", space_sdk="static")
    card = readme("static", short_description="Chat with a language model").encode()
    api.upload_file(
        path_or_fileobj=card, path_in_repo="README.md", repo_id=space, repo_type="space"
    )
    result = planned(caller, "chat with a language model")
    assert result["similar"]
    assert all(not one["space"].startswith("rehearsal-pro/") for one in result["similar"])
    assert result["similar_by_words"]


def test_models_of_unknown_size_are_all_named(
    caller: Caller, push: Callable[..., str], tmp_path: Path
) -> None:
    unsized = [push({"config.json": "{}"}) for _ in range(3)]
    loads = "".join(f"AutoModel.from_pretrained('{name}')\n" for name in unsized)
    code = f"from transformers import AutoModel\n{loads}"
    folder = write_files(tmp_path / "app", {"README.md": readme(), "app.py": code})
    unknown = " ".join(planned(caller, str(folder))["unknown"])
    assert all(f"size of {name}" in unknown for name in unsized)


def test_the_listing_is_small() -> None:
    tool = all_tools()["space_plan"]
    size = len(tool.name) + len(tool.description) + len(json.dumps(tool.input_schema))
    assert size <= 450
    assert len(tool.description) <= 300
