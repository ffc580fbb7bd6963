"""Uses another Space as a service, through gradio_client."""

from __future__ import annotations

import os
from functools import lru_cache

import gradio as gr
from gradio_client import Client

OTHER = os.environ.get("CONVERTER_SPACE", "rehearsal-world/unit-converter")
WAKE_SECONDS = 120.0


@lru_cache(maxsize=1)
def converter() -> Client:
    """Return a connection to the other Space, which may have to wake up first."""
    return Client(OTHER, verbose=False, httpx_kwargs={"timeout": WAKE_SECONDS})


def marathon(laps: float, metres: float) -> str:
    """Return the length of a run on a track, in miles."""
    miles = converter().predict(laps * metres, "m", "mile", api_name="/convert")
    return f"{laps:g} laps of {metres:g} m are {miles:.2f} miles, says {OTHER}."


demo = gr.Interface(
    marathon,
    inputs=[gr.Number(10, label="Laps"), gr.Number(400, label="Metres a lap")],
    outputs=gr.Textbox(label="Distance"),
    title="Asks another Space",
    api_name="marathon",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
