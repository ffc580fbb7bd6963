"""An app whose process stops answering in the middle of a call, as one does in long native code."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import os
import signal

import gradio as gr


def hang(text: str) -> str:
    os.kill(os.getpid(), signal.SIGSTOP)
    return text


demo = gr.Interface(hang, "textbox", "textbox", api_name="hang")
