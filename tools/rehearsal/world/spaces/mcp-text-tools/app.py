"""Functions that are forms for people and MCP tools for agents."""

from __future__ import annotations

import collections
import re

import gradio as gr


def count_letters(text: str, letter: str) -> int:
    """Count how often a letter occurs in a text, upper or lower case.

    Args:
        text: the text to look at.
        letter: one letter.
    """
    if len(letter) != 1:
        raise gr.Error("letter must be exactly one character.")
    return text.lower().count(letter.lower())


def frequent_words(text: str, most: int = 5) -> str:
    """List the most frequent words of a text, one a line with its count.

    Args:
        text: the text to look at.
        most: how many words to list.
    """
    words = collections.Counter(re.findall(r"\w+", text.lower()))
    return "\n".join(f"{word}: {count}" for word, count in words.most_common(int(most)))


with gr.Blocks(title="MCP text tools") as demo:
    gr.Markdown("# Text tools\nAgents find them at `/gradio_api/mcp/`.")
    text = gr.Textbox("How many letters are in a strawberry?", lines=4, label="Text")
    with gr.Row():
        letter = gr.Textbox("r", label="Letter")
        count = gr.Number(label="Count")
        gr.Button("Count").click(count_letters, [text, letter], count, api_name="count_letters")
    with gr.Row():
        most = gr.Slider(1, 20, 5, step=1, label="How many")
        words = gr.Textbox(lines=5, label="Words")
        gr.Button("List").click(frequent_words, [text, most], words, api_name="frequent_words")

if __name__ == "__main__":
    demo.launch(mcp_server=True)
