"""Python stack frames: which belong to the app itself, and how to name them."""

from __future__ import annotations

import re

FRAME = re.compile(r'\s*File "(?P<path>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>\S.*))?$')

_NOT_THE_APPS_OWN = re.compile(
    r"(?:site|dist)-packages/|/lib(?:64)?/python\d|^<|/bin/[^/]+$|^/tmp/pip-|/\.cache/uv/"
)
# The rehearsal Hub's own code inside the process of a Space: neither the app's nor of use to it.
_OF_THE_REHEARSAL = re.compile(r"/rehearsal/machine/[\w./]+\.py$")
# Where a Space's files live: /home/user/app and /app on the platform (the first is a link to the
# second), one folder per revision on the rehearsal Hub.
_APP_FOLDER = re.compile(r"^.*?/(?:home/user/app|app|app-[0-9a-f]{7,40})/")


def own_frame(text: str) -> str | None:
    """Name a frame of the app's own code, as in `app.py:12 in <module>`; None for any other line.

    Frames inside installed packages, the standard library and generated code are not the app's.
    """
    match = FRAME.match(text)
    if match is None or _NOT_THE_APPS_OWN.search(match["path"]) or is_of_the_rehearsal(text):
        return None
    path = _APP_FOLDER.sub("", match["path"], count=1)
    place = f"{path}:{match['line']}"
    return f"{place} in {match['name']}" if match["name"] else place


def is_of_the_rehearsal(text: str) -> bool:
    """Whether a line names a frame of the rehearsal Hub's own code."""
    match = FRAME.match(text)
    return match is not None and _OF_THE_REHEARSAL.search(match["path"]) is not None
