"""Makes a tone as a WAV file with the standard library alone."""

from __future__ import annotations

import array
import math
import tempfile
import wave

import gradio as gr

RATE = 22_050
VOLUME = 0.4


def samples(hertz: float, seconds: float) -> array.array[int]:
    """Return 16-bit samples of a sine wave that fades in and out."""
    count = int(RATE * seconds)
    fade = max(1, min(count // 10, RATE // 20))
    values = array.array("h")
    for index in range(count):
        envelope = min(1.0, index / fade, (count - index) / fade)
        wave_value = math.sin(2 * math.pi * hertz * index / RATE)
        values.append(int(32767 * VOLUME * envelope * wave_value))
    return values


def tone(hertz: float, seconds: float) -> str:
    """Return the path of a WAV file with a tone."""
    with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file, wave.open(file) as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples(hertz, seconds).tobytes())
    return file.name


demo = gr.Interface(
    tone,
    inputs=[gr.Slider(110, 1760, 440, label="Hertz"), gr.Slider(0.2, 5, 1, label="Seconds")],
    outputs=gr.Audio(type="filepath", label="Tone"),
    title="Tone maker",
    api_name="tone",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
