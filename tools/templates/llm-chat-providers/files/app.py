"""A chat through Inference Providers: who logs in pays for the answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import gradio as gr
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

MODEL = "@@model@@"
ROUTER = os.environ.get("INFERENCE_ROUTER", "https://router.huggingface.co/v1")
SYSTEM_PROMPT = "You are a helpful assistant. Answer briefly."
MOST_MESSAGES = 20
SECONDS = 60.0
REFUSALS = {
    401: "The login has expired. Log out and in again.",
    402: "Your account has no credits left for Inference Providers.",
    429: "The provider is busy. Try again in a minute.",
}


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


def chat(
    message: str,
    history: list[dict[str, Any]],
    max_tokens: int = 512,
    token: gr.OAuthToken | None = None,
) -> Iterator[str]:
    """Answer a message, streamed.

    Args:
        message: what the visitor says.
        history: the messages before it.
        max_tokens: the longest answer, in tokens.
        token: the visitor's login, which Gradio fills in.

    Yields:
        The answer so far.
    """
    if token is None:
        yield "Log in with the button above: answers are paid from your own account's credits."
        return
    client = InferenceClient(base_url=ROUTER, api_key=token.token, timeout=SECONDS)
    answer = ""
    try:
        for chunk in client.chat_completion(
            conversation(message, history), model=MODEL, max_tokens=int(max_tokens), stream=True
        ):
            if chunk.choices and chunk.choices[0].delta.content:
                answer += chunk.choices[0].delta.content
                yield answer
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise gr.Error(REFUSALS.get(status, f"The router answered {status}.")) from error


with gr.Blocks(title="@@title@@") as demo:
    gr.Markdown("# @@title@@\n[@@model@@](https://huggingface.co/@@model@@), served by a provider.")
    gr.LoginButton()
    gr.ChatInterface(
        chat,
        additional_inputs=[gr.Slider(16, 4096, 512, step=16, label="Longest answer, in tokens")],
        # Not cached: an answer belongs to the visitor who paid for it.
        examples=[["Explain recursion to a child.", 512], ["Write a haiku.", 128]],
        cache_examples=False,
        api_name="chat",
    )

demo.queue(max_size=100, default_concurrency_limit=20)

if __name__ == "__main__":
    demo.launch()
