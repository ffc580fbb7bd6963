"""A ported app really run: the model is built in the main process, and called in a GPU worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calling import Caller, write_files

from .test_rehearse import rehearse

APP = '''import gradio as gr

from library import Net


def answer(text: str = "hello") -> str:
    """Say where the model was built and where it was called."""
    net = Net.from_pretrained("maker/net", device_map="cuda")
    return net(text)


gr.Interface(answer, gr.Textbox("hello"), gr.Textbox(), api_name="answer").launch()
'''
LIBRARY = '''"""Stands in for a library that needs torch."""
import os


class Net:
    def __init__(self):
        self.built_in = os.getpid()

    @classmethod
    def from_pretrained(cls, name, device_map=None):
        return cls()

    def to(self, device):
        return self

    def __call__(self, text):
        same = self.built_in == os.getpid()
        return f"{text}: {'the same process' if same else 'built elsewhere'}"
'''


@pytest.mark.slow
def test_a_ported_app_is_green_on_zero_gpu(caller: Caller, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "demo", {"app.py": APP, "library.py": LIBRARY})
    fixed = caller.answer("space_fix", folder=str(folder), fixes=["zerogpu-port"])
    assert fixed.envelope["outcome"] == "fixed", fixed.text
    call = next(one for one in fixed.envelope["next"] if one["tool"] == "space_rehearse")
    green = rehearse(caller, **{**call["arguments"], "folder": folder})
    assert green["outcome"] == "rehearsed", green
    outputs = green["result"]["smoke_test"]["endpoints"][0]["outputs"]
    assert outputs == ["hello: built elsewhere"]
