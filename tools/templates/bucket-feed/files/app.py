"""A feed kept in a bucket: read once at start, answered from memory, written durably."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
import threading
import time
import uuid
from pathlib import Path

import gradio as gr

MOUNT = Path(os.environ.get("FEED_FOLDER", "/data"))
LONGEST_NAME = 40
LONGEST_TEXT = 500
MOST_SHOWN = 50


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry of the feed."""

    name: str
    text: str
    seconds: float
    """When it was written, in seconds since 1970."""


class Feed:
    """Entries in memory, each also a file of its own: a bucket is no place for a database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._entries = sorted(self._stored(), key=lambda entry: entry.seconds)

    def newest(self, count: int) -> list[Entry]:
        """Return the newest entries, newest first; no file is read."""
        with self._lock:
            return self._entries[: -count - 1 : -1]

    def add(self, entry: Entry) -> None:
        """Write an entry, and show it only once it is written."""
        name = f"{int(entry.seconds * 1000):015d}-{uuid.uuid4().hex[:8]}.json"
        (self._folder / name).write_text(json.dumps(dataclasses.asdict(entry)), encoding="utf-8")
        with self._lock:
            self._entries.append(entry)

    def _stored(self) -> list[Entry]:
        found = []
        for file in self._folder.glob("*.json"):
            try:
                found.append(Entry(**json.loads(file.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                print(f"left out {file.name}: {error}")
        return found


def open_feed() -> tuple[Feed, str]:
    """Return the feed, and a sentence that says how long it lasts."""
    if MOUNT.is_dir() and os.access(MOUNT, os.W_OK):
        folder = MOUNT / "feed"
        folder.mkdir(exist_ok=True)
        return Feed(folder), f"Entries are kept in `{MOUNT}`."
    folder = Path(tempfile.mkdtemp(prefix="feed-"))
    return Feed(folder), f"⚠️ No bucket is mounted at `{MOUNT}`: entries are lost at a restart."


feed, durability = open_feed()


def latest(count: int = MOST_SHOWN) -> list[list[str]]:
    """List the newest entries.

    Args:
        count: how many, at most 50.

    Returns:
        Time, name and text of each entry, newest first.
    """
    shown = feed.newest(max(1, min(int(count), MOST_SHOWN)))
    return [[_moment(entry.seconds), entry.name, entry.text] for entry in shown]


def publish(name: str, text: str) -> list[list[str]]:
    """Add an entry.

    Args:
        name: who writes, at most 40 characters.
        text: what is said, at most 500 characters.

    Returns:
        The newest entries.
    """
    name, text = " ".join(name.split()), text.strip()
    if not name or len(name) > LONGEST_NAME:
        raise gr.Error(f"A name has 1 to {LONGEST_NAME} characters.")
    if not text or len(text) > LONGEST_TEXT:
        raise gr.Error(f"A text has 1 to {LONGEST_TEXT} characters.")
    feed.add(Entry(name, text, time.time()))
    return latest()


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))


with gr.Blocks(title="@@title@@") as demo:
    gr.Markdown("# @@title@@")
    gr.Markdown(durability)
    with gr.Row():
        name = gr.Textbox("A visitor", label="Name", max_length=LONGEST_NAME)
        text = gr.Textbox("Greetings!", label="Text", max_length=LONGEST_TEXT, scale=3)
        button = gr.Button("Publish", variant="primary")
    entries = gr.Dataframe(
        headers=["Time (UTC)", "Name", "Text"], interactive=False, wrap=True, label="Newest"
    )
    button.click(publish, [name, text], entries, api_name="publish")
    demo.load(latest, None, entries, api_name="latest")

if __name__ == "__main__":
    demo.launch()
