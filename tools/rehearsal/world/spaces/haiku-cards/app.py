"""Verses from two words; the examples are cached at the first click on each."""

from __future__ import annotations

import hashlib

import gradio as gr

FIRST = {"spring": "New leaves on the path", "summer": "Heat above the road"}
FIRST |= {"autumn": "Smoke of someone's fire", "winter": "Snow without a track"}
LAST = {"calm": "nothing asks for more", "glad": "and the kettle sings"}
LAST |= {"sad": "one chair by the door"}
MIDDLE = (
    "the river carries the light",
    "a dog waits where the bus stops",
    "someone laughs behind the wall",
)


def haiku(season: str, mood: str) -> str:
    """Return three lines; the same for the same words."""
    number = int(hashlib.sha256(f"{season} {mood}".encode()).hexdigest(), 16)
    return "\n".join([FIRST[season], MIDDLE[number % len(MIDDLE)], LAST[mood]])


with gr.Blocks(title="Haiku cards") as demo:
    gr.Markdown("# Haiku cards")
    season = gr.Dropdown([*FIRST], value="spring", label="Season")
    mood = gr.Radio([*LAST], value="calm", label="Mood")
    card = gr.Textbox(lines=3, label="Card")
    gr.Button("Write").click(haiku, [season, mood], card, api_name="haiku")
    gr.Examples(
        [["spring", "calm"], ["winter", "sad"]],
        [season, mood],
        card,
        haiku,
        cache_examples=True,
        cache_mode="lazy",
    )

if __name__ == "__main__":
    demo.launch()
