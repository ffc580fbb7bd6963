"""Known errors that look like an unknown one: guesses, and never more than that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..knowledge.known_errors import KnownError, known_errors
from .matching import Match
from .model import Guess
from .proposing import filled

MOST_GUESSES = 3
LEAST_LIKENESS = 0.34
"""Share of the words of two lines that they have in common."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
_EVERYWHERE = frozenset(
    {"error", "the", "and", "for", "not", "with", "from", "has", "have", "was", "are", "line"}
)


def guesses(line: str, hints: Sequence[Match]) -> tuple[Guess, ...]:
    """The nearest known errors: wrappers that were recognised, then those whose lines share words
    with this one."""
    found = {match.error.id: filled(match, match.error.cause) for match in hints}
    words = _words(line)
    alike = sorted(
        ((likeness, error) for error in known_errors() if (likeness := _likeness(words, error))),
        key=lambda pair: -pair[0],
    )
    for _, error in alike:
        found.setdefault(error.id, error.cause)
    return tuple(
        Guess(error_id=identity, cause=cause)
        for identity, cause in list(found.items())[:MOST_GUESSES]
    )


def _likeness(words: frozenset[str], error: KnownError) -> float:
    """How much a line is like an error's examples, 0 when it is not enough to say so."""
    best = max((_overlap(words, example) for example in _examples(error.id)), default=0.0)
    return best if best >= LEAST_LIKENESS else 0.0


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if len(one & other) > 1 else 0.0


@lru_cache(maxsize=1024)
def _examples(identity: str) -> tuple[frozenset[str], ...]:
    error = next(error for error in known_errors() if error.id == identity)
    return tuple(_words(example) for example in error.examples)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text)) - _EVERYWHERE
