"""Small healthy apps, one for each kind of result, and ways to break what they return.

Each kind is a function that builds an app around `make`, through which its result passes.
"""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import math
import os
import struct
import tempfile
import time
import wave
from pathlib import Path

import demo
import gradio as gr
import numpy as np
import pandas as pd
from PIL import Image

WORDS = "The river carries the small boat past the old mill and under three bridges"


def main(kind: str, mutation: str = "") -> None:
    """Launch the app of this kind; `mutation` names what is wrong with it, if anything is."""
    if mutation == "page_500":
        demo.fail_the_page()
    app = KINDS[kind](MUTATIONS.get(mutation, lambda healthy: healthy))
    app.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")


def picture(width: int = 64, height: int = 48) -> np.ndarray:
    columns = np.linspace(0, 255, width, dtype=np.uint8)
    return np.stack([np.tile(columns, (height, 1))] * 3, axis=-1)


def temporary(suffix: str) -> str:
    descriptor, path = tempfile.mkstemp(suffix)
    os.close(descriptor)
    return path


def sound(loudness: int = 12_000, count: int = 8_000) -> str:
    path = temporary(".wav")
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        samples = (int(loudness * math.sin(index / 6)) for index in range(count))
        file.writeframes(struct.pack(f"<{count}h", *samples))
    return path


def text(make):
    def greet(name: str):
        return make(f"Hello {name}, {WORDS}")

    return gr.Interface(greet, "textbox", "textbox", api_name="greet")


def number(make):
    def add(first: float, second: float):
        return make(first + second)

    return gr.Interface(add, ["number", "number"], "number", api_name="add")


def image(make):
    def paint(prompt: str):
        return make(picture())

    return gr.Interface(paint, "textbox", "image", api_name="paint")


def sized_image(make):
    def generate(prompt: str, width: float, height: float):
        return make(picture(int(width), int(height)))

    sizes = [gr.Slider(64, 512, 256, step=8), gr.Slider(64, 512, 128, step=8)]
    return gr.Interface(generate, ["textbox", *sizes], gr.Image(format="png"))


def edited_image(make):
    def invert(photo):
        return make(255 - photo)

    return gr.Interface(invert, "image", "image", api_name="invert")


def audio(make):
    def speak(words: str):
        return make(sound())

    return gr.Interface(speak, "textbox", gr.Audio(type="filepath"), api_name="speak")


def gallery(make):
    def draw(prompt: str):
        return make([(picture(), "first"), (picture(), "second")])

    return gr.Interface(draw, "textbox", gr.Gallery(), api_name="draw")


def dataframe(make):
    def search(words: str):
        return make(pd.DataFrame({"title": ["river", "mill"], "score": [0.5, 0.25]}))

    return gr.Interface(search, "textbox", "dataframe", api_name="search")


def chat(make):
    def answer(message: str, history: list):
        return make(f"You said {message!r}. {WORDS}")

    return gr.ChatInterface(answer)


def streaming_chat(make):
    def answer(message: str, history: list):
        words = WORDS.split()
        for count in range(1, len(words), 5):
            yield " ".join(words[:count])
        yield make(WORDS)

    return gr.ChatInterface(answer)


def messages(make):
    def reply(message: str, history: list):
        said = {"role": "user", "content": message}
        return "", [*history, said, {"role": "assistant", "content": make(WORDS)}]

    with gr.Blocks() as blocks:
        history, message = gr.Chatbot(), gr.Textbox()
        message.submit(reply, [message, history], [message, history])
    return blocks


def generator(make):
    def count(steps: float):
        for step in range(int(steps)):
            yield f"step {step}"
        yield make(f"all steps done. {WORDS}")

    return gr.Interface(count, gr.Slider(1, 5, 3, step=1), "textbox", api_name="count")


def state(make):
    def remember(words: str, seen: list):
        return make(f"{len(seen)} seen before"), [*seen, words]

    with gr.Blocks() as blocks:
        words, seen, said = gr.Textbox(), gr.State([]), gr.Textbox(label="Said")
        gr.Button().click(remember, [words, seen], [said, seen])
    return blocks


def several(make):
    def upper(words: str):
        return words.upper()

    def measure(words: str):
        return make(len(words))

    def paint(words: str):
        return picture()

    with gr.Blocks() as blocks:
        words, said, length, shown = gr.Textbox(), gr.Textbox(), gr.Number(), gr.Image()
        gr.Button().click(upper, words, said)
        gr.Button().click(measure, words, length)
        gr.Button().click(paint, words, shown)
    return blocks


def server(make):
    app = gr.Server()

    @app.api(name="double")
    def double(value: int) -> int:
        return make(value * 2)

    @app.get("/")
    def page():
        return gr.routes.HTMLResponse("<!doctype html><title>Doubler</title><p>Doubler")

    return app


def file(make):
    def report(words: str):
        path = temporary(".txt")
        Path(path).write_text(f"Report on {words}. {WORDS}\n", encoding="utf-8")
        return make(path)

    return gr.Interface(report, "textbox", "file", api_name="report")


def label(make):
    def classify(words: str):
        return make({"cat": 0.75, "dog": 0.25})

    return gr.Interface(classify, "textbox", "label", api_name="classify")


def html(make):
    def render(words: str):
        return make(f"<h2>{words}</h2><p>{WORDS}</p>")

    return gr.Interface(render, "textbox", "html", api_name="render")


def json(make):
    def look_up(words: str):
        return make({"words": words.split(), "count": len(words.split()), "score": 0.5})

    return gr.Interface(look_up, "textbox", "json", api_name="look_up")


def markdown(make):
    def summarize(words: str):
        return make(f"## Summary\n\n{WORDS}")

    return gr.Interface(summarize, "textbox", "markdown", api_name="summarize")


def image_and_text(make):
    """A picture beside its seed, as most image generators return it."""

    def generate(prompt: str):
        return make(picture()), 42

    return gr.Interface(generate, "textbox", ["image", "number"], api_name="generate")


KINDS = {
    function.__name__: function
    for function in (
        text,
        number,
        image,
        sized_image,
        edited_image,
        audio,
        gallery,
        dataframe,
        chat,
        streaming_chat,
        messages,
        generator,
        state,
        several,
        server,
        file,
        label,
        html,
        json,
        markdown,
        image_and_text,
    )
}


def raise_error(_):
    raise RuntimeError("the weights are missing")


def sleep(healthy):
    time.sleep(60)
    return healthy


def black(healthy):
    if isinstance(healthy, list):
        return [(np.zeros_like(each), caption) for each, caption in healthy]
    return np.zeros_like(healthy)


def transparent(healthy):
    return Image.new("RGBA", (healthy.shape[1], healthy.shape[0]), (9, 9, 9, 0))


def not_a_picture(_):
    path = temporary(".png")
    Path(path).write_text("the model returned no picture", encoding="utf-8")
    return path


def cut_picture(healthy):
    path = temporary(".png")
    Image.fromarray(healthy).save(path)
    Path(path).write_bytes(Path(path).read_bytes()[:60])
    return path


def no_number(healthy):
    if isinstance(healthy, pd.DataFrame):
        return healthy.assign(title=None, score=math.nan)
    return {"score": math.nan} if isinstance(healthy, dict) else math.nan


def empty_file(_):
    path = temporary(".txt")
    Path(path).write_text("", encoding="utf-8")
    return path


MUTATIONS = {
    "exception": raise_error,
    "none": lambda _: None,
    "wrong_type": lambda _: object(),
    "sleep": sleep,
    "crash": lambda _: os._exit(3),
    "user_error": lambda _: (_ for _ in ()).throw(gr.Error("The model is not loaded")),
    "black": black,
    "transparent": transparent,
    "one_color": lambda healthy: np.full_like(healthy, 127),
    "not_a_picture": not_a_picture,
    "cut_picture": cut_picture,
    "one_pixel": lambda _: picture(1, 1),
    "snapped": lambda _: picture(64, 64),
    "silent": lambda _: sound(0),
    "no_samples": lambda _: sound(0, 0),
    "missing_file": lambda _: str(Path(tempfile.gettempdir()) / "nowhere" / "result.bin"),
    "empty_file": empty_file,
    "empty": lambda healthy: type(healthy)(),
    "blank": lambda _: "  \n",
    "no_number": no_number,
    "words_for_number": lambda _: "cannot tell",
    "repeated": lambda _: "the river and the river and " * 40,
    "thinking": lambda healthy: f"<think>The user wants a reply.</think>{healthy}",
    "unclosed_thinking": lambda _: "<think>Okay, the user wants me to reply. First I",
    "end_marker": lambda healthy: f"{healthy}<|im_end|>",
    "error_text": lambda _: "Error: CUDA out of memory. Tried to allocate 2.00 GiB",
    "traceback_text": lambda _: 'Traceback (most recent call last):\n  File "app.py"\nKeyError: 1',
    "object_text": lambda _: str(object()),
    "nan_text": lambda _: "nan",
    "empty_tags": lambda _: "<div><p></p></div>",
    "no_labels": lambda _: {},
    "nan_labels": lambda _: {"cat": math.nan, "dog": math.nan},
}
