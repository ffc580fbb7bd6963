"""A multimodal chat with additional inputs, which streams."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr


def reply(message, history, tone: str, length: float):
    said = ""
    for word in (f"{tone}:", message["text"], f"with {len(message['files'])} files, {length}"):
        said += f"{word} "
        yield said


demo = gr.ChatInterface(
    reply,
    multimodal=True,
    additional_inputs=[gr.Dropdown(["kind", "dry"], label="Tone"), gr.Slider(1, 9, 3)],
)
