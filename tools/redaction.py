"""Taking secrets out of text before anybody sees it: logs, errors, traces, results."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from .token_kinds import TOKEN_KINDS, TokenKind

JSON: TypeAlias = "Mapping[str, JSON] | Sequence[JSON] | str | int | float | bool | None"

# Shapes that are secret by their place rather than by their look. The character classes leave out
# brackets and blanks, so that text which is already redacted does not match again.
_PLACES: tuple[TokenKind, ...] = (
    TokenKind(
        "credentials",
        "://",
        re.compile(r"://(?P<secret>[^\s/@:?#\"'<>\[\]]*:[^\s/@\"'<>\[\]]+)@"),
    ),
    TokenKind(
        "bearer token",
        "earer ",
        re.compile(r"\b[Bb]earer (?P<secret>[\w.~+/-]{16,}=*)", re.ASCII),
    ),
    TokenKind(
        "private key",
        "PRIVATE KEY-----",
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\[nr]|\s)*(?:[\w-]+: [^\n]*\n\s*)*"
            r"(?P<secret>[A-Za-z0-9+/=]{16,}(?:(?:\\[nr]|\s)+[A-Za-z0-9+/=]+)*)"
        ),
    ),
    TokenKind(
        "web token",
        "eyJ",
        re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}", re.ASCII),
    ),
    TokenKind(
        "link secret",
        "=",
        re.compile(
            r"[?&](?:access_token|token|api_?key|write_token|__sign|X-Amz-Signature|"
            r"X-Amz-Credential|X-Amz-Security-Token)=(?P<secret>[^\s&#\"'<>\[\]]{6,})"
        ),
    ),
)
_KINDS = TOKEN_KINDS + _PLACES
_LABEL = re.compile(r"(\[redacted [a-z ]+\])", re.IGNORECASE)
_SHORTEST_SECRET = 4  # shorter values would blot out ordinary words


def redact(text: str, also: Sequence[str] = ()) -> str:
    """Return the text with each secret replaced by words such as `[redacted Slack token]`.

    Known are the tokens of `TOKEN_KINDS`, credentials inside URLs, bearer headers, private keys
    and secret query parameters. `also` are exact values to hide, such as the token in use; values
    shorter than four characters are passed over. Redacting twice changes nothing more.
    """
    text = _without_values(text, also)
    for kind in _KINDS:
        if kind.marker in text:
            text = kind.pattern.sub(_label_for(kind), text)
    return text


def redact_value(value: JSON, also: Sequence[str] = ()) -> JSON:
    """Return a JSON value with each string in it redacted, the names of members included.

    The result is made of new lists and dictionaries; `value` stays as it is. `also`: see `redact`.
    """
    if isinstance(value, str):
        return redact(value, also)
    if isinstance(value, Sequence):
        return [redact_value(item, also) for item in value]
    if isinstance(value, Mapping):
        return {redact(name, also): redact_value(item, also) for name, item in value.items()}
    return value


def _label_for(kind: TokenKind) -> Callable[[re.Match[str]], str]:
    label = f"[redacted {kind.name}]"

    def replaced(match: re.Match[str]) -> str:
        if "secret" not in match.re.groupindex:
            return label
        start, end = (offset - match.start() for offset in match.span("secret"))
        whole = match.group()
        return f"{whole[:start]}{label}{whole[end:]}"

    return replaced


def _without_values(text: str, values: Sequence[str]) -> str:
    present = {value for value in values if len(value) >= _SHORTEST_SECRET and value in text}
    if not present:
        return text
    longest_first = sorted(present, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    parts = _LABEL.split(text)  # every second part is a label, which stays as it is
    parts[::2] = [pattern.sub("[redacted secret]", part) for part in parts[::2]]
    return "".join(parts)
