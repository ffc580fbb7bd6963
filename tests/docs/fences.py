"""Every fenced block says what it is, so that nothing escapes the checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .documents import Trouble
from .markdown import Document

CHECKED = {"dockerfile", "json", "python", "sh", "text", "yaml"}
ONLY_SHOWN = {"html", "js"}
_COMMAND = re.compile(r"^\$? ?(?:hf|huggingface-spaces|git|pip|curl) \w", re.MULTILINE)


def check_fences(document: Document) -> Iterator[Trouble]:
    """A known language; no commands in `text`; JSON that parses."""
    for block in document.blocks:
        if block.language not in CHECKED | ONLY_SHOWN:
            known = ", ".join(sorted(CHECKED | ONLY_SHOWN))
            said = f"a block of `{block.language}`; known are {known}"
            yield Trouble(document.path, block.line, said)
        elif block.info == "text" and document.path != "references/known-errors.md":
            if found := _COMMAND.search(block.text):
                line = block.line + block.text[: found.start()].count("\n")
                yield Trouble(document.path, line, "a command belongs in a block of `sh`")
        elif block.language == "json":
            yield from _json(document, block.text, block.line)


def _json(document: Document, text: str, line: int) -> Iterator[Trouble]:
    try:
        json.loads(text)
    except ValueError as error:
        yield Trouble(document.path, line, f"is no JSON: {error}")
