"""An app with a password, which a smoke test cannot look into."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr

demo = gr.Interface(str.upper, "textbox", "textbox", api_name="upper")
LAUNCH = {"auth": ("user", "password")}
