"""Classic image filters with Pillow."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from PIL import Image, ImageFilter, ImageOps

LONGEST_SIDE = 2048

Filter = Callable[[Image.Image], Image.Image]

FILTERS: dict[str, Filter] = {
    "grayscale": ImageOps.grayscale,
    "blur": lambda image: image.filter(ImageFilter.GaussianBlur(6)),
    "edges": lambda image: image.filter(ImageFilter.FIND_EDGES),
    "poster": lambda image: ImageOps.posterize(image, 2),
    "mirror": ImageOps.mirror,
}


def apply(image: Image.Image | None, name: str) -> Image.Image:
    """Return the picture after the filter called `name`."""
    if image is None:
        raise gr.Error("Choose a picture first.")
    smaller = image.convert("RGB")
    smaller.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return FILTERS[name](smaller)


demo = gr.Interface(
    apply,
    inputs=[gr.Image(type="pil", label="Picture"), gr.Radio([*FILTERS], value="grayscale")],
    outputs=gr.Image(type="pil", format="png", label="Result"),
    title="Image filters",
    api_name="apply",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
