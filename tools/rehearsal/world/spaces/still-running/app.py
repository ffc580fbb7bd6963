"""The smallest app that ZeroGPU accepts."""

from __future__ import annotations

import gradio as gr
import spaces


@spaces.GPU
def shout(text: str) -> str:
    """Return a text in capitals."""
    return text.upper()


demo = gr.Interface(shout, "text", "text", api_name="shout", flagging_mode="never")

if __name__ == "__main__":
    demo.launch()
