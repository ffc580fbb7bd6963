"""Files that must not leave the machine: by their name, or by what is written in them."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..secret_names import ENVIRONMENT_FILE, KEY_FILE, PEM_FILE, PRIVATE_KEY
from ..token_kinds import TOKEN_KINDS, find_tokens
from .model import Refusal

_BINARY_PROBE = 8 * 1024  # bytes; a NUL among them means that a file is no text
_PIECE = 4 * 1024 * 1024  # bytes read at a time
_OVERLAP = 8 * 1024  # bytes that two pieces share; longer than any token or key header
_MOST_PER_FILE = 5

_PUBLIC_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PUBLIC KEY|PARAMETERS)")

_ADVICE = "keep the value out of the repository and set it as a secret of the Space"
_PRIVATE_KEY = re.compile(PRIVATE_KEY.encode("ascii"))
_CREDENTIAL_LINES = (
    (
        re.compile(r"\.npmrc$", re.IGNORECASE),
        re.compile(rb"(?:_authToken|_auth|_password)\s*=\s*(?!\$\{)\S"),
        "holds npm credentials",
    ),
    (
        re.compile(r"\.pypirc$", re.IGNORECASE),
        re.compile(rb"^\s*password\s*[=:]\s*\S", re.MULTILINE),
        "holds a package index password",
    ),
    (
        re.compile(r"(?:.*credentials?|.*service.?account|client_secret).*\.json$", re.IGNORECASE),
        re.compile(rb'"(?:private_key|client_secret|refresh_token|secret_key)"\s*:\s*"[^"]'),
        "holds the credentials of an account",
    ),
    (
        re.compile(r"secrets\.toml$", re.IGNORECASE),
        re.compile(rb"^[ \t]*[\w.\"-]+[ \t]*=[ \t]*\S", re.MULTILINE),
        "holds Streamlit secrets",
    ),
)
_MARKERS = tuple(kind.marker.encode() for kind in TOKEN_KINDS)
_BYTE_ORDER_MARKS = (  # the longer ones first: each begins with one of the shorter ones
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def refusal_by_name(path: str, name: str) -> Refusal | None:
    """Refuse environment files and key files, whatever is in them."""
    if ENVIRONMENT_FILE.match(name):
        reason = f"environment files hold secrets: {_ADVICE}"
    elif KEY_FILE.match(name):
        reason = f"a file of this name holds a key or a password: {_ADVICE}"
    else:
        return None
    return Refusal(path=path, line=None, reason=reason)


def refusals_by_content(path: str, name: str, local: Path) -> list[Refusal]:
    """Refuse a file for the keys and tokens written in it; at most five reasons.

    Binary files are told by their beginning and not searched.
    Raises OSError when the file cannot be read.
    """
    found: dict[Refusal, None] = {}  # what lies where two pieces overlap is seen twice
    for piece in _text_pieces(local):
        if piece.lines_before == 0:
            found.update(dict.fromkeys(_by_name_and_content(path, name, piece.data)))
        for number, reason in _secrets_in(piece.data):
            line = piece.lines_before + number
            found[Refusal(path=path, line=line, reason=f"{reason}: {_ADVICE}")] = None
        if len(found) >= _MOST_PER_FILE:
            break
    return list(found)[:_MOST_PER_FILE]


@dataclass(frozen=True)
class _Piece:
    """A piece of a text, in UTF-8 or in whatever superset of ASCII the file is written in."""

    lines_before: int
    data: bytes


def _text_pieces(local: Path) -> Iterator[_Piece]:
    """Yield a text file in pieces that overlap, so that nothing is missed for lying across two."""
    lines_before = 0
    kept = b""
    for block in _text_blocks(local):
        data = kept + block
        yield _Piece(lines_before, data)
        kept = data[-_OVERLAP:]
        lines_before += data.count(b"\n", 0, len(data) - len(kept))


def _text_blocks(local: Path) -> Iterator[bytes]:
    """Yield a text file block by block, wide characters turned into UTF-8; nothing for a binary."""
    with local.open("rb") as file:
        probe = file.read(_BINARY_PROBE)
        file.seek(0)
        encoding = _wide_encoding(probe)
        if encoding is not None:
            text = io.TextIOWrapper(file, encoding, "replace", newline="")
            while characters := text.read(_PIECE):
                yield characters.encode("utf-8", "replace")
        elif b"\0" not in probe:
            while block := file.read(_PIECE):
                yield block


def _wide_encoding(probe: bytes) -> str | None:
    """UTF-16 or UTF-32, told by the mark at the beginning or by a NUL in most pairs of bytes."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if probe.startswith(mark):
            return encoding
    first, second = probe[::2].count(0), probe[1::2].count(0)
    most = len(probe) // 4
    if second > most and not first:
        return "utf-16-le"
    if first > most and not second:
        return "utf-16-be"
    return None


def _by_name_and_content(path: str, name: str, data: bytes) -> list[Refusal]:
    if PEM_FILE.match(name) and not _PUBLIC_PEM.search(data) and not _PRIVATE_KEY.search(data):
        reason = f"looks like a key file and holds no certificate: {_ADVICE}"
        return [Refusal(path=path, line=None, reason=reason)]
    return [
        Refusal(path=path, line=_line_of(data, match.start()), reason=f"{what}: {_ADVICE}")
        for names, pattern, what in _CREDENTIAL_LINES
        if names.match(name) and (match := pattern.search(data))
    ]


def _secrets_in(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield line number and reason for each secret in a piece of text."""
    if b"PRIVATE KEY-----" in data:
        for match in _PRIVATE_KEY.finditer(data):
            yield _line_of(data, match.start()), "holds a private key"
    if any(marker in data for marker in _MARKERS):
        for found in find_tokens(data.decode("utf-8", "replace")):
            yield found.line, f"holds what looks like a {found.kind.name}"


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
