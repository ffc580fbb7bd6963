"""Make a QR code, or turn a picture into coloured tiles."""

import io

import gradio as gr
import segno
from PIL import Image


def qr_code(text: str, colour: str = "#4f46e5", size: int = 12) -> Image.Image:
    """Draw a QR code.

    Args:
        text: What the code says: an address, a Wi-Fi login, a note.
        colour: Colour of the dark squares, as #rrggbb.
        size: Edge of one square in pixels.

    Returns:
        The picture of the code.
    """
    picture = io.BytesIO()
    segno.make(text, error="q").save(picture, kind="png", scale=int(size), border=3, dark=colour)
    print(f"drew a QR code for {len(text)} characters", flush=True)
    return Image.open(picture).convert("RGB")


def tiles(picture: Image.Image, across: int = 24) -> Image.Image:
    """Turn a picture into square tiles of one colour each.

    Args:
        picture: Any picture.
        across: Tiles from left to right.

    Returns:
        A picture of the same size.
    """
    width, height = picture.size
    small = picture.convert("RGB").resize((across, max(1, round(across * height / width))))
    return small.resize((width, height), Image.Resampling.NEAREST)


with gr.Blocks(title="QR codes and tiles") as demo:
    gr.Markdown("# QR codes and tiles")
    with gr.Tab("QR code"), gr.Row():
        with gr.Column():
            text = gr.Textbox("https://huggingface.co/spaces", label="Text")
            colour = gr.Textbox("#4f46e5", label="Colour")
            size = gr.Slider(4, 24, value=12, step=1, label="Square size")
            draw = gr.Button("Draw", variant="primary")
        code = gr.Image(label="QR code", type="pil", format="png")
    with gr.Tab("Tiles"), gr.Row():
        with gr.Column():
            picture = gr.Image(label="Picture", type="pil")
            across = gr.Slider(4, 96, value=24, step=1, label="Tiles across")
            cut = gr.Button("Cut", variant="primary")
        result = gr.Image(label="Tiles", type="pil", format="png")
    draw.click(qr_code, [text, colour, size], code, api_name="qr_code")
    cut.click(tiles, [picture, across], result, api_name="tiles")

demo.launch()
