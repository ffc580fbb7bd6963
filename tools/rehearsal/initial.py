"""The files of a repository's first commit."""

from __future__ import annotations

import secrets

from ..knowledge import latest_gradio
from .front_matter import COLORS

EMOJIS = ("🚀", "📈", "🐠", "🔥", "⚡", "🌍", "🏃", "💻", "👀", "🐨")

GIT_ATTRIBUTES = "".join(
    f"*.{suffix} filter=lfs diff=lfs merge=lfs -text\n"
    for suffix in ("bin", "ckpt", "h5", "onnx", "parquet", "pt", "pth", "safetensors", "zip")
)


def space_files(name: str, sdk: str, template: str | None = None) -> dict[str, bytes]:
    """Return the files that a new Space starts with: the platform, too, writes a card."""
    lines = [
        "---",
        f"title: {_title(name)}",
        f"emoji: {secrets.choice(EMOJIS)}",
        f"colorFrom: {secrets.choice(COLORS)}",
        f"colorTo: {secrets.choice(COLORS)}",
        f"sdk: {sdk}",
        *_sdk_lines(sdk),
        "pinned: false",
        "---",
        "",
    ]
    if template:
        lines += [f"Made from {template}, whose files the rehearsal Hub does not have.", ""]
    return {
        ".gitattributes": GIT_ATTRIBUTES.encode(),
        "README.md": "\n".join(lines).encode(),
    }


def other_files() -> dict[str, bytes]:
    """Return the files that a new model or dataset starts with."""
    return {".gitattributes": GIT_ATTRIBUTES.encode()}


def _sdk_lines(sdk: str) -> list[str]:
    if sdk != "gradio":
        return []
    return [f'sdk_version: "{latest_gradio()}"', "app_file: app.py"]


def _title(name: str) -> str:
    # Quoted: a name such as `1.0` or `yes` would be read as a number or a truth value.
    words = name.replace("-", " ").replace("_", " ").split()
    return '"' + (" ".join(word.capitalize() for word in words) or name) + '"'
