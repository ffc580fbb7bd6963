"""A chat that streams from a language model on ZeroGPU."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import spaces  # ZeroGPU wants it imported before anything that touches CUDA
import gradio as gr
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

MODEL = "@@model@@"
SYSTEM_PROMPT = "You are a helpful assistant. Answer briefly."
TOKENS_PER_SECOND = 15
MOST_MESSAGES = 20
SILENCE_SECONDS = 60.0

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.bfloat16).to("cuda")
model.eval()


def text_of(content: Any) -> str:
    """Return a message's text: Gradio 6 gives the content as a list of blocks."""
    if isinstance(content, str):
        return content
    return "".join(block["text"] for block in content if block.get("type") == "text")


def conversation(message: str, history: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return what the model is given: the system prompt, the latest messages, the new one."""
    before = [
        {"role": turn["role"], "content": text_of(turn["content"])}
        for turn in history[-MOST_MESSAGES:]
    ]
    system = {"role": "system", "content": SYSTEM_PROMPT}
    return [system, *before, {"role": "user", "content": message}]


def gpu_seconds(messages: list[dict[str, str]], longest: int, temperature: float) -> int:
    """Return how many seconds of GPU to ask for: visitors pay for them with their quota."""
    return 15 + longest // TOKENS_PER_SECOND


@spaces.GPU(duration=gpu_seconds)
def stream(messages: list[dict[str, str]], longest: int, temperature: float) -> Iterator[str]:
    """Yield the answer as it grows; only text leaves the worker."""
    prompt = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"
    ).to("cuda")
    streamer = TextIteratorStreamer(
        tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=SILENCE_SECONDS
    )
    settings = {"max_new_tokens": longest, "do_sample": temperature > 0, "streamer": streamer}
    if temperature > 0:
        settings["temperature"] = temperature

    def generate() -> None:
        try:
            model.generate(**prompt, **settings)
        finally:
            streamer.end()  # after a failure as well: the loop below would wait for more

    with ThreadPoolExecutor(max_workers=1) as pool:
        generated = pool.submit(generate)
        answer = ""
        for piece in streamer:
            answer += piece
            yield answer
        generated.result()


def chat(
    message: str,
    history: list[dict[str, Any]],
    max_new_tokens: int = 512,
    temperature: float = 0.7,
) -> Iterator[str]:
    """Answer a message, streamed.

    Args:
        message: what the visitor says.
        history: the messages before it.
        max_new_tokens: the longest answer, in tokens.
        temperature: 0 gives the likeliest answer, higher values vary more.

    Yields:
        The answer so far.
    """
    if not message.strip():
        raise gr.Error("Say something first.")
    yield from stream(conversation(message, history), int(max_new_tokens), float(temperature))


demo = gr.ChatInterface(
    chat,
    title="@@title@@",
    description="[@@model@@](https://huggingface.co/@@model@@) on ZeroGPU.",
    additional_inputs=[
        gr.Slider(16, 2048, 512, step=16, label="Longest answer, in tokens"),
        gr.Slider(0.0, 1.5, 0.7, step=0.1, label="Temperature"),
    ],
    examples=[["Explain recursion to a child.", 512, 0.7], ["Write a haiku.", 64, 0.7]],
    cache_examples=True,
    cache_mode="lazy",
    api_name="chat",
)

# On ZeroGPU Gradio would let one visitor wait and turn the next one away.
demo.queue(max_size=30)

if __name__ == "__main__":
    demo.launch()
