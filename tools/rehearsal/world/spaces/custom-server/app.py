"""Gradio's API without its interface: `gr.Server` with a page and routes of our own."""

from __future__ import annotations

import re
import unicodedata

from fastapi.responses import HTMLResponse
from gradio import Server

PAGE = """<!doctype html>
<html lang="en">
<title>Slugs</title>
<h1>Slugs</h1>
<p>The endpoint <code>/slugify</code> turns a title into a name for an address.</p>
</html>
"""

app = Server(title="Slugs")


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    """Return the page of this Space."""
    return PAGE


@app.get("/health")
def health() -> dict[str, str]:
    """Return whether the server is up."""
    return {"status": "ok"}


@app.api(name="slugify")
def slugify(title: str) -> str:
    """Return a title as lower-case words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


if __name__ == "__main__":
    app.launch()
