"""A ChatInterface, the shape most language model Spaces have."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

from typing import Any

import gradio as gr


def reply(message: str, history: list[dict[str, Any]]) -> str:
    return f"You said {message}, after {len(history)} messages"


demo = gr.ChatInterface(reply, title="Chat")
