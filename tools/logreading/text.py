"""Turning any stream of log lines into plain bytes that can be searched at once.

Lines are searched in batches, because asking a regular expression about each line by itself costs
several times more than the search does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import methodcaller

BATCH_BYTES = 256 * 1024
LONGEST_LINE = 16 * 1024
_GROUP = 64  # lines looked at together: enough to be fast, few enough for very long lines

# Escape sequences of ECMA-48: colours and cursor moves (CSI), titles and links (OSC), the rest.
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_]|[()][0-9A-B])"
)
_OVERWRITTEN_LINE = re.compile(rb"[^\n]*\r[^\n]*")
_LOOKS_LIKE_PROGRESS = re.compile(rb"\d%|\d+/\d+|\b(?:it|B|kB|MB|GB)/s")

_without_line_end = methodcaller("removesuffix", "\n")


def batches(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the log in pieces of about 256 kB, each of whole lines joined by newlines.

    An item may end with one newline, which is dropped; newlines inside it start new lines.
    Colour codes are removed, and of a line that a progress bar drew over and over only what
    mattered last is kept.
    """
    stream = iter(lines)
    batch: list[str] = []
    size = 0
    while group := list(islice(stream, _GROUP)):
        if max(map(len, group)) > LONGEST_LINE:
            group = [shortened(item) for item in group]
        batch.append("\n".join(map(_without_line_end, group)))
        size += len(batch[-1])
        if size > BATCH_BYTES:
            yield plain("\n".join(batch))
            batch.clear()
            size = 0
    if batch:
        yield plain("\n".join(batch))


def shortened(item: str) -> str:
    """Cut the middle out of each overlong line of an item; the number of lines stays."""
    return "\n".join(
        line
        if len(line) <= LONGEST_LINE
        else f"{line[: LONGEST_LINE // 2]} [...] {line[-LONGEST_LINE // 2 :]}"
        for line in item.split("\n")
    )


def plain(text: str) -> bytes:
    """Text as UTF-8 without colour codes and carriage returns."""
    data = text.encode("utf-8", "replace")
    if b"\x1b" in data:
        data = _ESCAPES.sub(b"", data)
    if b"\r" in data:
        data = re.sub(rb"\r+(?=\n|\Z)", b"", data)
        data = _OVERWRITTEN_LINE.sub(_what_stays_visible, data)
    return data


def _what_stays_visible(match: re.Match[bytes]) -> bytes:
    """Of a line drawn over itself: the last part that is not a progress bar."""
    parts = [part for part in match.group().split(b"\r") if part.strip()]
    telling = [part for part in parts if not _LOOKS_LIKE_PROGRESS.search(part)]
    return (telling or parts or [b""])[-1]
