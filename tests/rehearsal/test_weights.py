"""Weight files made from recipes, and what their headers say."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.rehearsal.seeding import recipes
from tools.rehearsal.weights import WeightSummary, summary

NAMES = st.text("abc.", min_size=1, max_size=8)
SHAPES = st.lists(st.integers(0, 5), max_size=3)


@given(st.dictionaries(NAMES, SHAPES, max_size=5), st.sampled_from(["F32", "F16", "BF16", "I64"]))
def test_a_made_safetensors_file_is_as_long_as_its_header_says(
    tensors: dict[str, list[int]], dtype: str
) -> None:
    content = recipes.bake("m.safetensors", json.dumps({"dtype": dtype, "tensors": tensors}))
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    ends = [tensor["data_offsets"][1] for tensor in header.values()]
    assert len(content) == 8 + length + max(ends, default=0)
    assert length % 8 == 0


@given(st.dictionaries(NAMES, SHAPES, max_size=5))
def test_the_parameters_are_counted_alike_in_both_formats(tensors: dict[str, list[int]]) -> None:
    text = json.dumps({"tensors": tensors, "metadata": {"general.architecture": "llama"}})
    counted = [
        summary(name, recipes.bake(name, text)).total for name in ("m.safetensors", "m.gguf")
    ]
    assert counted[0] == counted[1]


@given(st.binary(max_size=200), st.sampled_from(["a.safetensors", "a.gguf"]))
def test_a_damaged_file_has_an_empty_summary(content: bytes, name: str) -> None:
    assert summary(name, content).total >= 0
    assert summary(name, b"GGUF" + content).architecture is None


def test_layers_are_written_out() -> None:
    text = "layers: 3\ntensors: {'l.{layer}.w': [2, 2], top: [4]}"
    content = recipes.bake("m.safetensors", text)
    assert summary("m.safetensors", content) == WeightSummary({"F32": 16})


@pytest.mark.parametrize(
    "text", ["tensors: 3", "dtype: F8\ntensors: {}", "- a", "a: [", "tensors: {w: [2000, 2000]}"]
)
def test_a_wrong_recipe_is_refused(text: str) -> None:
    with pytest.raises(recipes.RecipeError):
        recipes.bake("m.safetensors", text)


def test_only_recipes_are_taken_for_recipes() -> None:
    assert recipes.made_by("a/model.safetensors.yaml") == "a/model.safetensors"
    assert recipes.made_by("model.safetensors") is None
    assert recipes.made_by("config.yaml") is None
