"""Changing the YAML block of a README without touching the rest of it, byte for byte.

Values are given as YAML source, such as `"3.12"` with its quotes; `yaml_scalar` makes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .card import Card, CardKey, read_card
from .edits import insert_lines, newline_of, replace_lines

_HEADING = re.compile(r"^#[ \t]+(?P<title>\S.*)$", re.MULTILINE)
LONGEST_HEADING = 200
_CLOSING = re.compile(r"[ \t]#+$")
_KEY = re.compile(r"^(?P<key>\"[^\"]*\"|'[^']*'|[^:#]+?)(?P<colon>[ \t]*:)(?P<rest>.*)$", re.S)
_COMMENT = re.compile(r"[ \t]+#.*$")
_PLAIN = re.compile(r"^[A-Za-z_./][\w ./()+-]*$")
_NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none", "y", "n", "~"})


def yaml_scalar(value: str | int | float | bool) -> str:
    """A value as YAML source that reads back as the same value, quoted where it has to be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    plain = _PLAIN.match(value) and value.lower() not in _NOT_TEXT and value == value.strip()
    if plain and not value.startswith((".", "-")):
        return value
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    """A character as it stands inside YAML's double quotes."""
    if character in {'"', "\\"}:
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def set_card_key(text: str, name: str, value: str) -> str:
    """Give a key a new value, written as YAML; a key that is not there is added at the end.

    A comment on the key's line stays. A text without a block gets one.
    """
    card = read_card(text)
    key = card.keys.get(name)
    if key is None:
        return _added(text, card, name, value)
    first, last = key_lines(text, card, key)
    line = text.splitlines()[first - 1]
    found = _KEY.match(line)
    start = f"{found['key']}{found['colon']}" if found else f"{name}:"
    comment = _comment(line, key) if first == last else ""
    changes: dict[int, str | None] = dict.fromkeys(range(first + 1, last + 1))
    return replace_lines(text, {**changes, first: f"{start} {value}{comment}"})


def remove_card_key(text: str, name: str) -> str:
    """Take a key out, each time it stands there; a text without it stays as it is."""
    card = read_card(text)
    keys = [key for key in (*card.keys.values(), *card.duplicates) if key.name == name]
    return remove_keys(text, card, *keys)


def remove_keys(text: str, card: Card, *keys: CardKey) -> str:
    """Take these occurrences of keys out, such as the earlier one of a pair."""
    gone: dict[int, str | None] = {}
    for key in keys:
        first, last = key_lines(text, card, key)
        gone |= dict.fromkeys(range(first, last + 1))
    return replace_lines(text, gone)


def rename_card_key(text: str, old: str, new: str) -> str:
    """Give a key another name and leave its value; a text without it stays as it is."""
    key = read_card(text).keys.get(old)
    if key is None:
        return text
    line = text.splitlines()[key.line - 1]
    found = _KEY.match(line)
    return replace_lines(text, {key.line: new + line[found.end("key") :]}) if found else text


def quote_card_value(text: str, name: str) -> str:
    """Put a plain value into double quotes, as it was typed; others stay as they are."""
    key = read_card(text).keys.get(name)
    if key is None or key.quoted or not key.raw or key.line != key.end_line:
        return text
    return set_card_key(text, name, '"' + key.raw.replace("\\", "\\\\").replace('"', '\\"') + '"')


def add_card(text: str | None, values: Mapping[str, str]) -> str:
    """A README with a new block of these keys in front; for a text that has none."""
    newline = newline_of(text or "")
    body = (text or "").removeprefix("\ufeff")
    block = ["---", *(f"{name}: {value}" for name, value in values.items()), "---"]
    between = newline if body.strip() and not body.startswith(("\n", "\r")) else ""
    return newline.join(block) + newline + between + body


def first_heading(text: str | None) -> str | None:
    """The first `# Heading` of a README, without the marks that may close it."""
    found = _HEADING.search(text or "")
    title = found["title"][:LONGEST_HEADING].rstrip() if found else ""
    return _CLOSING.sub("", title).rstrip() or None


def key_lines(text: str, card: Card, key: CardKey) -> tuple[int, int]:
    """The first and last line of a key with all of its value, comments after it left out.

    YAML ends a nested value only where the next token begins, so the parser's own end is too far.
    """
    lines = text.splitlines()
    after = [other.line for other in (*card.keys.values(), *card.duplicates)]
    last = min([line for line in after if line > key.line] or [_end(card, lines) + 1]) - 1
    if card.problem is not None and card.problem.kind in {"invalid_yaml", "not_closed", "alias"}:
        last = min(last, _indented(lines, key.line))
    while last > key.line and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return key.line, last


def _end(card: Card, lines: list[str]) -> int:
    """The last line inside the block."""
    closed = card.problem is None or card.problem.kind != "not_closed"
    return card.last_line - 1 if closed else len(lines)


def _indented(lines: list[str], first: int) -> int:
    """The last of the lines after a key that can only belong to it."""
    last = first
    while last < len(lines) and lines[last][:1] in {" ", "\t", "-"} and lines[last] != "---":
        last += 1
    return last


def _added(text: str, card: Card, name: str, value: str) -> str:
    if card.problem is not None and card.problem.kind in {"missing", "not_a_mapping"}:
        return add_card(text, {name: value})
    return insert_lines(text, _end(card, text.splitlines()) + 1, [f"{name}: {value}"])


def _comment(line: str, key: CardKey) -> str:
    """The comment after a value, with the space before it; a `#` inside the value is none."""
    found = _KEY.match(line)
    rest = found["rest"] if found else ""
    at = rest.find(key.raw) if key.raw else -1
    after = rest[at + len(key.raw) :] if at >= 0 else rest
    comment = _COMMENT.search(after)
    return comment.group() if comment else ""
