"""What a person may choose about a rehearsal Hub: which worlds it seeds, and reading through.

The choices are in `settings.json` of the state folder; the options of `python -m PACKAGE.rehearsal`
come on top for one run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PUBLIC_HUB = "https://huggingface.co"
KEYS = ("world", "worlds", "readThrough", "upstream")

_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZE = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>[KMG]?B)?", re.IGNORECASE)


class OptionError(ValueError):
    """A choice that can't be followed; the text names it and what is allowed."""


@dataclass(frozen=True)
class Options:
    """How a Hub is set up."""

    world: bool = True
    """Whether the world that comes with the package is seeded."""
    worlds: tuple[Path, ...] = ()
    """Folders of the person's own, in the form of that world."""
    read_through: int = 0
    """Up to how many bytes a file of the public Hub is fetched and kept; 0 is never."""
    upstream: str = PUBLIC_HUB
    """The Hub that is read through to."""


def load(file: Path) -> Options:
    """Return the choices in `settings.json`, the defaults without one. Raises OptionError."""
    try:
        chosen = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Options()
    except ValueError as error:
        raise OptionError(f"{file} is not JSON: {error}") from error
    if not isinstance(chosen, dict):
        raise OptionError(f"{file} must be a JSON object with any of {', '.join(KEYS)}")
    strangers = sorted(set(chosen) - set(KEYS))
    if strangers:
        raise OptionError(f"{file}: {', '.join(strangers)} is none of {', '.join(KEYS)}")
    try:
        return _options(chosen)
    except OptionError as error:
        raise OptionError(f"{file}: {error}") from error


def _options(chosen: dict[str, Any]) -> Options:
    world, worlds = chosen.get("world", True), chosen.get("worlds", [])
    if not isinstance(world, bool):
        raise OptionError("world must be true or false")
    if not isinstance(worlds, list) or not all(isinstance(folder, str) for folder in worlds):
        raise OptionError("worlds must be a list of folders")
    return Options(
        world=world,
        worlds=tuple(Path(folder).expanduser() for folder in worlds),
        read_through=parse_size(chosen.get("readThrough", 0)),
        upstream=checked_upstream(chosen.get("upstream", PUBLIC_HUB)),
    )


def parse_size(value: object) -> int:
    """Return the bytes of `50MB`, `1.5 GB`, `0` or a number of bytes. Raises OptionError."""
    match = _SIZE.fullmatch(str(value).strip())
    if match is None or isinstance(value, bool):
        raise OptionError(f"readThrough must be a size such as 50MB, not {value!r}")
    return int(float(match["amount"]) * _UNITS[(match["unit"] or "B").upper()])


def checked_upstream(value: object) -> str:
    """Return the address of a Hub without a slash at its end. Raises OptionError."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/]+/?", value):
        raise OptionError(f"upstream must be an address such as {PUBLIC_HUB}, not {value!r}")
    return value.rstrip("/")


def size_text(size: int) -> str:
    """Return bytes the way the Hub's pages show them, such as `24 GB` or `1.5 MB`."""
    for unit in ("GB", "MB", "KB"):
        if size >= _UNITS[unit]:
            return f"{round(size / _UNITS[unit], 1):g} {unit}"
    return f"{size} B"
