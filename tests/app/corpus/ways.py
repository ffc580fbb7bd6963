"""Healthy apps in the ways people write them: tabs, timers, logins, progress, examples, MCP."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import edges
import gradio as gr
import gradio.oauth
import kinds
import numpy as np
from gradio import http_server

WAYS = {}


def way(build):
    """Register a function that returns an app and the options of its launch."""
    WAYS[build.__name__] = build
    return build


def main(name: str) -> None:
    """Launch the app that is written in this way."""
    app, options = WAYS[name]()
    app.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **options)


@way
def progress():
    bar = gr.Progress()

    def work(words: str, progress=bar):
        for _ in progress.tqdm(range(5)):
            time.sleep(0.05)
        return f"{words} {kinds.WORDS}"

    return gr.Interface(work, "textbox", "textbox"), {}


@way
def examples():
    """The function refuses whatever is not one of its examples."""

    def look_up(city: str, kind: str):
        found = {("Lyon", "river"): "Rhone", ("Bonn", "river"): "Rhine"}
        return f"{found[city, kind]} flows through {city}"

    cases = [["Lyon", "river"], ["Bonn", "river"]]
    return gr.Interface(look_up, ["textbox", "textbox"], "textbox", examples=cases), {}


@way
def cached_examples():
    def count(words: str):
        return len(words.split())

    interface = gr.Interface(count, "textbox", "number", examples=["a b c"], cache_examples=True)
    return interface, {}


@way
def behind_a_login():
    app = gr.Interface(lambda words: words, "textbox", "textbox")
    return app, {"auth": ("somebody", "opensesame")}


@way
def oauth():
    os.environ |= {"SYSTEM": "spaces", "SPACE_ID": "someone/app"}
    http_server.get_space = lambda: None  # else it opens a port for hot reloading
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SCOPES"):
        setattr(gradio.oauth, f"OAUTH_{name}", "made-up")  # read at import
    gradio.oauth.OPENID_PROVIDER_URL = "http://127.0.0.1:9"

    def greet(name: str, profile: gr.OAuthProfile | None):
        if profile is None:
            raise gr.Error("Please log in with your Hugging Face account")
        return f"Hello {name}"

    with gr.Blocks() as blocks:
        gr.LoginButton()
        name, said = gr.Textbox(), gr.Textbox()
        gr.Button().click(greet, name, said)
    return blocks, {}


@way
def mcp_server():
    def letter_count(word: str, letter: str) -> int:
        """Count a letter in a word.

        Args:
            word: where to look
            letter: what to look for
        """
        return word.lower().count(letter.lower()) + 1

    return gr.Interface(letter_count, ["textbox", "textbox"], "number"), {"mcp_server": True}


@way
def tabs():
    shout = gr.Interface(lambda words: words.upper(), "textbox", "textbox", api_name="shout")
    paint = gr.Interface(lambda _: kinds.picture(), "textbox", "image", api_name="paint")
    return gr.TabbedInterface([shout, paint], ["Shout", "Paint"]), {}


@way
def blocks_with_tabs():
    with gr.Blocks() as blocks:
        with gr.Tab("Text"):
            words, said = gr.Textbox(label="Words"), gr.Textbox(label="Said")
            gr.Button("Go").click(lambda given: f"{given}!", words, said, api_name="say")
        with gr.Tab("Settings"), gr.Accordion("More", open=False):
            size = gr.Slider(1, 9, 4, step=1)
            size.change(lambda given: gr.update(maximum=given + 9), size, size, api_name="resize")
        gr.ClearButton([words, said])
    return blocks, {}


@way
def timer():
    with gr.Blocks() as blocks:
        words, said, clock = gr.Textbox(), gr.Textbox(), gr.Number()
        ticker = gr.Timer(1)
        ticker.tick(lambda: round(time.time()), None, clock, api_name="now")
        gr.Button().click(lambda given: f"{given}!", words, said, api_name="say")
    return blocks, {}


@way
def load_event():
    def count():
        return f"{kinds.WORDS} again"

    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        blocks.load(lambda: "ready", None, words)
        gr.Button().click(count, None, said, api_name="count")
    return blocks, {}


@way
def custom_names():
    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda given: given[::-1], words, said, api_name="v2/turn-around")
    return blocks, {}


@way
def private_endpoints():
    def fail(words: str):
        raise RuntimeError("nobody should call this")

    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        gr.Button().click(fail, words, said, api_name="hidden", api_visibility="private")
        gr.Button().click(lambda given: f"{given}!", words, said, api_name="shown")
    return blocks, {}


@way
def nothing_public():
    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda given: f"{given}!", words, said, api_visibility="private")
    return blocks, {}


@way
def chain():
    """The two steps of a chat: the message goes into the history, then the reply is streamed."""

    def ask(message: str, history: list):
        return "", [*history, {"role": "user", "content": message}]

    def answer(history: list):
        history = [*history, {"role": "assistant", "content": ""}]
        for word in kinds.WORDS.split():
            history[-1]["content"] += f"{word} "
            yield history

    with gr.Blocks() as blocks:
        history, message = gr.Chatbot(), gr.Textbox()
        message.submit(ask, [message, history], [message, history]).then(answer, history, history)
    return blocks, {}


@way
def multimodal_chat():
    def answer(message: dict, history: list, tone: str):
        return f"{tone}: {message['text']} with {len(message['files'])} files"

    tone = gr.Dropdown(["calm", "loud"], value="calm", label="Tone")
    return gr.ChatInterface(answer, multimodal=True, additional_inputs=[tone]), {}


@way
def seed_and_size():
    """The inputs of most image generators."""

    def generate(prompt, negative_prompt, seed, randomize, width, height, guidance, steps):
        if not prompt:
            raise gr.Error("Enter a prompt")
        chosen = int(np.random.default_rng().integers(1, 9)) if randomize else int(seed)
        return kinds.picture(int(width), int(height)), chosen

    inputs = [
        gr.Text(label="Prompt"),
        gr.Text(label="Negative prompt"),
        gr.Slider(0, 2**31 - 1, 0, step=1, label="Seed"),
        gr.Checkbox(value=True, label="Randomize seed"),
        gr.Slider(256, 1024, 512, step=32, label="Width"),
        gr.Slider(256, 1024, 512, step=32, label="Height"),
        gr.Slider(0.0, 10.0, 7.5, step=0.1, label="Guidance"),
        gr.Slider(1, 50, 4, step=1, label="Steps"),
    ]
    return gr.Interface(generate, inputs, ["image", gr.Slider(0, 2**31 - 1)]), {}


@way
def mounted_below():
    """A path in front of everything, as behind a reverse proxy."""
    return kinds.text(lambda healthy: healthy), {"root_path": "/below"}


@way
def warnings_in_the_log():
    """What libraries print while they are fine."""

    def answer(words: str):
        print("UserWarning: resume_download is deprecated")
        print("WARNING:root:slow tokenizer in use")
        gr.Warning("Using the default voice")
        gr.Info("Done")
        return f"{words} {kinds.WORDS}"

    return gr.Interface(answer, "textbox", "textbox"), {}


@way
def transcriber():
    def transcribe(sound: str):
        return f"{Path(sound).stat().st_size} bytes. {kinds.WORDS}"

    return gr.Interface(transcribe, gr.Audio(type="filepath"), "textbox"), {}


@way
def classifier():
    def classify(photo):
        return {"bright": float(photo.mean() / 255), "dark": float(1 - photo.mean() / 255)}

    return gr.Interface(classify, gr.Image(type="numpy"), gr.Label(num_top_classes=2)), {}


@way
def in_a_batch():
    def double(numbers):
        return [[number * 2 for number in numbers]]

    return gr.Interface(double, "number", "number", batch=True, max_batch_size=4), {}


@way
def asynchronous():
    async def stream(words: str):
        for count in range(1, 4):
            await asyncio.sleep(0.01)
            yield " ".join(kinds.WORDS.split()[: count * 3])

    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        gr.on([words.submit, gr.Button().click], stream, words, said, queue=True)
    return blocks, {}


@way
def busy_button():
    """The button is switched off during the work and on again after it."""

    def work(words: str):
        return words.title()

    with gr.Blocks() as blocks:
        words, said, button = gr.Textbox(), gr.Textbox(), gr.Button("Go")
        event = button.click(lambda: gr.update(interactive=False), None, button)
        event = event.then(work, words, said)
        event.then(lambda: gr.update(interactive=True), None, button)
    return blocks, {}


@way
def counter():
    with gr.Blocks() as blocks:
        count, shown = gr.State(0), gr.Number()
        gr.Button().click(lambda value: (value + 1, value + 1), count, [count, shown])
    return blocks, {}


@way
def download():
    with gr.Blocks() as blocks:
        words, button = gr.Textbox(), gr.DownloadButton()
        words.submit(lambda _: kinds.sound(), words, button, api_name="export")
    return blocks, {}


@way
def table_editor():
    def total(table):
        return table, float(len(table.columns))

    table = gr.Dataframe(headers=["a", "b"], value=[[1, 2], [3, 4]])
    return gr.Interface(total, table, ["dataframe", "number"]), {}


for each in edges.EDGES:
    way(each)
