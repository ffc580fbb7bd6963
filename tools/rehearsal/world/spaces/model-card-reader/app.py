"""Downloads a weights file and lists what is in it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import gradio as gr
from huggingface_hub import hf_hub_download

MODEL = "rehearsal-world/tiny-llama"


def tensors(file: Path) -> dict[str, dict[str, object]]:
    """Return name, data type and shape of the tensors of a safetensors file."""
    with file.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header: dict[str, dict[str, object]] = json.loads(stream.read(length))
    header.pop("__metadata__", None)
    return header


def describe(model: str) -> list[list[str]]:
    """Return a row for each tensor of a model on the Hub."""
    file = hf_hub_download(model or MODEL, "model.safetensors")
    found = tensors(Path(file))
    return [[name, str(one["dtype"]), str(one["shape"])] for name, one in found.items()]


demo = gr.Interface(
    describe,
    inputs=gr.Textbox(MODEL, label="Model"),
    outputs=gr.Dataframe(headers=["Tensor", "Type", "Shape"]),
    title="Model reader",
    api_name="describe",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
