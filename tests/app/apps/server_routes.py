"""A gr.Server with its own page and plain routes, one of which fails."""

# mypy: ignore-errors
# Runs in an environment of its own, where Gradio is; the checkout's environment has none.
from __future__ import annotations

from gradio import Server
from starlette.responses import HTMLResponse

demo = Server()


@demo.api(name="shout")
def shout(words: str) -> str:
    return words.upper()


@demo.get("/")
def page() -> HTMLResponse:
    return HTMLResponse("<!doctype html><h1>Shout</h1>")


@demo.get("/health")
def health(verbose: bool = False) -> dict[str, str]:
    return {"status": "ok"}


@demo.get("/broken")
def broken() -> None:
    raise ValueError("the table is missing")


@demo.get("/items/{item}")
def item(item: int) -> int:
    return item


@demo.get("/search")
def search(query: str) -> str:
    raise AssertionError("nobody gave a query")


@demo.get("/clear_cache")
def clear_cache() -> None:
    raise AssertionError("a smoke test must not ask for this")


@demo.post("/train")
def train() -> None:
    raise AssertionError("only GET is sent")
