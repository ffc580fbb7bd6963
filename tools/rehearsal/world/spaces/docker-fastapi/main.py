"""A JSON service of two routes."""

from __future__ import annotations

from fastapi import FastAPI

app = FastAPI(title="Words")


@app.get("/")
def about() -> dict[str, str]:
    """Return what this service does."""
    return {"service": "words", "try": "/words?text=one+two"}


@app.get("/words")
def words(text: str) -> dict[str, int]:
    """Return how many words and characters a text has."""
    return {"words": len(text.split()), "characters": len(text)}
