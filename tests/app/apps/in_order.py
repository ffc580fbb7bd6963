"""Functions that only make sense one after the other, as on the page."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import sys
from typing import Any

import gradio as gr
import numpy as np

LOG = sys.stdout


def user(message: str, history: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    return "", [*history, {"role": "user", "content": message}]


def bot(history: list[dict[str, Any]]):
    asked = history[-1]["content"]
    asked = asked if isinstance(asked, str) else asked[0]["text"]
    history = [*history, {"role": "assistant", "content": ""}]
    for word in ("You", "asked:", asked):
        history[-1]["content"] += f"{word} "
        yield history


def draw(seed: float) -> np.ndarray:
    columns = np.linspace(0, 255, 40, dtype=np.uint8)
    return np.stack([np.tile(columns, (20, 1))] * 3, axis=-1)


def measure(drawing: np.ndarray | None) -> str:
    return f"{drawing.shape[1]}x{drawing.shape[0]}"


def add_task(task: str, tasks: list[str]) -> tuple[str, list[str]]:
    return "", [*tasks, task]


def count_tasks(tasks: list[str]) -> str:
    return f"{len(tasks)} tasks"


def forget(task: str, tasks: list[str]) -> tuple[str, list[str]]:
    return "", tasks


with gr.Blocks() as demo:
    chat = gr.Chatbot(label="Chat")
    message = gr.Textbox(label="Message")
    message.submit(user, [message, chat], [message, chat]).then(bot, chat, chat)
    drawing = gr.Image(label="Drawing")
    gr.Button().click(draw, gr.Number(1, label="Seed"), drawing)
    size = gr.Textbox(label="Size")
    gr.Button().click(measure, drawing, size)
    tasks, task = gr.State([]), gr.Textbox(label="Task")
    gr.Button().click(add_task, [task, tasks], [task, tasks])
    gr.Button().click(count_tasks, tasks, gr.Textbox(label="Count"))
    size.change(lambda size: size, size, gr.Textbox())
