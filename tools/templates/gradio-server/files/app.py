"""A page of our own in front of a queued Gradio endpoint."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from fastapi.responses import HTMLResponse
from gradio import Server

PAGE = Path(__file__).parent / "index.html"

app = Server(title="@@title@@")


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    """Return the page of this Space."""
    return PAGE.read_text(encoding="utf-8")


@app.get("/health")
def health() -> dict[str, str]:
    """Return whether the server is up."""
    return {"status": "ok"}


@app.api(name="slugify", description="Turn a title into a name for an address.")
def slugify(title: str) -> str:
    """Turn a title into a name for an address.

    Args:
        title: any text.

    Returns:
        Its words in lower case, joined by hyphens.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


if __name__ == "__main__":
    app.launch()
