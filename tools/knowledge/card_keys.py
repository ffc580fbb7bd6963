"""What the block of a Space's README may hold: keys, types, limits, and who reads them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from .files import Fact, load, records

Sdk = Literal["gradio", "docker", "static"]
ValueType = Literal["string", "boolean", "integer", "version", "list", "string or list", "map"]

# Letters, but drawn as pictures: the information sign and the circled M.
_LETTERS_THAT_ARE_EMOJI = frozenset("\u2139\u24c2")


class CardKeyFact(Fact):
    """One key. An empty `sdks` says that nobody reads it any more.

    `allowed` are the values, or what the items of a list and the names of a map may be; `pattern`
    must match all of the value; `longest` counts decoded characters.
    """

    name: str
    type: ValueType
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    rule: Literal["", "emoji"] = ""
    longest: int | None = None
    lowest: int | None = None
    highest: int | None = None
    default: str = ""
    sdks: tuple[Sdk, ...] = ("gradio", "docker", "static")
    enforced: Literal["reported", "documented"] = "reported"
    as_of: date
    source: str

    def matches(self, text: str) -> bool:
        """Whether a text has the documented form; without a `pattern` any has."""
        return not self.pattern or re.fullmatch(self.pattern, text) is not None


class IgnoredKey(Fact):
    """A key that the Hub ignores and people write, and what to do `instead`."""

    name: str
    instead: str
    as_of: date
    source: str


@lru_cache(maxsize=1)
def card_keys() -> dict[str, CardKeyFact]:
    """Return every documented key by name, in the documentation's order."""
    found = (CardKeyFact(**record) for record in records("card_keys.yaml", "keys"))
    return {key.name: key for key in found}


def card_key(name: str) -> CardKeyFact:
    """Return one documented key. Raises KeyError for another name."""
    return card_keys()[name]


@lru_cache(maxsize=1)
def ignored_card_keys() -> dict[str, IgnoredKey]:
    """Return the keys that do nothing, by name."""
    found = (IgnoredKey(**record) for record in records("card_keys.yaml", "ignored"))
    return {key.name: key for key in found}


@lru_cache(maxsize=1)
def withdrawn_sdks() -> dict[str, str]:
    """Return SDKs that new Spaces cannot have, each with the one that replaces it."""
    return dict(load("card_keys.yaml")["withdrawn_sdks"])


@lru_cache(maxsize=1)
def zero_gpu_pythons() -> tuple[str, ...]:
    """Return the exact Python versions that ZeroGPU runs."""
    return tuple(load("card_keys.yaml")["zero_gpu_pythons"])


@lru_cache(maxsize=1)
def python_minors() -> tuple[str, ...]:
    """Return the Python minors that `python_version` may name, such as `3.12`."""
    return tuple(load("card_keys.yaml")["pythons"])


def is_emoji(text: str) -> bool:
    """Whether a text is made of emoji: neither words nor plain ASCII.

    Keycaps begin with an ASCII digit, so one character outside ASCII is what is asked for.
    """
    return not text.isascii() and not any(
        letter.isalpha() and letter not in _LETTERS_THAT_ARE_EMOJI for letter in text
    )
