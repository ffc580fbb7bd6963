"""An app whose process ends in the middle of a call, as one does that runs out of memory."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import os

import gradio as gr


def survive(text: str) -> str:
    os._exit(137)


demo = gr.Interface(survive, "textbox", "textbox", api_name="survive")
