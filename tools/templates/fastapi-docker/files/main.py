"""A JSON service; FastAPI writes its documentation at /docs from the types and docstrings."""

from __future__ import annotations

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI(title="@@title@@")


class Text(BaseModel):
    """A text to look at."""

    text: str = Field(max_length=100_000, examples=["One line of five words."])


class Counts(BaseModel):
    """What a text consists of."""

    characters: int
    words: int
    lines: int


@app.get("/")
def about() -> dict[str, str]:
    """Return what this service does; the platform asks here whether it is up."""
    return {"service": "@@title@@", "documentation": "/docs"}


@app.post("/count")
def count(given: Text) -> Counts:
    """Count the characters, words and lines of a text."""
    return Counts(
        characters=len(given.text),
        words=len(given.text.split()),
        lines=len(given.text.splitlines()),
    )
