"""An app that is an MCP server as well, with a tool that works and one that needs a picture."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr
import numpy as np


def shade(photo: np.ndarray) -> np.ndarray:
    """Make a picture darker."""
    return photo // 2


def count_letters(word: str, letter: str = "r") -> int:
    """Count how often a letter is in a word."""
    return word.count(letter)


with gr.Blocks() as demo:
    picture = gr.Image()
    gr.Button().click(shade, picture, picture)
    word = gr.Textbox("strawberry", label="Word")
    gr.Button().click(count_letters, [word, gr.Textbox("r", label="Letter")], gr.Number())

LAUNCH = {"mcp_server": True}
