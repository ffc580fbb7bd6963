"""An app whose API works and whose page does not."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import gradio as gr
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse


class NoPage:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        is_page = scope.get("method") == "GET" and scope["path"] == "/"
        answer = PlainTextResponse("Internal Server Error", 500) if is_page else self.app
        await answer(scope, receive, send)


demo = gr.Interface(lambda text: text[::-1], "textbox", "textbox", api_name="reverse")
LAUNCH = {"app_kwargs": {"middleware": [Middleware(NoPage)]}}
