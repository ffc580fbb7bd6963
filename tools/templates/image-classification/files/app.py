"""What a picture shows: a small classifier that runs on CPU."""

from __future__ import annotations

import gradio as gr
from PIL import Image
from transformers import pipeline

MODEL = "@@model@@"
MOST_LABELS = 5

classifier = pipeline("image-classification", model=MODEL, device="cpu")


def classify(picture: Image.Image) -> dict[str, float]:
    """Name what a picture shows.

    Args:
        picture: the picture to look at.

    Returns:
        The likeliest labels, each with its probability from 0 to 1.
    """
    if picture is None:
        raise gr.Error("Choose a picture first.")
    found = classifier(picture.convert("RGB"), top_k=MOST_LABELS)
    return {each["label"]: each["score"] for each in found}


demo = gr.Interface(
    classify,
    inputs=gr.Image(type="pil", label="Picture"),
    outputs=gr.Label(num_top_classes=MOST_LABELS, label="What it shows"),
    title="@@title@@",
    description="[@@model@@](https://huggingface.co/@@model@@) on CPU.",
    api_name="classify",
    flagging_mode="never",
)

demo.queue(max_size=30)

if __name__ == "__main__":
    demo.launch()
