"""Text to image on ZeroGPU: the weights wait in the main process, a worker with a GPU draws."""

from __future__ import annotations

import random

import spaces  # ZeroGPU wants it imported before anything that touches CUDA
import gradio as gr
import torch
from diffusers import DiffusionPipeline
from PIL import Image

MODEL = "@@model@@"
STEPS = 9
GUIDANCE = 0.0
SIZES = [512, 768, 1024]
LARGEST_SEED = 2**31 - 1

pipeline = DiffusionPipeline.from_pretrained(MODEL, dtype=torch.bfloat16)
pipeline.to("cuda")


def gpu_seconds(prompt: str, seed: int, size: int, steps: int) -> int:
    """Return how many seconds of GPU to ask for: visitors pay for them with their quota."""
    return 10 + round(steps * 1.5 * (size / 1024) ** 2)


@spaces.GPU(duration=gpu_seconds)
def draw(prompt: str, seed: int, size: int, steps: int) -> Image.Image:
    """Run the model; nothing but the finished picture leaves the worker."""
    generator = torch.Generator().manual_seed(seed)
    drawn = pipeline(
        prompt=prompt,
        num_inference_steps=steps,
        guidance_scale=GUIDANCE,
        width=size,
        height=size,
        generator=generator,
    )
    return drawn.images[0]


def generate(
    prompt: str, seed: int = -1, size: int = SIZES[-1], steps: int = STEPS
) -> tuple[Image.Image, int]:
    """Draw a picture from a description.

    Args:
        prompt: what the picture shows.
        seed: the same seed and prompt give the same picture; -1 chooses one.
        size: width and height in pixels.
        steps: denoising steps; more take longer.

    Returns:
        The picture, and the seed that made it.
    """
    if not prompt.strip():
        raise gr.Error("Describe the picture first.")
    chosen = random.randint(0, LARGEST_SEED) if seed < 0 else int(seed)
    return draw(prompt, chosen, int(size), int(steps)), chosen


with gr.Blocks(title="@@title@@") as demo:
    gr.Markdown("# @@title@@\n[@@model@@](https://huggingface.co/@@model@@) on ZeroGPU.")
    with gr.Row():
        with gr.Column():
            prompt = gr.Textbox(label="Prompt", lines=3, placeholder="What the picture shows")
            with gr.Accordion("Settings", open=False):
                seed = gr.Number(-1, label="Seed, -1 for any", precision=0)
                size = gr.Dropdown(SIZES, value=SIZES[-1], label="Pixels a side")
                steps = gr.Slider(1, 50, STEPS, step=1, label="Steps")
            button = gr.Button("Draw", variant="primary")
        with gr.Column():
            picture = gr.Image(label="Picture", format="png")
            used_seed = gr.Number(label="Seed used", precision=0)
    gr.on(
        [button.click, prompt.submit],
        generate,
        inputs=[prompt, seed, size, steps],
        outputs=[picture, used_seed],
        api_name="generate",
    )
    gr.Examples(
        [["A lighthouse in a storm, oil on canvas"], ["A red fox asleep in fresh snow, photo"]],
        inputs=[prompt],
        outputs=[picture, used_seed],
        fn=generate,
        cache_examples=True,
        cache_mode="lazy",
    )

# On ZeroGPU Gradio would let one visitor wait and turn the next one away.
demo.queue(max_size=30)

if __name__ == "__main__":
    demo.launch()
