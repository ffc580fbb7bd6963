"""A long task: a generator that reports progress and can be cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator

import gradio as gr

MOST_STEPS = 50
SECONDS_A_STEP = 0.1


def count(steps: float, progress: gr.Progress = gr.Progress()) -> Iterator[str]:  # noqa: B008
    """Yield one line more with every step."""
    lines: list[str] = []
    for step in progress.tqdm(range(1, int(steps) + 1), desc="Counting"):
        time.sleep(SECONDS_A_STEP)
        lines.append(f"{step} squared is {step * step}")
        yield "\n".join(lines)


with gr.Blocks(title="Slow counter") as demo:
    gr.Markdown("# Slow counter")
    steps = gr.Slider(1, MOST_STEPS, 10, step=1, label="Steps")
    with gr.Row():
        start = gr.Button("Start", variant="primary")
        stop = gr.Button("Stop", variant="stop")
    output = gr.Textbox(lines=10, label="Result so far")
    running = start.click(count, steps, output, api_name="count", concurrency_limit=4)
    stop.click(None, cancels=running)

if __name__ == "__main__":
    demo.queue().launch()
