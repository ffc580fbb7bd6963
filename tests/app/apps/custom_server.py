"""A gr.Server app: Python functions as endpoints, its own page."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

from gradio import Server

demo = Server()


@demo.api(name="add")
def add(first: int, second: int) -> int:
    return first + second
