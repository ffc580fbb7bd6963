"""The YAML block at the top of a README: reading it, and the platform's rules for it.

Rules and allowed values: hub-docs spaces-config-reference.md (2026-08-22). Texts marked "reported"
are the real server's, as people quoted them; the others say the documented rule in our words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from ..knowledge import licenses
from .gates import SDKS
from .machine.card import parse_duration

COLORS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
LONGEST_SHORT_DESCRIPTION = 60
LOWEST_PORT = 1025
LONGEST_OAUTH_MINUTES = 43_200
CUSTOM_HEADERS = (
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)

_BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


class FrontMatterError(ValueError):
    """The block is there but is not a YAML mapping."""


def read(text: str) -> dict[str, Any]:
    """Return the block's mapping; empty when there is no block. Raises FrontMatterError."""
    block = _BLOCK.match(text)
    if block is None:
        return {}
    try:
        # An alias can make a kilobyte of YAML grow to gigabytes; no card needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block["yaml"])):
            raise FrontMatterError("aliases (*name) are not allowed")
        parsed = yaml.safe_load(block["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FrontMatterError(f"Invalid YAML in README.md: {error}") from error
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise FrontMatterError("The metadata in README.md must be a YAML mapping")
    return {str(key): value for key, value in parsed.items()}


def add_line(text: str, line: str) -> str:
    """Return a README with one more line at the end of its block; unchanged without a block."""
    block = _BLOCK.match(text)
    if block is None:
        return text
    return text[: block.end("yaml")] + line + "\n" + text[block.end("yaml") :]


def errors(text: str, repository_type: str) -> list[str]:
    """Return what the platform would refuse about a README, empty when it would accept it."""
    try:
        metadata = read(text)
    except FrontMatterError as error:
        return [str(error)]
    found = list(_key_errors(metadata))
    rules = {"space": _SPACE_RULES, "model": _MODEL_RULES}.get(repository_type, {})
    for key, rule in {**_RULES, **rules}.items():
        if metadata.get(key) is not None:
            problem = rule(metadata[key])
            found += [f'"{key}" {problem}'] if problem else []
    return found


def warnings(text: str) -> list[str]:
    """Return what the platform would only warn about."""
    try:
        metadata = read(text)
    except FrontMatterError:
        return []
    return [] if metadata else ["empty or missing yaml metadata in repo card"]


def _key_errors(metadata: Mapping[str, Any]) -> Iterator[str]:
    # Reported: huggingface_hub issue 1114.
    if any("." in key or "$" in key for key in metadata):
        yield 'You can\'t have a key with a "." or "$" character in your YAML metadata'


def _one_of(*allowed: str) -> Callable[[object], str | None]:
    def rule(value: object) -> str | None:
        # Reported for colorFrom and colorTo (huggingface/OpenEnv pull request 1016, 2026-07-28).
        return None if value in allowed else f"must be one of [{', '.join(allowed)}]"

    return rule


def _license(value: object) -> str | None:
    named = value if isinstance(value, list) else [value]
    # The words that huggingface_hub 1.28.0 expects in its own tests (2026-08-18).
    return next(filter(None, map(_one_of(*licenses()), named)), None)


def _list(value: object) -> str | None:
    return None if isinstance(value, list) else "must be an array"


def _short_description(value: object) -> str | None:
    if not isinstance(value, str):
        return "must be a string"
    if len(value) > LONGEST_SHORT_DESCRIPTION:
        # Reported, 2025-09 to 2026.
        return f"length must be less than or equal to {LONGEST_SHORT_DESCRIPTION} characters long"
    return None


def _app_port(value: object) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "must be a number"
    # Reported.
    return None if value >= LOWEST_PORT else f"must be greater than or equal to {LOWEST_PORT}"


def _emoji(value: object) -> str | None:
    is_emoji = isinstance(value, str) and not value.isascii() and not re.search("[A-Za-z]", value)
    return None if is_emoji else "must be an emoji"


def _base_path(value: object) -> str | None:
    return None if isinstance(value, str) and value.startswith("/") else "must start with /"


def _startup_duration_timeout(value: object) -> str | None:
    try:
        parse_duration(value)
    except ValueError as error:
        return str(error)
    return None


def _oauth_minutes(value: object) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool) or value > LONGEST_OAUTH_MINUTES:
        return f"must be a number of minutes up to {LONGEST_OAUTH_MINUTES}"
    return None


def _custom_headers(value: object) -> str | None:
    if not isinstance(value, dict):
        return "must be a mapping"
    strangers = [str(key) for key in value if key not in CUSTOM_HEADERS]
    if strangers:
        return f"allows only [{', '.join(CUSTOM_HEADERS)}], not {', '.join(strangers)}"
    if any(not isinstance(header, str) or header != header.lower() for header in value.values()):
        return "values must be lower case"
    return None


def _strings(value: object) -> str | None:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if is_list else "must be a list of strings"


_RULES: Mapping[str, Callable[[object], str | None]] = {"license": _license}
_MODEL_RULES: Mapping[str, Callable[[object], str | None]] = {"model-index": _list}
_SPACE_RULES: Mapping[str, Callable[[object], str | None]] = {
    "sdk": _one_of(*SDKS),
    "colorFrom": _one_of(*COLORS),
    "colorTo": _one_of(*COLORS),
    "emoji": _emoji,
    "header": _one_of("mini", "default"),
    "short_description": _short_description,
    "app_port": _app_port,
    "base_path": _base_path,
    "startup_duration_timeout": _startup_duration_timeout,
    "hf_oauth_expiration_minutes": _oauth_minutes,
    "custom_headers": _custom_headers,
    "preload_from_hub": _strings,
    "tags": _strings,
}
