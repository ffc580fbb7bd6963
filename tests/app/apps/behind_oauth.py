"""An app with a login button: two functions want a visitor who is logged in, one does not."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import os

# Outside a Space a login button logs in with the token of the machine.
os.environ |= {"SYSTEM": "spaces", "SPACE_ID": "somebody/behind-oauth"}

import gradio as gr
from gradio import http_server

http_server.get_space = lambda: None  # else it opens a port for hot reloading


def greet(text: str, profile: gr.OAuthProfile) -> str:
    return f"{text}, {profile.name}"


def ask(text: str, profile: gr.OAuthProfile | None) -> str:
    return "Please log in first." if profile is None else text


def name(text: str, profile: gr.OAuthProfile | None) -> str:
    return profile.username


def count(text: str) -> str:
    return f"{len(text)} characters"


with gr.Blocks() as demo:
    gr.LoginButton()
    text, result = gr.Textbox("hello", label="Text"), gr.Textbox(label="Result")
    for function in (greet, ask, name, count):
        gr.Button().click(function, text, result)
