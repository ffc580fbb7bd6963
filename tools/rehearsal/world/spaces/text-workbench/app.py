"""Several tools in tabs, each with an endpoint of its own."""

from __future__ import annotations

import difflib
import re

import gradio as gr


def clean(text: str) -> str:
    """Return a text with single spaces and no empty lines."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def sort_lines(text: str, unique: bool) -> str:
    """Return the lines of a text in alphabetical order."""
    lines = text.splitlines()
    return "\n".join(sorted(set(lines) if unique else lines, key=str.casefold))


def compare(before: str, after: str) -> str:
    """Return the differences of two texts, line by line."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return "\n".join(lines) or "no difference"


def tab(name: str) -> tuple[gr.Textbox, gr.Button, gr.Textbox]:
    """Return what most tabs have: an input, a button and an output."""
    text = gr.Textbox(lines=6, label="Text")
    return text, gr.Button(name), gr.Textbox(lines=6, label="Result")


with gr.Blocks(title="Text workbench") as demo:
    gr.Markdown("# Text workbench")
    with gr.Tab("Clean"):
        text, button, result = tab("Clean")
        button.click(clean, text, result, api_name="clean")
    with gr.Tab("Sort"):
        text, button, result = tab("Sort")
        unique = gr.Checkbox(label="Each line once")
        button.click(sort_lines, [text, unique], result, api_name="sort_lines")
    with gr.Tab("Compare"):
        before = gr.Textbox(lines=6, label="Before")
        text, button, result = tab("Compare")
        button.click(compare, [before, text], result, api_name="compare")

if __name__ == "__main__":
    demo.launch()
