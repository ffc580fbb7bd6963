"""Which files count, and what they add up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.hub.models import ModelFile
from tools.knowledge.precisions import precision_facts
from tools.knowledge.wheels import wheel_facts
from tools.planning.architecture import key_value_cache_bytes, parameters_from_config
from tools.planning.browser import browser_downloads
from tools.planning.licensing import license_notes, license_of
from tools.planning.memory import estimate, in_words
from tools.planning.sizes import gguf_choices, usual_gguf
from tools.planning.weights import Weights, from_headers, weight_files


def files(**sizes: int) -> list[ModelFile]:
    return [ModelFile(path=path, size_bytes=size) for path, size in sizes.items()]


def test_safetensors_before_other_formats_and_training_state() -> None:
    found = weight_files(
        files(
            **{
                "pytorch_model.bin": 9,
                "model-00001-of-00002.safetensors": 4,
                "model-00002-of-00002.safetensors": 5,
                "consolidated.safetensors": 9,
                "optimizer.pt": 20,
                "onnx/model.onnx": 7,
            }
        )
    )
    assert [file.size_bytes for file in found] == [4, 5]
    only_variant = weight_files(
        files(**{"unet/diffusion_pytorch_model.fp16.safetensors": 3}), "unet"
    )
    assert [file.size_bytes for file in only_variant] == [3]
    assert weight_files(files(**{"optimizer.bin": 3, "training_args.bin": 1})) == ()


def test_gguf_pieces_are_one_and_projectors_are_none() -> None:
    choices = gguf_choices(
        files(
            **{
                "m-Q8_0-00001-of-00002.gguf": 50,
                "m-Q8_0-00002-of-00002.gguf": 40,
                "m-Q4_K_M.gguf": 45,
                "m-Q2_K.gguf": 30,
                "mmproj-f16.gguf": 5,
            }
        )
    )
    assert [(one.name, one.size_bytes) for one in choices] == [
        ("m-Q2_K.gguf", 30),
        ("m-Q4_K_M.gguf", 45),
        ("m-Q8_0.gguf", 90),
    ]
    usual = usual_gguf(choices)
    assert usual is not None
    assert usual.name == "m-Q4_K_M.gguf"
    assert usual_gguf(()) is None


def test_browser_counts_every_part_external_data_and_the_merged_decoder() -> None:
    downloads = browser_downloads(
        files(
            **{
                "config.json": 1,
                "tokenizer.json": 9,
                "onnx/encoder_model.onnx": 100,
                "onnx/encoder_model.onnx_data": 900,
                "onnx/decoder_model.onnx": 5000,
                "onnx/decoder_with_past_model.onnx": 5000,
                "onnx/decoder_model_merged.onnx": 2000,
                "onnx/encoder_model_q4f16.onnx": 30,
                "onnx/decoder_model_merged_q4f16.onnx": 60,
                "onnx/decoder_model_merged_q4.onnx": 70,
                "model.safetensors": 7000,
            }
        )
    )
    assert {one.name: one.size_bytes for one in downloads} == {"q4f16": 100, "fp32": 3010}


def test_quantized_weights_are_not_multiplied() -> None:
    packed = from_headers({"I32": 1000, "F16": 100}, {"quantization_config": {"bits": 4}})
    assert packed.is_quantized
    memory = estimate(packed, {}, has_cache=False)
    assert memory is not None
    assert [need.weights_bytes for need in memory.needs] == [4200]
    assert memory.smallest == memory.usual


def test_unknown_stays_unknown() -> None:
    assert estimate(Weights(), {}, has_cache=True) is None
    assert not Weights().plus(from_headers({"F32": 3}, {})).is_known
    assert parameters_from_config({"model_type": "llama"}) is None
    assert parameters_from_config({"model_type": "nobody-knows-it", "hidden_size": 3}) is None
    assert key_value_cache_bytes({"kv_lora_rank": 512}, tokens=1, batch=1, width=2) is None


def test_hybrid_models_keep_keys_only_in_attention_layers() -> None:
    config = {
        "hidden_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_hidden_layers": 4,
        "layer_types": ["linear_attention", "full_attention", "linear_attention", "full_attention"],
    }
    nested = {"text_config": config}
    expected = 2 * 2 * 2 * 16 * 10 * 2
    assert key_value_cache_bytes(config, tokens=10, batch=1, width=2) == expected
    assert key_value_cache_bytes(nested, tokens=10, batch=1, width=2) == expected


@given(st.dictionaries(st.text(max_size=12), st.integers() | st.text(max_size=5) | st.none()))
def test_any_configuration_is_survived(config: dict[str, object]) -> None:
    for family in ("llama", "bert", "gemma3_text"):
        broken = {**config, "model_type": family}
        assert parameters_from_config(broken) is None or "hidden_size" in config
        key_value_cache_bytes(broken, tokens=8, batch=1, width=2)


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 10**12)), max_size=8))
def test_any_listing_is_survived(listing: list[tuple[str, int]]) -> None:
    found = [ModelFile(path=path, size_bytes=size) for path, size in listing]
    chosen = weight_files(found)
    assert set(chosen) <= set(found)
    browser_downloads(found)
    gguf_choices(found)


@pytest.mark.parametrize(
    ("license_name", "said"),
    [
        ("cc-by-nc-4.0", "excludes commercial use"),
        ("other (flux-1-dev-non-commercial-license)", "excludes commercial use"),
        ("apple-amlr", "research"),
        ("fair-noncommercial-research-license", "excludes commercial use"),
        (None, "no license"),
    ],
)
def test_license_says_what_its_name_says(license_name: str | None, said: str) -> None:
    (note,) = license_notes(license_name)
    assert said in note


def test_open_licenses_are_not_commented() -> None:
    assert license_of({"license": "other", "license_name": "my-terms"}) == "other (my-terms)"
    assert license_of({}) is None
    for name in ("apache-2.0", "mit", "llama3.1", "openrail++", "gpl-3.0", "ncsa"):
        assert license_notes(name) == ()


def test_units() -> None:
    assert in_words(17_179_869_184) == "16.0 GiB"
    assert in_words(10 * 1024**2) == "10.0 MiB"
    assert in_words(512) == "512 bytes"


def test_folders_of_wheels_are_spelled_as_in_the_dataset() -> None:
    cells = {cell.torch: cell for cell in wheel_facts().cells}
    assert cells["2.11.0"].folder("3.12") == "wheels/pt211-cu130-cp312"
    assert cells["2.9.1"].folder("3.10") == "wheels/pt291-cu128-cp310"
    assert cells["2.8.0"].folder("3.11") == "wheels/pt28-cu128-cp311"


def test_precisions_shrink() -> None:
    sizes = [precision.bytes_per_parameter for precision in precision_facts().precisions]
    assert sizes == sorted(sizes, reverse=True)
