"""Healthy apps at the edges of a judgement: odd values, odd defaults, odd functions."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr
import kinds
import numpy as np


def zero_and_no():
    """Values that look empty and are the answer."""

    def compare(words: str):
        return 0, False, "no"

    return gr.Interface(compare, "textbox", ["number", "checkbox", "textbox"]), {}


def about_errors():
    """Texts with words of failure that report none."""

    def explain(words: str):
        return "Error rate: 3.5 %", "Failed: 0, passed: 12", "Exceptions in Python, explained"

    return gr.Interface(explain, "textbox", ["textbox", "textbox", "markdown"]), {}


def slider_out_of_bounds():
    def add(size: float, share: float):
        return size + share

    inputs = [gr.Slider(5, 30, value=0.25), gr.Number(value=9, minimum=2, maximum=4)]
    return gr.Interface(add, inputs, "number"), {}


def one_color_at_the_end():
    """A stream that ends with a swatch, after pictures that show something."""

    def draw(steps: float):
        for _ in range(int(steps)):
            yield kinds.picture()
        yield np.full((64, 64, 3), (255, 124, 0), np.uint8)

    return gr.Interface(draw, gr.Slider(1, 3, 2, step=1), "image"), {}


def two_pictures_in_one():
    def swap(pair):
        return pair[1], pair[0]

    return gr.Interface(swap, gr.ImageSlider(), gr.ImageSlider()), {}


def side_effect():
    """A button that takes nothing and returns nothing could do anything."""

    def rebuild():
        raise RuntimeError("nobody should press this")

    with gr.Blocks() as blocks:
        words, said = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda given: f"{given}!", words, said, api_name="say")
        gr.Button().click(rebuild)
    return blocks, {}


def _refuse_squares(photo):
    return gr.validate(photo.shape[0] > photo.shape[1], "the picture must be in portrait format")


def _say(words):
    return f"{words}!"


def _describe(photo):
    return f"{photo.shape}"


def particular_afterwards():
    """A feature for particular pictures only, after one for everything."""
    with gr.Blocks() as blocks:
        words, photo, said = gr.Textbox(), gr.Image(), gr.Textbox()
        gr.Button().click(_say, words, said)
        gr.Button().click(_describe, photo, said, validator=_refuse_squares)
    return blocks, {}


def particular_first():
    with gr.Blocks() as blocks:
        words, photo, said = gr.Textbox(), gr.Image(), gr.Textbox()
        gr.Button().click(_describe, photo, said, validator=_refuse_squares)
        gr.Button().click(_say, words, said)
    return blocks, {}


EDGES = (
    zero_and_no,
    about_errors,
    slider_out_of_bounds,
    one_color_at_the_end,
    two_pictures_in_one,
    side_effect,
    particular_afterwards,
    particular_first,
)
