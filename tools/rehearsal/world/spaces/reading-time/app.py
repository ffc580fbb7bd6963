"""Says how long a text takes to read: a `gr.Blocks` layout with a live event."""

from __future__ import annotations

import re

import gradio as gr

WORDS_PER_MINUTE = 220


def measure(text: str, speed: float) -> tuple[int, int, str]:
    """Return the words, the sentences and the minutes and seconds of a text."""
    words = len(re.findall(r"\w+", text))
    sentences = len([part for part in re.split(r"[.!?]+", text) if part.strip()])
    minutes, seconds = divmod(round(words / speed * 60), 60)
    return words, sentences, f"{minutes} min {seconds} s"


with gr.Blocks(title="Reading time") as demo:
    gr.Markdown("# Reading time\nPaste a text; the figures follow as you type.")
    with gr.Row():
        text = gr.Textbox(lines=8, label="Text", scale=2)
        with gr.Column():
            speed = gr.Slider(100, 500, WORDS_PER_MINUTE, step=10, label="Words a minute")
            words = gr.Number(label="Words")
            sentences = gr.Number(label="Sentences")
            duration = gr.Textbox(label="Time to read")
    results = [words, sentences, duration]
    text.change(measure, [text, speed], results, api_name="measure")
    speed.change(measure, [text, speed], results, api_name=False)

if __name__ == "__main__":
    demo.launch()
