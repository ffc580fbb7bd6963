"""Estimates against what is published of real models: at most 3 % off for the weights."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from tests.conftest import Hub
from tests.planning.published import PublishedModel, published_models
from tools.context import Context
from tools.hub.models import ModelFile
from tools.planning.architecture import key_value_cache_bytes, parameters_from_config
from tools.planning.memory import estimate, sixteen_bits
from tools.planning.reading import read_model
from tools.planning.weights import from_config, from_headers, from_sizes, weight_files
from tools.settings import STATE_VARIABLE, Settings

MODELS = published_models()
TOLERANCE = 0.03
COMPUTED = {"bert", "gemma2", "llama", "mistral", "phi3", "qwen2"}


def named(models: list[PublishedModel]) -> list[str]:
    return [model.name for model in models]


def is_close(found: float, published: int) -> bool:
    return abs(found - published) <= TOLERANCE * published


def test_there_are_ten_and_each_says_where_it_is_from() -> None:
    assert len(MODELS) >= 10
    assert all(len(model.source) > 20 for model in MODELS)


WITH_CONFIG = [model for model in MODELS if model.config.get("model_type") in COMPUTED]


@pytest.mark.parametrize("model", WITH_CONFIG, ids=named(WITH_CONFIG))
def test_configuration_alone_gives_the_published_count(model: PublishedModel) -> None:
    computed = parameters_from_config(model.config)
    assert computed is not None
    floating = sum(count for kind, count in model.parameters.items() if kind != "I64")
    assert computed == floating, "these layouts are documented, so the count is exact"
    weights = from_config(model.config)
    assert weights is not None
    assert weights.origin == "computed from config.json"


WITH_CACHE = [model for model in MODELS if model.cache_bytes is not None]


@pytest.mark.parametrize("model", WITH_CACHE, ids=named(WITH_CACHE))
def test_cache_of_4096_tokens(model: PublishedModel) -> None:
    assert model.cache_bytes == key_value_cache_bytes(model.config, tokens=4096, batch=1, width=2)
    memory = estimate(from_headers(model.parameters, model.config), model.config, has_cache=True)
    assert memory is not None
    need = memory.at(sixteen_bits())
    assert need is not None
    cache = need.key_value_cache_bytes
    assert cache is not None
    assert cache == model.cache_bytes
    assert need.total_bytes == need.weights_bytes + cache + need.margin_bytes


WITH_COUNT = [model for model in MODELS if model.parameters]


@pytest.mark.parametrize("model", WITH_COUNT, ids=named(WITH_COUNT))
def test_headers_give_the_published_bytes(model: PublishedModel) -> None:
    memory = estimate(from_headers(model.parameters, model.config), model.config, has_cache=False)
    assert memory is not None
    need = memory.at(sixteen_bits())
    assert need is not None
    assert is_close(need.weights_bytes, model.bf16_bytes)


def test_sizes_alone_with_a_data_type_come_close() -> None:
    whisper = next(model for model in MODELS if "whisper" in model.name)
    files = [ModelFile(path=path, size_bytes=size) for path, size in whisper.files.items()]
    weights = from_sizes(files, whisper.config)
    assert weights.total is not None
    assert is_close(weights.total, whisper.parameters["F16"])
    assert weights.origin == "file sizes, as F16"


def test_sizes_without_a_data_type_are_not_converted() -> None:
    weights = from_sizes([ModelFile(path="model.bin", size_bytes=1000)], {})
    assert (weights.total, weights.stored_bytes) == (None, 1000)
    memory = estimate(weights, {}, has_cache=False)
    assert memory is not None
    assert [need.precision for need in memory.needs] == ["as stored"]


PIPELINES = [model for model in MODELS if model.index]


@pytest.mark.parametrize("model", PIPELINES, ids=named(PIPELINES))
def test_one_set_of_files_is_counted_for_each_part(model: PublishedModel) -> None:
    """Variants, single-file copies and other frameworks' weights lie beside the ones that count."""
    files = [ModelFile(path=path, size_bytes=size) for path, size in model.files.items()]
    counted = [file for folder in model.index for file in weight_files(files, folder)]
    assert all("fp16" not in file.path and file.path.endswith(".safetensors") for file in counted)
    per_number = {"F32": 4, "BF16": 2}[model.stored_as]
    at_sixteen_bits = sum(file.size_bytes for file in counted) / per_number * 2
    assert is_close(at_sixteen_bits, model.bf16_bytes)


def header(kind: str, count: int) -> bytes:
    """A weight file's header without its data: all that is read of it."""
    width = {"BF16": 2, "F16": 2, "F32": 4, "I64": 8}[kind]
    tensor = {"dtype": kind, "shape": [count], "data_offsets": [0, count * width]}
    text = json.dumps({"w": tensor}).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen2.5-7B-Instruct", "openai/whisper-large-v3", "black-forest-labs/FLUX.1-dev"]
)
def test_read_from_a_hub_with_the_real_client(
    name: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same figures through the client's own calls: expanded model information or headers."""
    model = next(one for one in MODELS if one.name == name)
    monkeypatch.setenv(STATE_VARIABLE, str(hub.state.parent))
    repository = f"rehearsal-pro/{name.partition('/')[2]}"
    push(hub, repository, model)
    settings = Settings(hub="rehearsal", hub_confirmed=True, roots=(Path("/"),))
    subject = read_model(Context(settings), repository)
    assert subject.memory is not None
    need = subject.memory.usual
    assert need is not None
    assert is_close(need.weights_bytes, model.bf16_bytes)
    assert "safetensors headers" in subject.weights.origin
    assert {part.name for part in subject.components} == set(model.index)


def push(hub: Hub, repository: str, model: PublishedModel) -> None:
    from huggingface_hub import CommitOperationAdd

    files: dict[str, bytes] = {"config.json": json.dumps(model.config).encode()}
    if model.index:
        entries = {part: ["diffusers", "AutoModel"] for part in model.index}
        files = {"model_index.json": json.dumps({"_class_name": "P", **entries}).encode()}
        for path, size in model.files.items():
            if path.endswith(".safetensors"):
                files[path] = header(model.stored_as, size // 2)
    else:
        kind, count = next(iter(model.parameters.items()))
        files["model.safetensors"] = header(kind, count)
    api = hub.api("rehearsal-pro")
    api.create_repo(repository)
    operations = [
        CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)
        for path, content in files.items()
    ]
    api.create_commit(repository, operations, commit_message="Headers")
