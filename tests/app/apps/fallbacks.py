"""Answers that have the right shape and the wrong content."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import sys
import time

import gradio as gr
import numpy as np

LOG = sys.stdout
WORDS = ["first", "second", "third"]


def snap(prompt: str, width: float, height: float) -> np.ndarray:
    width, height = int(width) // 64 * 64, int(height) // 64 * 64
    columns = np.linspace(0, 255, width, dtype=np.uint8)
    return np.stack([np.tile(columns, (height, 1))] * 3, axis=-1)


def think(text: str) -> str:
    return "<think>The user says hello.</think> Hello."


def babble(text: str) -> str:
    return "Once upon a time. " + "the cat sat on " * 40


def say_nan(text: str) -> str:
    return "nan"


def score(text: str) -> dict[str, float]:
    return {"cat": float("nan"), "dog": float("nan")}


def use_cpu(text: str) -> str:
    LOG.write("CUDA is not available, using CPU\n")
    return f"{text} on something"


def widen(text: str) -> str:
    LOG.write("bfloat16 is not supported here, falling back to float32\n")
    return f"{text} in something"


def work(steps: float) -> str:
    time.sleep(0.1 + 0.1 * steps)
    return f"done in {steps} steps"


def tick(text: str):
    for number in range(100):
        LOG.write(f"tick {number}\n")
        LOG.flush()
        yield f"{number}"
        time.sleep(0.2)


def echo_input(text: str) -> str:
    return text


with gr.Blocks() as demo:
    text, result = gr.Textbox("a fox", label="Text"), gr.Textbox(label="Result")
    sides = [gr.Slider(64, 512, 128, label="Width"), gr.Slider(64, 512, 128, label="Height")]
    gr.Button().click(snap, [text, *sides], gr.Image())
    gr.Button().click(think, text, result)
    gr.Button().click(babble, text, result)
    gr.Button().click(say_nan, text, result)
    gr.Button().click(score, text, gr.Label())
    gr.Button().click(use_cpu, text, result)
    gr.Button().click(widen, text, result)
    gr.Button().click(work, gr.Slider(1, 20, 4, label="Steps"), result)
    gr.Button().click(tick, text, result)
    gr.Button().click(echo_input, text, result)
