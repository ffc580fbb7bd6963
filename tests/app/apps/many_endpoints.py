"""One Blocks app whose endpoints behave well, badly and in between."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import struct
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

Message = dict[str, Any]
LOG = sys.stdout


def greet(name: str) -> str:
    """Greet a person by name."""
    return f"Hello {name}!"


def double(number: float) -> float:
    if number < 10:
        raise ValueError(f"the slider starts at 10, got {number}")
    return number * 2


def pick(color: str, extras: list[str]) -> str:
    return f"{color} with {', '.join(extras) or 'nothing'}"


def defaults(text: str = "given", count: int = 3) -> str:
    return text * count


def paint(prompt: str) -> np.ndarray:
    columns = np.linspace(0, 255, 48, dtype=np.uint8)
    return np.stack([np.tile(columns, (32, 1))] * 3, axis=-1)


def paint_black(prompt: str) -> np.ndarray:
    return np.zeros((32, 48, 3), dtype=np.uint8)


def nothing(text: str) -> None:
    return None


def blank(text: str) -> str:
    return "   "


def not_a_number(text: str) -> dict[str, float]:
    return {"score": float("nan")}


def apologize(text: str) -> str:
    return "Error: model not loaded"


def crash(text: str) -> str:
    raise ValueError("the tokenizer is missing")


def refuse(text: str) -> str:
    raise gr.Error("Please upload a longer text", title="Too short")


def complain(text: str) -> str:
    LOG.write(
        "Traceback (most recent call last):\n  File \"app.py\", line 1, in f\nKeyError: 'x'\n"
    )
    return "fine anyway"


def count(steps: int) -> Iterator[str]:
    for step in range(3):
        yield f"step {step}"


def slow(text: str) -> str:
    time.sleep(60)
    return text


def drip(text: str) -> Iterator[str]:
    for step in range(600):
        yield f"word {step}"
        time.sleep(0.1)


def describe_image(image: np.ndarray) -> str:
    return f"{image.shape[1]}x{image.shape[0]}"


def measure_audio(audio: tuple[int, np.ndarray]) -> str:
    rate, samples = audio
    return f"{len(samples) / rate:.2f} s at {rate} Hz, peak {np.abs(samples).max()}"


def play_video(video: str) -> str:
    return f"{Path(video).suffix} of {Path(video).stat().st_size} bytes"


def read_file(document: str) -> str:
    return Path(document).read_text(encoding="utf-8")


def count_files(documents: list[str]) -> str:
    return f"{len(documents)} files"


def load_model(model: str) -> str:
    return Path(model).read_bytes()[:4].decode("ascii")


def write_files(text: str) -> list[str]:
    folder = Path(tempfile.mkdtemp())
    names = [folder / "first result.txt", folder / "second.csv"]
    names[0].write_text(text, encoding="utf-8")
    names[1].write_text("a,b\n1,2\n", encoding="utf-8")
    return [str(name) for name in names]


def gallery(prompt: str) -> list[tuple[np.ndarray, str]]:
    return [(paint(prompt), "one"), (paint(prompt), "two")]


def count_pictures(pictures: list[Any]) -> str:
    return f"{len(pictures)} pictures"


def tone(loudness: float) -> str:
    path = Path(tempfile.mkdtemp()) / "tone.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(
            b"".join(struct.pack("<h", int(loudness * 100) * (i % 2)) for i in range(4000))
        )
    return str(path)


def answer(message: str, history: list[Message]) -> list[Message]:
    return [
        *history,
        {"role": "user", "content": message},
        {"role": "assistant", "content": "Yes."},
    ]


def remember(text: str, seen: list[str]) -> tuple[str, list[str]]:
    return f"seen {len(seen)} before", [*seen, text]


def classify(text: str) -> dict[str, float]:
    return {"cat": 0.9, "dog": 0.1}


def total(table: Any) -> str:
    return f"{len(table)} rows"


def two_outputs(text: str) -> tuple[np.ndarray | None, str]:
    return None, "done"


def hide(text: str) -> Any:
    return gr.update(visible=False)


def delete_everything(text: str) -> str:
    raise AssertionError("a smoke test must not call this")


def unlock(key: str) -> str:
    raise AssertionError("nobody gave a key")


def remove_background(photo: np.ndarray) -> np.ndarray:
    return photo


def log_error(text: str) -> str:
    LOG.write("2026-11-23 04:00:00 - app - ERROR - the cache folder is not writable\n")
    return "done"


def prompt_or_style(prompt: str = "", style: str = "") -> str:
    return f"prompt={bool(prompt)} style={bool(style)}"


def edit(image: dict[str, Any]) -> str:
    return f"{sorted(image)} {image['composite'].shape[0]}"


def chat_with_files(message: dict[str, Any]) -> str:
    return f"{len(message['text'])} characters, {len(message['files'])} files"


def who_asks(text: str, request: gr.Request) -> str:
    return request.headers.get("x-hf-authorization", "nobody")


def on_load() -> str:
    return "welcome"


with gr.Blocks(title="Many endpoints") as demo:
    text = gr.Textbox(label="Text")
    result = gr.Textbox(label="Result")
    color = gr.Dropdown(["red", ("the sea", "blue")], label="Color")
    picture = gr.Image(label="Picture")
    pictures = gr.Gallery(label="Pictures")
    slider = gr.Slider(10, 20, value=None, label="Number")
    steps = gr.Number(label="Steps")
    table = gr.Dataframe(headers=["a", "b"], label="Table")
    chat = gr.Chatbot(label="Chat")
    seen = gr.State([])
    loudness = gr.Slider(0, 100, label="Loudness")
    sound = gr.Audio(label="Sound", type="filepath")
    example_text = gr.Textbox(label="Example text")
    example_image = gr.Image(label="Example image")
    drawn = Path(tempfile.mkdtemp()) / "drawn.png"
    Image.new("RGB", (77, 55), (10, 200, 30)).save(drawn)
    gr.Examples([["from the examples", str(drawn)]], [example_text, example_image])

    def caption(caption_text: str, image: np.ndarray) -> str:
        return f"{caption_text}: {image.shape[1]}x{image.shape[0]}"

    gr.Button().click(greet, text, result)
    gr.Button().click(double, slider, gr.Number(label="Doubled"))
    gr.Button().click(pick, [color, gr.CheckboxGroup(["salt", "pepper"], label="Extras")], result)
    gr.Button().click(defaults, [gr.Textbox("preset"), gr.Number(2)], result)
    gr.Button().click(caption, [example_text, example_image], result)
    gr.Button().click(paint, text, picture)
    gr.Button().click(paint_black, text, picture)
    gr.Button().click(nothing, text, result)
    gr.Button().click(blank, text, result)
    gr.Button().click(not_a_number, text, gr.JSON(label="Scores"))
    gr.Button().click(apologize, text, result)
    gr.Button().click(crash, text, result)
    gr.Button().click(refuse, text, result)
    gr.Button().click(complain, text, result)
    gr.Button().click(count, steps, result)
    gr.Button().click(slow, text, result)
    gr.Button().click(drip, text, result)
    gr.Button().click(describe_image, gr.Image(label="Image"), result)
    gr.Button().click(measure_audio, gr.Audio(label="Audio"), result)
    gr.Button().click(play_video, gr.Video(label="Video"), result)
    gr.Button().click(read_file, gr.File(label="Document", file_types=[".txt"]), result)
    gr.Button().click(count_files, gr.File(label="Documents", file_count="multiple"), result)
    gr.Button().click(load_model, gr.Model3D(label="Model"), result)
    gr.Button().click(write_files, text, gr.File(label="Files", file_count="multiple"))
    gr.Button().click(gallery, text, pictures)
    gr.Button().click(count_pictures, pictures, result)
    gr.Button().click(tone, loudness, sound)
    gr.Button().click(answer, [text, chat], chat)
    gr.Button().click(remember, [text, seen], [result, seen])
    gr.Button().click(classify, text, gr.Label(label="Class"))
    gr.Button().click(total, table, result)
    gr.Button().click(two_outputs, text, [picture, result])
    gr.Button().click(hide, text, result)
    gr.Button().click(delete_everything, text, result)
    gr.Button().click(lambda: "", None, result)
    gr.Button().click(unlock, gr.Textbox(label="Key", type="password"), result)
    gr.Button().click(remove_background, gr.Image(label="Photo"), picture)
    gr.Button().click(log_error, text, result)
    gr.Button().click(who_asks, text, result)
    gr.Button().click(prompt_or_style, [gr.Textbox("", label="Prompt"), gr.Textbox("")], result)
    gr.Button().click(edit, gr.ImageEditor(label="Editor"), result)
    gr.Button().click(chat_with_files, gr.MultimodalTextbox(label="Message"), result)
    demo.load(on_load, None, result)
