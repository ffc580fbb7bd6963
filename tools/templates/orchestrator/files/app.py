"""Joins other Spaces: each step is a call, made with the visitor's own ZeroGPU quota."""

from __future__ import annotations

import os
from typing import Any

import gradio as gr
from gradio_client import Client
from gradio_client.exceptions import AppError

DRAWER = os.environ.get("DRAWER_SPACE", "mrfakename/Z-Image-Turbo")
DRAWER_ENDPOINT = os.environ.get("DRAWER_ENDPOINT", "/generate_image")
TOKEN = os.environ.get("HF_TOKEN")
SECONDS = 180.0


def connect(space: str, request: gr.Request | None) -> Client:
    """Return a connection to another Space for one visitor.

    The header says who the visitor is, so that their quota is spent and not this Space's. A
    connection is made for each call: one that is shared would spend the first visitor's.
    """
    visitor = request.headers.get("x-ip-token") if request else None
    headers = {"x-ip-token": visitor} if visitor else {}
    return Client(
        space, token=TOKEN, headers=headers, httpx_kwargs={"timeout": SECONDS}, verbose=False
    )


def call(space: str, endpoint: str, request: gr.Request | None, **arguments: Any) -> Any:
    """Call an endpoint of another Space and return its answer."""
    try:
        client = connect(space, request)
        return client.submit(api_name=endpoint, **arguments).result(timeout=SECONDS)
    except TimeoutError as error:
        raise gr.Error(f"{space} did not answer within {SECONDS:.0f} seconds.") from error
    except (AppError, ValueError, OSError) as error:
        raise gr.Error(f"{space} could not be used: {error}") from error


def picture_of(subject: str, style: str, request: gr.Request | None) -> Any:
    """Let another Space draw; its arguments are its own, see the page Use via API there."""
    answer = call(DRAWER, DRAWER_ENDPOINT, request, prompt=f"{subject}, {style}")
    return answer[0] if isinstance(answer, (list, tuple)) else answer


def illustrate(
    subject: str, style: str = "watercolour", request: gr.Request | None = None
) -> tuple[str, str]:
    """Draw a subject with another Space, and give the picture a caption.

    Args:
        subject: what the picture shows.
        style: how it is drawn.
        request: the visitor's request, which Gradio fills in.

    Returns:
        The picture's file, and the caption.
    """
    if not subject.strip():
        raise gr.Error("Name a subject first.")
    picture = picture_of(subject, style, request)
    return picture, f"{subject.strip().capitalize()}, {style}. Drawn by {DRAWER}."


demo = gr.Interface(
    illustrate,
    inputs=[
        gr.Textbox("a lighthouse in a storm", label="Subject"),
        gr.Dropdown(["watercolour", "woodcut", "photo"], value="watercolour", label="Style"),
    ],
    outputs=[gr.Image(type="filepath", label="Picture"), gr.Textbox(label="Caption")],
    title="@@title@@",
    api_name="illustrate",
    flagging_mode="never",
)

demo.queue(max_size=50, default_concurrency_limit=10)

if __name__ == "__main__":
    demo.launch()
