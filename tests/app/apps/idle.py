"""An app with nothing to call: its only event fills a box when the page loads."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr

with gr.Blocks(title="Idle") as demo:
    box = gr.Textbox()
    demo.load(lambda: "hello", None, box)
