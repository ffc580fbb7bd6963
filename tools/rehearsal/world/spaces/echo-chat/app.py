"""A chatbot that streams: `gr.ChatInterface` with a generator."""

from __future__ import annotations

import time
from collections.abc import Iterator

import gradio as gr

SECONDS_A_WORD = 0.03


def answer(message: str, history: list[dict[str, object]]) -> Iterator[str]:
    """Yield the answer as it grows, one word at a time."""
    turn = sum(entry.get("role") == "user" for entry in history) + 1
    words = f"Message {turn}: you said “{message}”.".split()
    for count in range(1, len(words) + 1):
        time.sleep(SECONDS_A_WORD)
        yield " ".join(words[:count])


demo = gr.ChatInterface(
    answer,
    title="Echo chat",
    description="Says again what you say, as a language model would: word by word.",
    examples=["Hello!", "What is a Space?"],
    cache_examples=False,
    api_name="chat",
)

if __name__ == "__main__":
    demo.launch()
