"""The one list of what access tokens look like, for redaction and for the scan before an upload.

Shapes are the prefixes and alphabets that the services put on their tokens, noted 2026-11-22; the
lengths are lower bounds. Patterns have (nearly) no boundary on their left: a token glued to other
text is still a token. `marker` is a piece that every match contains, so that a text without it is
not searched at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class TokenKind:
    """How the tokens of one service look."""

    name: str
    """What to call it in a message, such as `Hugging Face token`."""
    marker: str
    pattern: re.Pattern[str]
    """Group `secret`, where there is one, is the part to hide; otherwise all of the match."""


@dataclass(frozen=True)
class FoundToken:
    """Where a text holds a token; the token itself is deliberately not kept."""

    kind: TokenKind
    line: int


def _kind(name: str, marker: str, pattern: str) -> TokenKind:
    return TokenKind(name, marker, re.compile(pattern, re.ASCII))


# In order: what is more specific comes first, since all of it may begin with `sk-`.
TOKEN_KINDS: tuple[TokenKind, ...] = (
    _kind(
        "Hugging Face token", "hf_", r"hf_(?:oauth_[\w.-]{20,}|jwt_[\w.-]{20,}|[A-Za-z0-9]{30,})"
    ),
    _kind("Hugging Face organization token", "api_org_", r"api_org_[A-Za-z0-9]{30,}"),
    _kind("Anthropic token", "sk-ant-", r"sk-ant-[\w-]{20,}"),
    _kind("OpenRouter token", "sk-or-", r"sk-or-v1-[0-9a-f]{40,}"),
    _kind("OpenAI token", "sk-", r"sk-(?:proj|svcacct|admin|None)-[\w-]{20,}"),
    # Shorter ones need a boundary: `risk-` or `task-` may stand before a long word.
    _kind("OpenAI token", "sk-", r"sk-[A-Za-z0-9]{30,}|(?<![A-Za-z])sk-[A-Za-z0-9]{20,}"),
    _kind("GitHub token", "gh", r"gh[pousr]_[A-Za-z0-9]{30,}"),
    _kind("GitHub token", "github_pat_", r"github_pat_\w{22,}"),
    _kind("GitLab token", "glpat-", r"glpat-[\w-]{20,}"),
    _kind("AWS access key", "AKIA", r"AKIA[0-9A-Z]{16}"),
    _kind("AWS access key", "ASIA", r"ASIA[0-9A-Z]{16}"),
    _kind(
        "AWS secret key",
        "ecret",
        r"(?i:aws_?secret(?:_?access)?_?key)[\"']?\s{0,4}[=:]\s{0,4}[\"']?"
        r"(?P<secret>[A-Za-z0-9/+=]{40,})",
    ),
    _kind("Google key", "AIza", r"AIza[\w-]{35,}"),
    _kind("Google access token", "ya29.", r"ya29\.[\w-]{20,}"),
    _kind("Slack token", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    _kind("Slack token", "xapp-", r"xapp-[A-Za-z0-9-]{10,}"),
    _kind("Stripe key", "_live_", r"[rs]k_live_[A-Za-z0-9]{20,}"),
    _kind("Replicate token", "r8_", r"r8_[A-Za-z0-9]{37,}"),
    _kind("Groq token", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
)

_PLACEHOLDER_WORDS = re.compile(
    r"example|your|placeholder|changeme|change_me|dummy|redacted|insert|replace|xxxx|\*\*\*\*|"
    r"token_?here|key_?here",
    re.IGNORECASE,
)
_LEAST_BITS_PER_CHARACTER = 2.5  # random letters and digits have more than 4 at these lengths


def find_tokens(text: str) -> Iterator[FoundToken]:
    """Yield each token of a text that is not an obvious placeholder, kind by kind."""
    for kind in TOKEN_KINDS:
        if kind.marker not in text:
            continue
        for match in kind.pattern.finditer(text):
            if _starts_a_word(text, match) and not is_placeholder(match.group()):
                yield FoundToken(kind, text.count("\n", 0, match.start()) + 1)


def is_placeholder(token: str) -> bool:
    """Whether a token-shaped text is there for show: a filler word, or hardly any variety."""
    body = re.split(r"[_-]", token, maxsplit=1)[-1]
    return bool(_PLACEHOLDER_WORDS.search(token)) or _bits_per_character(body) < (
        _LEAST_BITS_PER_CHARACTER
    )


def _starts_a_word(text: str, match: re.Match[str]) -> bool:
    """Inside a longer run of letters, such as base64 data, a match is chance."""
    before = text[match.start() - 1 : match.start()]
    return not (before.isascii() and before.isalnum())


def _bits_per_character(text: str) -> float:
    """Shannon entropy of the characters of a text, in bits."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
