"""Speech in and out on ZeroGPU: one tab writes down what it hears, the other reads aloud."""

from __future__ import annotations

import spaces  # ZeroGPU wants it imported before anything that touches CUDA
import gradio as gr
import numpy as np
import torch
from scipy.signal import resample_poly
from transformers import AutoModelForTextToWaveform, AutoTokenizer, pipeline

LISTENER = "@@model@@"
VOICE = "facebook/mms-tts-eng"
LONGEST_SECONDS = 300
LONGEST_TEXT = 1000
SAMPLES_PER_SECOND = 16_000

Sound = tuple[int, np.ndarray]

listener = pipeline(
    "automatic-speech-recognition", model=LISTENER, dtype=torch.bfloat16, device="cuda"
)
voice = AutoModelForTextToWaveform.from_pretrained(VOICE).to("cuda")
voice_tokenizer = AutoTokenizer.from_pretrained(VOICE)


def heard(sound: Sound) -> np.ndarray:
    """Return a recording as the model wants it: one channel, -1 to 1, 16,000 samples a second."""
    rate, samples = sound
    if np.issubdtype(samples.dtype, np.integer):
        samples = samples / np.iinfo(samples.dtype).max
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    if rate != SAMPLES_PER_SECOND:
        samples = resample_poly(samples, SAMPLES_PER_SECOND, rate)
    return samples.astype(np.float32)


def listening_seconds(samples: np.ndarray) -> int:
    """Return how many seconds of GPU a recording needs: visitors pay with their quota."""
    return 10 + round(len(samples) / SAMPLES_PER_SECOND / 10)


@spaces.GPU(duration=listening_seconds)
def recognise(samples: np.ndarray) -> str:
    """Run the model that listens; only text leaves the worker."""
    given = {"raw": samples, "sampling_rate": SAMPLES_PER_SECOND}
    return str(listener(given, chunk_length_s=30)["text"]).strip()


@spaces.GPU(duration=20)
def synthesise(text: str) -> np.ndarray:
    """Run the model that speaks; the samples leave the worker as numbers, not as a tensor."""
    words = voice_tokenizer(text, return_tensors="pt").to("cuda")
    with torch.inference_mode():
        return voice(**words).waveform[0].float().cpu().numpy()


def transcribe(sound: Sound) -> str:
    """Write down what is said.

    Args:
        sound: a recording of at most five minutes.

    Returns:
        The words.
    """
    if sound is None:
        raise gr.Error("Record or choose a sound first.")
    samples = heard(sound)
    if len(samples) > LONGEST_SECONDS * SAMPLES_PER_SECOND:
        raise gr.Error(f"At most {LONGEST_SECONDS} seconds, please.")
    return recognise(samples)


def speak(text: str) -> Sound:
    """Read a text aloud.

    Args:
        text: at most 1,000 characters of English.

    Returns:
        The recording.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise gr.Error(f"Between 1 and {LONGEST_TEXT} characters, please.")
    samples = np.clip(synthesise(text), -1, 1)
    return int(voice.config.sampling_rate), (samples * 32767).astype(np.int16)


with gr.Blocks(title="@@title@@") as demo:
    gr.Markdown("# @@title@@")
    with gr.Tab("Listen"):
        sound = gr.Audio(label="Speech", type="numpy")
        transcript = gr.Textbox(label="Words", lines=4, buttons=["copy"])
        gr.Button("Write down", variant="primary").click(
            transcribe, sound, transcript, api_name="transcribe"
        )
    with gr.Tab("Speak"):
        text = gr.Textbox(
            "A journey of a thousand miles begins with a step.", label="Text", lines=4
        )
        spoken = gr.Audio(label="Speech", type="numpy")
        gr.Button("Read aloud", variant="primary").click(speak, text, spoken, api_name="speak")
        gr.Examples(
            [["Good morning, and welcome."], ["The rain has stopped."]],
            inputs=[text],
            outputs=[spoken],
            fn=speak,
            cache_examples=True,
            cache_mode="lazy",
        )

# On ZeroGPU Gradio would let one visitor wait and turn the next one away.
demo.queue(max_size=30)

if __name__ == "__main__":
    demo.launch()
