"""Ends at its first line: `python-slugify` is not in requirements.txt. Broken on purpose."""

from __future__ import annotations

import gradio as gr
from slugify import slugify

demo = gr.Interface(slugify, "text", "text", api_name="slugify", flagging_mode="never")

if __name__ == "__main__":
    demo.launch()
