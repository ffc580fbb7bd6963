"""Facts that are too old to be believed: the data of `tools/knowledge`, and dates in prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tools.knowledge.freshness import FactFile

from .documents import Trouble
from .markdown import Document

PROSE_DAYS = 365
_DATE = r"\b20\d\d-\d\d-\d\d\b"
# A date is that of a source in brackets, or after a word that says that somebody looked.
_SOURCE = re.compile(
    rf"\((?P<inside>[^()]*{_DATE}[^()]*)\)"
    rf"|(?P<said>(?:looked up|checked|measured|as of|seen|tried)\b[^.;()]{{0,40}}?{_DATE})",
    re.IGNORECASE,
)
HISTORICAL = re.compile(
    r"\b(?:since|until|before|historical|removed|released|introduced|merged|report(?:s|ed)?)\b",
    re.I,
)
"""Words of a sentence whose date is the fact itself and does not age."""
_SENTENCE_END = re.compile(r"(?<=[.;])\s")


def expired(facts: Iterable[FactFile], today: date) -> Iterator[str]:
    """What has to be looked up again, and how."""
    for fact in facts:
        if fact.is_expired(today):
            yield (
                f"tools/knowledge/{fact.name}: looked up {fact.as_of}, valid {fact.valid_days} "
                f"days, until {fact.expires}. Look at: {fact.source}. Correct the records, then "
                "set `as_of` to the day you looked; `make references` writes the tables anew."
            )


def check_dates(document: Document, today: date) -> Iterator[Trouble]:
    """A source that nobody has looked at for a year."""
    oldest = today - timedelta(days=PROSE_DAYS)
    for part in document.prose:
        for sentence in _SENTENCE_END.split(part.text):
            if HISTORICAL.search(sentence):
                continue
            for found in _SOURCE.finditer(sentence):
                said = found["inside"] or found["said"]
                if any(_day(text) < oldest for text in re.findall(_DATE, said)):
                    reason = f"`{' '.join(said.split())}` was looked at over a year ago"
                    yield Trouble(document.path, part.line, reason)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
