"""Where the things in a picture are: a small detector that runs on CPU."""

from __future__ import annotations

import gradio as gr
from PIL import Image
from transformers import pipeline

MODEL = "@@model@@"
LEAST_SCORE = 0.5

Box = tuple[int, int, int, int]

detector = pipeline("object-detection", model=MODEL, device="cpu")


def detect(
    picture: Image.Image, least_score: float = LEAST_SCORE
) -> tuple[Image.Image, list[tuple[Box, str]]]:
    """Find the things in a picture.

    Args:
        picture: the picture to look at.
        least_score: how sure the model must be, from 0 to 1.

    Returns:
        The picture, and a box with a label for each thing found.
    """
    if picture is None:
        raise gr.Error("Choose a picture first.")
    picture = picture.convert("RGB")
    found = detector(picture, threshold=least_score)
    return picture, [(_box(each), f"{each['label']} {each['score']:.0%}") for each in found]


def _box(found: dict[str, dict[str, int]]) -> Box:
    box = found["box"]
    return box["xmin"], box["ymin"], box["xmax"], box["ymax"]


demo = gr.Interface(
    detect,
    inputs=[
        gr.Image(type="pil", label="Picture"),
        gr.Slider(0.0, 1.0, LEAST_SCORE, step=0.05, label="Least score"),
    ],
    outputs=gr.AnnotatedImage(label="Found"),
    title="@@title@@",
    description="[@@model@@](https://huggingface.co/@@model@@) on CPU.",
    api_name="detect",
    flagging_mode="never",
)

demo.queue(max_size=30)

if __name__ == "__main__":
    demo.launch()
