"""Finding Spaces by words: which of them a query means, and how well each fits.

A small stand-in for the platform's semantic search, whose model is not public: words are reduced to
stems, rare words count more than common ones, and a word in the title more than one in the code.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TITLE, NAME, DESCRIPTION, TAGS, README, CODE = 6.0, 5.0, 4.0, 3.0, 1.5, 1.0
"""How much a word counts by where it is."""

PREFIX_SHARE = 0.6
SHORTEST_PREFIX = 4
LEAST_RELEVANCE = 0.05
LONGEST_TEXT = 20_000
"""Characters of a README or a program that are looked at."""

MOST_REMEMBERED = 5000

_STOP_WORDS = """a an and app are as at be by can demo do for from has have how i in is it make me
my need of on or space spaces that the this to use using want way which with you your"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that nearly every Space and every question has."""

_WORD = re.compile(r"[a-z]+|\d+", re.ASCII)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDINGS = sorted(
    {*("ization", "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate", "izations")}
    | {*("ings", "ing", "ers", "er", "ions", "ion", "ies", "ed", "es", "ly", "e", "y", "s")},
    key=len,
    reverse=True,
)
_SHORTEST_STEM = 3
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
"""As in `plotting` and `blurred`."""


def stem(word: str) -> str:
    """Return what a word has in common with its inflections: `generating` and `generator` agree."""
    # Twice: `filtering` loses one ending, `filter` the other.
    return _without_ending(_without_ending(word))


def _without_ending(word: str) -> str:
    if word.endswith("ss"):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return _DOUBLED.sub(r"\1", word[: -len(ending)])
    return word


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in their order, stop words left out."""
    words = _WORD.findall(_CAMEL.sub(" ", text).lower())
    return [stem(word) for word in words if word not in STOP_WORDS]


@dataclass(frozen=True)
class Document:
    """A Space as the search sees it: the weight of each stem it contains."""

    weights: Mapping[str, float]
    described: frozenset[str]
    """The stems outside of its code."""

    def weight(self, wanted: str) -> float:
        """Return how much a stem counts here; one that only begins a longer word counts less."""
        exact = self.weights.get(wanted)
        if exact is not None or len(wanted) < SHORTEST_PREFIX:
            return exact or 0.0
        longer = (weight for word, weight in self.weights.items() if word.startswith(wanted))
        return PREFIX_SHARE * max(longer, default=0.0)


def document(
    information: Mapping[str, Any], description: str | None, readme: str, code: str
) -> Document:
    """Return the document of a Space from what the Hub tells of it and from two of its files."""
    card = information.get("cardData") or {}
    described = [
        (TITLE, str(card.get("title") or "")),
        (NAME, str(information["id"]).replace("/", " ")),
        (DESCRIPTION, f"{card.get('short_description') or ''} {description or ''}"),
        (TAGS, " ".join([*information.get("tags", []), *information.get("models", [])])),
        (README, _without_block(readme)[:LONGEST_TEXT]),
    ]
    weights: dict[str, float] = {}
    for weight, text in [*described, (CODE, code[:LONGEST_TEXT])]:
        for word, count in Counter(stems(text)).items():
            # A word that comes again and again says more, but not much more.
            value = weight * (1 + 0.1 * min(count - 1, 5))
            weights[word] = max(weights.get(word, 0.0), value)
    outside = frozenset(word for _, text in described for word in stems(text))
    return Document(weights, outside)


def _without_block(readme: str) -> str:
    return re.sub(r"\A\s*---\n.*?\n---\n", "", readme, count=1, flags=re.DOTALL)


def relevance(query: str, documents: Sequence[Document]) -> list[float]:
    """Return how well each document fits `query`, from 0 (not at all) to 1."""
    wanted = list(dict.fromkeys(stems(query) or _WORD.findall(query.lower())))
    if not wanted:
        return [0.0] * len(documents)
    found = [[one.weight(word) for word in wanted] for one in documents]
    rarity = [_rarity(column, len(documents)) for column in zip(*found, strict=True)]
    most = sum(TITLE * 1.5 * rare for rare in rarity) if rarity else 1.0
    return [_score(row, rarity, most) for row in found]


def _rarity(column: Iterable[float], documents: int) -> float:
    holding = sum(weight > 0 for weight in column)
    return math.log(1 + (documents + 1) / (holding + 0.5))


def _score(row: Sequence[float], rarity: Sequence[float], most: float) -> float:
    score = sum(weight * rare for weight, rare in zip(row, rarity, strict=True)) / most
    share = sum(weight > 0 for weight in row) / len(row)
    score *= 0.5 + 0.5 * share
    return round(min(score, 1.0), 4) if score >= LEAST_RELEVANCE else 0.0


def mentions(query: str, name: str, found: Document) -> bool:
    """Return whether a listing's `search` finds a Space: in its full name, or every word of it."""
    if query.lower() in name.lower():
        return True
    wanted = stems(query)
    return bool(wanted) and all(
        any(word.startswith(one) for word in found.described) for one in wanted
    )


class SearchIndex:
    """Documents by repository and revision; each is made once. Safe in several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Document] = {}
        self._lock = threading.Lock()

    def of(self, repository: str, revision: str, make: Callable[[], Document]) -> Document:
        """Return the document of a repository (its id) at a revision."""
        key = (repository, revision)
        known = self._known.get(key)
        if known is None:
            known = make()
            with self._lock:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = known
        return known
