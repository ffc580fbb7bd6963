"""From one line of a log to a signature that other lines of the same error match too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..knowledge.known_errors import KnownError, known_errors

LEAST_LITERAL = 12
"""Characters that a signature must give as they are: fewer say too little to be one error."""
# What differs from case to case, the longer first: addresses, quoted names, paths, versions, hex.
_VARIES = (
    ("url", r"https?://\S+", r"https?://\S+"),
    ("quoted", r"'[^'\n]{1,120}'", r"'[^']+'"),
    ("double", r'"[^"\n]{1,120}"', r'"[^"]+"'),
    ("path", r"(?:~|\.)?/[\w.@+-]+(?:/[\w.@+-]+)+/?", r"\S*/\S+"),
    ("hexadecimal", r"\b0x[0-9a-fA-F]+\b|\b[0-9a-f]{12,64}\b", r"[0-9a-fx]+"),
    ("version", r"\b\d+(?:\.\d+)+(?:[-+.]?[a-z]+\d*)*\b", r"\d[\w.+-]*"),
    ("number", r"\d+", r"\d+"),
)
_SPLIT = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern, _ in _VARIES))
_SIGNATURE = {name: signature for name, _, signature in _VARIES}
# What of a signature stands for something else.
_LITERAL = re.compile(r"\\.|\[[^\]]*\][+*?]?|\(\?[^)]*\)|[.+*?|()^$]")


def signature_of(line: str) -> str:
    """A regular expression for a line: names in quotes, numbers, paths and addresses may differ."""
    text = line.strip()
    parts, position = [], 0
    for found in _SPLIT.finditer(text):
        parts += [_escaped(text[position : found.start()]), _SIGNATURE[str(found.lastgroup)]]
        position = found.end()
    return "".join([*parts, _escaped(text[position:])])


def exactly(line: str) -> str:
    """A regular expression for this very line, for one that says too little without its names."""
    return _escaped(line.strip())


def objections(signature: str, line: str, healthy: Iterable[str]) -> list[str]:
    """Why a signature cannot be used for a line; nothing when it can.

    It has to be valid for both engines, to match the line, to say enough, and to leave alone the
    lines of healthy logs and of other known errors.
    """
    invalid = _invalid(signature)
    if invalid is not None:
        return [invalid]
    pattern = re.compile(signature, re.MULTILINE)
    said = [] if pattern.search(line) else ["it does not match the line of the log"]
    literal = len(_LITERAL.sub("", signature).replace(" ", ""))
    if literal < LEAST_LITERAL:
        said.append(f"it names only {literal} characters as they are; give one that says more")
    hit = next((one for one in healthy if pattern.search(one)), None)
    if hit is not None:
        said.append(f"it matches a line of a healthy log: {hit[:120]}")
    other = next((error for error in known_errors() if _shows(pattern, error)), None)
    if other is not None:
        said.append(f"it matches an example of {other.id}, which is known already")
    return said


def healthy_lines() -> list[str]:
    """The lines of healthy logs that the known errors are kept apart from."""
    return [line for error in known_errors() for line in error.healthy]


def _invalid(signature: str) -> str | None:
    try:
        re.compile(signature)
    except re.error as error:
        return f"it is no regular expression: {error}"
    try:
        import re2
    except ImportError:
        return None  # the other engine is only for speed
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(signature, options=options)
    except re2.error:
        return "RE2 does not understand it; leave out look-around and back references"
    return None


def _shows(pattern: re.Pattern[str], error: KnownError) -> bool:
    return not error.generic and any(pattern.search(example) for example in error.examples)


def _escaped(text: str) -> str:
    """Escaped for both engines, and blanks left readable: `re.escape` escapes those too."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
