"""Apps for ZeroGPU, as texts: what they import is installed for them, not for the tests."""

from __future__ import annotations

CALLS = """
import multiprocessing
import os
import time

import gradio as gr
import spaces

seen = 0


@spaces.GPU
def double(number):
    global seen
    seen += 1
    return {"result": number * 2, "pid": os.getpid(), "seen": seen}


def main_process():
    return {"pid": os.getpid(), "seen": seen}


@spaces.GPU
def inner(number):
    return double(number)["pid"], os.getpid()


def nested(number):
    pids = inner(number)
    return {"same": pids[0] == pids[1], "is_main": pids[1] == os.getpid()}


@spaces.GPU(duration=lambda seconds, *_: seconds)
def ask(seconds, sleep):
    time.sleep(sleep)
    return "done"


@spaces.GPU(size="xlarge", duration=lambda seconds: seconds)
def ask_xlarge(seconds):
    time.sleep(0.5)
    return "done"


@spaces.GPU
def count(limit):
    for number in range(int(limit)):
        yield str(number)


@spaces.GPU
def with_progress(text, progress=gr.Progress()):
    for _ in progress.tqdm(range(3)):
        time.sleep(0.3)
    return text.upper()


@spaces.GPU
def misbehave(how):
    if how == "die":
        os._exit(3)
    if how == "value":
        raise ValueError("a secret of the log")
    if how == "words":
        raise gr.Error("the app's own words")
    if how == "lambda":
        return lambda: None
    if how == "children":
        multiprocessing.Process(target=print).start()
    return how


def lambda_argument(how):
    return misbehave(lambda: how)


with gr.Blocks() as demo:
    number, text, seconds = gr.Number(), gr.Textbox(), gr.Number()
    data = gr.JSON()
    for function, inputs, outputs in (
        (double, number, data),
        (main_process, None, data),
        (nested, number, data),
        (ask, [number, seconds], text),
        (ask_xlarge, number, text),
        (count, number, text),
        (with_progress, text, text),
        (misbehave, text, text),
        (lambda_argument, text, text),
    ):
        gr.Button().click(function, inputs, outputs, api_name=function.__name__)

demo.launch()
"""
"""One endpoint for each thing that a GPU call can do.

`double` also returns the worker's pid and how often that worker was called.
"""

WITH_TORCH = """
import torch
import spaces
import gradio as gr

torch.manual_seed(0)
model = torch.nn.Linear(3, 2).to("cuda")
WEIGHT = model.weight.cpu().tolist() if model.weight.device.type == "cpu" else None


@spaces.GPU
def predict(numbers):
    row = torch.tensor([numbers], device="cuda", dtype=torch.float32)
    result = model(row)
    return {"device": str(result.device), "sum": float(result.sum()), "ok": WEIGHT is None}


@spaces.GPU
def stream(limit):
    for number in range(int(limit)):
        yield int((torch.ones(1).cuda() * number).item())


@spaces.GPU
def keep(how):
    tensor = torch.ones(2, device="cuda")
    if how == "mixed":
        return (tensor + torch.ones(2)).cpu().tolist()
    return tensor if how == "cuda" else tensor.cpu().tolist()


def without_gpu(how):
    return torch.ones(2).cuda().sum().item() if how == "cuda" else torch.cuda.is_available()


with gr.Blocks() as demo:
    box, number = gr.JSON(), gr.Number()
    text, out = gr.Textbox(), gr.JSON()
    gr.Button().click(predict, box, out, api_name="predict")
    gr.Button().click(stream, number, out, api_name="stream")
    gr.Button().click(keep, text, out, api_name="keep")
    gr.Button().click(without_gpu, text, out, api_name="without_gpu")

demo.launch()
"""
"""Weights that are on cuda from the start."""
