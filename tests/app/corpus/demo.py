"""Run a script as a Space would, whole or broken on purpose."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

import asyncio
import os
import runpy
import sys
from pathlib import Path

import gradio as gr
import numpy as np

SECONDS_ASLEEP = 60
CHANGED = "a result was made black"


def main(script: str, mutation: str = "") -> None:
    """Run the script as `__main__`; its functions then do what `mutation` says, if it names one."""
    sys.path.insert(0, str(Path(script).parent))
    if mutation:
        MUTATIONS[mutation]()
    runpy.run_path(script, run_name="__main__")


def _break_results(change) -> None:
    """Let every function's result pass through `change` before the components see it."""
    healthy = gr.Blocks.call_function

    async def broken(self, *arguments, **options):
        called = await healthy(self, *arguments, **options)
        return {**called, "prediction": await change(called["prediction"])}

    gr.Blocks.call_function = broken


async def _raise(_):
    raise RuntimeError("the weights are missing")


async def _none(_):
    return None


async def _sleep(result):
    await asyncio.sleep(SECONDS_ASLEEP)
    return result


async def _end(_):
    os._exit(3)


async def _black(result):
    """Black pictures and silent sounds of the same size; everything else stays."""
    if isinstance(result, np.ndarray) or hasattr(result, "resize"):
        print(CHANGED)
        return np.zeros_like(result)
    if isinstance(result, (list, tuple)):
        return type(result)([await _black(each) for each in result])
    return result


async def _wrong_type(_):
    return object()


def fail_the_page() -> None:
    """The API stays healthy; only the page fails."""
    healthy = gr.routes.App.create_app

    def create_app(*arguments, **options):
        app = healthy(*arguments, **options)

        @app.middleware("http")
        async def fail(request, call_next):
            if request.url.path == "/" and request.method == "GET":
                return gr.routes.PlainTextResponse("Internal Server Error", status_code=500)
            return await call_next(request)

        return app

    gr.routes.App.create_app = staticmethod(create_app)


MUTATIONS = {
    "exception": lambda: _break_results(_raise),
    "none": lambda: _break_results(_none),
    "sleep": lambda: _break_results(_sleep),
    "crash": lambda: _break_results(_end),
    "black": lambda: _break_results(_black),
    "wrong_type": lambda: _break_results(_wrong_type),
    "page_500": fail_the_page,
}
