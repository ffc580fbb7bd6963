"""Reading a Space's log from the Hub's event stream.

`HfApi.fetch_space_logs` waits five seconds of silence on a running Space and cannot say whether
the stream was cut (huggingface_hub 2.4.0, measured 2026-11-22). This reader stops after a short
silence and says why it stopped.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from typing import Any, Literal

from .facts import LogText
from .session import configure_client

Kind = Literal["build", "run"]

MOST_LINES = 200_000
FIRST_BYTE_SECONDS = 8.0
QUIET_SECONDS = 1.2
_COMMIT = re.compile(r"Commit SHA: ([0-9a-f]{7,40})")


def read_log(
    url: str, headers: dict[str, str], *, seconds: float, most_lines: int = MOST_LINES
) -> LogText:
    """The log at `url` as it is now, at most `seconds` long in the reading.

    Keeps the newest `most_lines` lines. A stream that ends, falls silent or reaches now is
    complete; one that breaks or outlasts the deadline is returned with `cut_because`.

    Raises:
        the client's HTTP error for any answer but 200.
    """
    import httpx2
    from huggingface_hub import get_session
    from huggingface_hub.utils._http import hf_raise_for_status

    configure_client()
    deadline = time.monotonic() + seconds
    for quiet in (QUIET_SECONDS, min(FIRST_BYTE_SECONDS, seconds)):
        text = _Text(most_lines)
        limits = httpx2.Timeout(quiet, connect=FIRST_BYTE_SECONDS)
        cut = None
        try:
            with get_session().stream("GET", url, headers=headers, timeout=limits) as answer:
                if answer.status_code != 200:
                    answer.read()
                hf_raise_for_status(answer)
                for line in answer.iter_lines():
                    text.event(line)
                    if time.monotonic() > deadline:
                        cut = f"reading took longer than {seconds:.0f} s; this is its beginning"
                        break
        except httpx2.ReadTimeout:
            # Silence is how a live log ends: the Hub keeps the stream open for what comes next.
            # Silence before the first line is a slow Hub, which gets a longer second chance.
            cut = None if text.has_lines else f"nothing came within {quiet:.0f} s"
        except (httpx2.RemoteProtocolError, httpx2.ReadError) as error:
            cut = f"the Hub broke the stream ({type(error).__name__})"
        if text.has_lines or cut is None:
            break
    return text.finish(cut)


class _Text:
    """Collects events into lines; one event may hold several lines or a part of one."""

    def __init__(self, most_lines: int) -> None:
        self._lines: deque[str] = deque(maxlen=most_lines)
        self._open = ""
        self._revision: str | None = None

    @property
    def has_lines(self) -> bool:
        return bool(self._lines or self._open)

    def event(self, line: str) -> None:
        if not line.startswith("data: {"):
            return
        try:
            event: Any = json.loads(line[len("data: ") :])
        except ValueError:
            return
        *whole, self._open = (self._open + str(event.get("data", ""))).split("\n")
        for text in whole:
            self._keep(text)

    def _keep(self, text: str) -> None:
        found = _COMMIT.search(text)
        if found:
            self._revision = found.group(1)
        self._lines.append(text.rstrip("\r"))

    def finish(self, cut: str | None) -> LogText:
        if self._open:
            self._keep(self._open)
        return LogText(lines=tuple(self._lines), revision=self._revision, cut_because=cut)
