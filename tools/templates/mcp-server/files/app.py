"""Functions that agents call over MCP and people call in a form."""

from __future__ import annotations

import collections
import re

import gradio as gr


def count_letters(text: str, letter: str) -> int:
    """Count how often a letter occurs in a text, in upper or lower case.

    Args:
        text: The text to look at.
        letter: One letter.

    Returns:
        How often it occurs.
    """
    if len(letter) != 1:
        raise gr.Error("letter must be exactly one character.")
    return text.lower().count(letter.lower())


def frequent_words(text: str, most: int = 5) -> list[list[str | int]]:
    """List the most frequent words of a text.

    Args:
        text: The text to look at.
        most: How many words to list, from 1 to 100.

    Returns:
        Each word with its count, the most frequent first.
    """
    words = collections.Counter(re.findall(r"\w+", text.lower()))
    return [[word, count] for word, count in words.most_common(max(1, min(int(most), 100)))]


letters = gr.Interface(
    count_letters,
    inputs=[
        gr.Textbox("How many letters are in a strawberry?", lines=4, label="Text"),
        gr.Textbox("r", label="Letter", max_length=1),
    ],
    outputs=gr.Number(label="Count"),
    api_name="count_letters",
    flagging_mode="never",
)
words = gr.Interface(
    frequent_words,
    inputs=[
        gr.Textbox("To be, or not to be, that is the question.", lines=4, label="Text"),
        gr.Slider(1, 100, 5, step=1, label="How many"),
    ],
    outputs=gr.Dataframe(headers=["Word", "Count"], label="Words"),
    api_name="frequent_words",
    flagging_mode="never",
)

demo = gr.TabbedInterface([letters, words], ["Letters", "Words"], title="@@title@@")

if __name__ == "__main__":
    demo.launch(mcp_server=True)
