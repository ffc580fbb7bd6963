"""What ZeroGPU does to a program: the decorated function runs in a process of its own."""

from __future__ import annotations

import os

import gradio as gr
import spaces

RHYMES = {"light": "night", "sea": "free", "rain": "train", "day": "away"}
calls = 0


@spaces.GPU(duration=20)
def write(word: str) -> dict[str, object]:
    """Return two lines of verse and the process that wrote them."""
    global calls  # noqa: PLW0603 - to show that the main process does not see it
    calls += 1
    rhyme = RHYMES.get(word, word)
    verse = f"I wrote of {word},\nand thought of {rhyme}."
    return {"verse": verse, "process": os.getpid(), "calls": calls}


def poem(word: str) -> tuple[str, str]:
    """Return the verse, and what each process knows of the call."""
    written = write(word)
    seen = f"worker {written['process']} counted {written['calls']} calls; "
    return str(written["verse"]), f"{seen}main process {os.getpid()} counted {calls}"


demo = gr.Interface(
    poem,
    inputs=gr.Dropdown([*RHYMES], value="light", label="Word"),
    outputs=[gr.Textbox(lines=2, label="Verse"), gr.Textbox(label="Where it ran")],
    title="ZeroGPU poet",
    api_name="poem",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
