"""One function, shown as a form to people and as an endpoint to programs."""

from __future__ import annotations

import gradio as gr


def count_words(text: str) -> dict[str, int]:
    """Count what a text consists of.

    Args:
        text: the text to look at.

    Returns:
        The number of characters, words and lines.
    """
    return {
        "characters": len(text),
        "words": len(text.split()),
        "lines": len(text.splitlines()),
    }


demo = gr.Interface(
    count_words,
    inputs=gr.Textbox("The quick brown fox jumps.", lines=5, label="Text"),
    outputs=gr.JSON(label="Counts"),
    title="@@title@@",
    examples=[["One line of five words."], ["Two lines:\nthis is the second."]],
    cache_examples=True,
    cache_mode="lazy",
    api_name="count_words",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
