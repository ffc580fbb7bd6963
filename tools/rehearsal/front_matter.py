"""The YAML block at the top of a README: reading it, and the platform's rules for it.

Allowed values and limits are `knowledge/card_keys.yaml`'s. Texts marked "reported" are the real
server's, as people quoted them; the others say the documented rule in our words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

import yaml

from ..knowledge import licenses
from ..knowledge.card_keys import CardKeyFact, card_key, is_emoji
from .machine.card import parse_duration

COLORS = card_key("colorFrom").allowed

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
    longest = card_key("short_description").longest or 0
    if not isinstance(value, str):
        return "must be a string"
    # Reported, 2025-09 to 2026.
    too_long = f"length must be less than or equal to {longest} characters long"
    return too_long if len(value) > longest else None


def _app_port(value: object) -> str | None:
    lowest, highest = _range(card_key("app_port"))
    if not _is_number(value):
        return "must be a number"
    if value < lowest:
        # Reported.
        return f"must be greater than or equal to {lowest}"
    return None if value <= highest else f"must be less than or equal to {highest}"


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _range(key: CardKeyFact) -> tuple[int, int]:
    return key.lowest or 0, key.highest or 0


def _emoji(value: object) -> str | None:
    return None if isinstance(value, str) and is_emoji(value) else "must be an emoji"


def _base_path(value: object) -> str | None:
    fits = isinstance(value, str) and card_key("base_path").matches(value)
    return None if fits else "must start with /"


def _startup_duration_timeout(value: object) -> str | None:
    try:
        parse_duration(value)
    except ValueError as error:
        return str(error)
    return None


def _oauth_minutes(value: object) -> str | None:
    _, highest = _range(card_key("hf_oauth_expiration_minutes"))
    fits = _is_number(value) and value <= highest
    return None if fits else f"must be a number of minutes up to {highest}"


def _custom_headers(value: object) -> str | None:
    allowed = card_key("custom_headers").allowed
    if not isinstance(value, dict):
        return "must be a mapping"
    strangers = [str(key) for key in value if key not in allowed]
    if strangers:
        return f"allows only [{', '.join(allowed)}], not {', '.join(strangers)}"
    if any(not isinstance(header, str) or header != header.lower() for header in value.values()):
        return "values must be lower case"
    return None


def _strings(value: object) -> str | None:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if is_list else "must be a list of strings"


_RULES: Mapping[str, Callable[[object], str | None]] = {"license": _license}
_MODEL_RULES: Mapping[str, Callable[[object], str | None]] = {"model-index": _list}
_SPACE_RULES: Mapping[str, Callable[[object], str | None]] = {
    "sdk": _one_of(*card_key("sdk").allowed),
    "colorFrom": _one_of(*COLORS),
    "colorTo": _one_of(*COLORS),
    "emoji": _emoji,
    "header": _one_of(*card_key("header").allowed),
    "short_description": _short_description,
    "app_port": _app_port,
    "base_path": _base_path,
    "startup_duration_timeout": _startup_duration_timeout,
    "hf_oauth_expiration_minutes": _oauth_minutes,
    "custom_headers": _custom_headers,
    "preload_from_hub": _strings,
    "tags": _strings,
}
