"""What a Space's README says: the YAML block that configures the Space.

Keys and defaults: hub-docs `spaces-config-reference` (2026-08-22).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from . import stages

DEFAULT_SDK_VERSION = "6.31.0"
"""The newest Gradio on 2026-11-22; the platform, too, takes the newest when a README names none."""

SDKS = ("gradio", "docker", "static")
DEFAULT_APP_FILES = {"gradio": "app.py", "docker": "Dockerfile", "static": "index.html"}
DEFAULT_STARTUP_SECONDS = 30 * 60.0

# The opening line, the block, the closing line; clients accept blank lines above (huggingface_hub).
_BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_DURATION = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>s|m|h|d)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_VERSION = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?")


class CardError(stages.SettledError):
    """The Space cannot be configured: `CONFIG_ERROR`, or `NO_APP_FILE`."""


@dataclass(frozen=True)
class Card:
    """The configuration of one revision."""

    sdk: str
    app_file: str
    """Path inside the repository, with forward slashes."""
    sdk_version: str = DEFAULT_SDK_VERSION
    sdk_version_given: bool = False
    python_version: str | float | int | None = None
    """As YAML read it: a float here is a version somebody forgot to quote."""
    title: str | None = None
    startup_seconds: float = DEFAULT_STARTUP_SECONDS
    app_build_command: str | None = None
    preloads: bool = False
    """Whether files of the Hub should be put into the image (`preload_from_hub`)."""
    oauth: bool = False
    oauth_scopes: tuple[str, ...] = ()
    custom_headers: dict[str, str] = field(default_factory=dict)


def read_card(folder: Path) -> Card:
    """Read the README of the checkout in `folder`.

    Raises:
        CardError: no usable block (`CONFIG_ERROR`), or no application (`NO_APP_FILE`).
    """
    metadata = _metadata(folder / "README.md")
    sdk = metadata.get("sdk")
    if sdk is None:
        raise CardError(stages.CONFIG_ERROR, "Missing configuration in README")
    if sdk not in SDKS:
        allowed = ", ".join(SDKS)
        raise CardError(stages.CONFIG_ERROR, f'"sdk" must be one of [{allowed}], not {sdk!r}')
    card = _card(str(sdk), metadata)
    if card.app_build_command is None:
        _require_file(folder, card.app_file)
    return card


def parse_duration(value: object) -> float:
    """Return the seconds of `30m`, `1h`, `90s`, `1h 30m` or a plain number of seconds.

    Raises:
        ValueError: anything else, or a duration of zero.
    """
    text = str(value).strip().lower()
    pieces = list(_DURATION.finditer(text))
    if not pieces or _DURATION.sub("", text).strip():
        raise ValueError(f"{value!r} is not a duration such as 90s, 30m or 1h")
    seconds = sum(float(piece["amount"]) * _SECONDS[piece["unit"] or "s"] for piece in pieces)
    if seconds <= 0:
        raise ValueError(f"{value!r} is not longer than zero seconds")
    return seconds


def _metadata(readme: Path) -> dict[str, Any]:
    """Return the block as a mapping; empty when there is no block."""
    try:
        # Not utf-8-sig: a byte order mark hides the block from the platform too.
        text = readme.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, IsADirectoryError):
        return {}
    block = _BLOCK.match(text)
    if block is None:
        return {}
    try:
        metadata = yaml.safe_load(block["yaml"])
    except yaml.YAMLError as error:
        raise CardError(stages.CONFIG_ERROR, f"Invalid YAML in README.md: {error}") from error
    except ValueError as error:  # such as `date: 2026-13-45`
        raise CardError(stages.CONFIG_ERROR, f"Invalid YAML in README.md: {error}") from error
    return metadata if isinstance(metadata, dict) else {}


def _card(sdk: str, metadata: dict[str, Any]) -> Card:
    command = metadata.get("app_build_command")
    scopes = metadata.get("hf_oauth_scopes")
    return Card(
        sdk=sdk,
        app_file=_app_file(sdk, metadata.get("app_file")),
        sdk_version=_sdk_version(metadata.get("sdk_version")),
        sdk_version_given=metadata.get("sdk_version") is not None,
        python_version=_python_version(metadata.get("python_version")),
        title=str(metadata["title"]) if metadata.get("title") is not None else None,
        startup_seconds=_startup_seconds(metadata.get("startup_duration_timeout")),
        app_build_command=str(command) if command and sdk == "static" else None,
        preloads=bool(metadata.get("preload_from_hub")),
        oauth=metadata.get("hf_oauth") is True,
        oauth_scopes=tuple(map(str, scopes)) if isinstance(scopes, list) else (),
        custom_headers=_custom_headers(metadata.get("custom_headers")),
    )


def _app_file(sdk: str, value: object) -> str:
    if value is None or sdk == "docker":
        return DEFAULT_APP_FILES[sdk]
    path = PurePosixPath(str(value))
    if path.is_absolute() or ".." in path.parts or "\0" in str(value):
        message = f'"app_file" must be a path inside the repository, not {value!r}'
        raise CardError(stages.CONFIG_ERROR, message)
    return str(path)


def _sdk_version(value: object) -> str:
    if value is None:
        return DEFAULT_SDK_VERSION
    if not _VERSION.fullmatch(str(value)):
        message = f'"sdk_version" must be a published version such as "6.31.0", not {value!r}'
        raise CardError(stages.CONFIG_ERROR, message)
    return str(value)


def _python_version(value: object) -> str | float | int | None:
    if value is None or isinstance(value, (str, float, int)):
        return value
    message = f'"python_version" must be a version such as "3.12", not {value!r}'
    raise CardError(stages.CONFIG_ERROR, message)


def _startup_seconds(value: object) -> float:
    if value is None:
        return DEFAULT_STARTUP_SECONDS
    try:
        return parse_duration(value)
    except ValueError as error:
        message = f'"startup_duration_timeout": {error}'
        raise CardError(stages.CONFIG_ERROR, message) from error


def _custom_headers(value: object) -> dict[str, str]:
    """Keep the three headers the platform lets a Space set, and drop the others."""
    allowed = {f"cross-origin-{name}-policy" for name in ("embedder", "opener", "resource")}
    if not isinstance(value, dict):
        return {}
    pairs = {str(name): str(text) for name, text in value.items() if name in allowed}
    return {name: text for name, text in pairs.items() if re.fullmatch(r"[a-z-]+", text)}


def _require_file(folder: Path, app_file: str) -> None:
    if not (folder / app_file).is_file():
        raise CardError(stages.NO_APP_FILE, f"No application file: {app_file} is not there")
