"""A page as a headless Chromium draws it, where this machine has one.

The browser gets a profile of its own, a time limit and its own process group. Its sandbox stays on
unless this program runs as root, where Chromium refuses to start with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .deadline import Deadline

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome-headless-shell",
)
VIRTUAL_MILLISECONDS = 5000
"""How much of the page's own time passes before it is read: timers run at once."""
MOST_SECONDS = 25.0
MOST_MESSAGES = 5
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--mute-audio",
    "--enable-logging=stderr",
    "--v=0",
    "--dump-dom",
)
_CONSOLE = re.compile(r'^\[[^\]]*:CONSOLE[:(][^\]]*\] "(?P<message>.*)", source: (?P<source>.*)$')
_ELSEWHERE = re.compile(
    r"net::ERR_(?:NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|CONNECTION|TIMED_OUT)"
)


@dataclass(frozen=True)
class Drawn:
    """The page after its scripts ran. `errors` were not caught by any of them.

    `elsewhere` are addresses of other hosts that this machine could not reach.
    """

    html: str
    errors: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotDrawn:
    """Why the scripts did not run."""

    reason: str


def find_browser() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def draw(url: str, deadline: Deadline, *, browser: str | None = None) -> Drawn | NotDrawn:
    """Open `url` in a headless Chromium and return what it made of the page."""
    program = browser or find_browser()
    if program is None:
        return NotDrawn("there is no Chromium on this machine")
    seconds = min(MOST_SECONDS, deadline.left)
    if seconds < 2:
        return NotDrawn("no time was left for a browser")
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        return _run(_command(program, url, Path(profile)), Path(profile), seconds)


def _command(program: str, url: str, profile: Path) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [
        program,
        *OPTIONS,
        *(["--no-sandbox"] if is_root else []),
        f"--virtual-time-budget={VIRTUAL_MILLISECONDS}",
        f"--user-data-dir={profile}",
        url,
    ]


def _run(command: Sequence[str], profile: Path, seconds: float) -> Drawn | NotDrawn:
    environment = os.environ | {"HOME": str(profile), "TMPDIR": str(profile)}
    with (profile / "messages.txt").open("w+", encoding="utf-8", errors="replace") as messages:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=messages,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            return NotDrawn(f"Chromium does not start: {error.strerror}")
        try:
            html, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return NotDrawn(f"Chromium did not finish the page within {seconds:.0f} s")
        finally:
            _end(process)
        messages.seek(0)
        errors, elsewhere = read_console(messages.read().splitlines())
    if process.returncode != 0 or not html.strip():
        return NotDrawn(f"Chromium ended with code {process.returncode}")
    return Drawn(html.decode("utf-8", errors="replace"), errors, elsewhere)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and the processes it started; they may outlive the first one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def read_console(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Uncaught errors, and addresses elsewhere that were not reached, from Chromium's messages."""
    errors, elsewhere = [], []
    for found in filter(None, map(_CONSOLE.match, lines)):
        message = found["message"][:300]
        if message.startswith("Uncaught"):
            errors.append(message)
        elif _ELSEWHERE.search(message):
            elsewhere.append(found["source"].partition(" (")[0][:200])
    return tuple(dict.fromkeys(errors))[:MOST_MESSAGES], tuple(dict.fromkeys(elsewhere))
