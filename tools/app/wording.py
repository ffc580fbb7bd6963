"""Signs in a text that a model or a handler failed although it returned: an error as the answer,
the same words over and over, a model's own markers, a number that is none.

Every sign has to be plain, because a healthy app that is called broken costs more trust than a sign
that is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SHORTEST_LOOP = 160
"""Characters below which a repetition may be a chorus, a drawing or the app's very purpose."""
LEAST_REPEATS = 8
LOOPED_SHARE = 0.6

_ERROR = re.compile(
    r"[\W_]{0,8}(?:an? )?(?:internal |unexpected |server )?"
    r"(?:error|exception|failure)[*_`]{0,3}\s*(?:[:!\n]|$|code\b|occurred|while\b|in\b|during\b"
    r"|loading\b|generating\b|processing\b|has occurred)"
    r"|[\W_]{0,8}(?:generation |processing |inference |request )?"
    r"failed(?: to\b|[:!.](?!\s*\d)|\s*$)"
    r"|[\W_]{0,8}(?:oops|sorry)?[\W_]{0,4}"
    r"(?:something went wrong|an (?:unexpected )?error occurred)",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\W{0,8}[\w.]{0,80}[a-z](?:Error|Exception)[`*]{0,3}\s*[:(]")
_BEGINNING = 300
_TRACEBACK = "Traceback (most recent call last)"
_OBJECT = re.compile(r"<[^\n]{1,300} at 0x[0-9A-Fa-f]{6,}>+")
_NO_NUMBER = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_MARKER = re.compile(
    r"</?think(?:ing)?>|<\|(?:im_start|im_end|endoftext|end_of_text|eot_id|begin_of_text"
    r"|start_header_id|end|assistant|user|system|channel)\|>|<(?:start|end)_of_turn>|\[/?INST\]"
)
_LOOP = re.compile(r"(?P<unit>.{2,80}?)(?:(?P=unit)){7,}", re.DOTALL)


def complaint(text: str, sent: Iterable[str] = ()) -> str:
    """What is wrong with a text an app returned, in a few words; empty when nothing is.

    `sent` are the texts of the payload: an app that repeats or quotes its input is no failure.
    """
    given = tuple(sent)
    unquoted = (said for said, sign in _signs(text) if not any(sign in each for each in given))
    return next(unquoted, "")


def _signs(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the text, each with the words that show it."""
    start, words = text[:_BEGINNING], text.strip()
    if _TRACEBACK in text:
        yield "the text holds a Python traceback", _TRACEBACK
    if _ERROR.match(start) or _EXCEPTION.match(start):
        yield "the text looks like an error message", words
    if _OBJECT.fullmatch(words):
        yield "the text is the printed form of a Python object", words
    if _NO_NUMBER.fullmatch(words):
        yield "a number that is not finite (NaN or infinity)", words
    if marker := _MARKER.search(text):
        yield f"the model's own marker {marker[0]} is left in the text", marker[0]
    if unit := loop(text).strip():
        yield f"the text says the same over and over ({unit[:40]!r})", unit


def loop(text: str) -> str:
    """The words that most of a long text consists of, said at least eight times in a row."""
    if len(text) < SHORTEST_LOOP:
        return ""
    found = _LOOP.search(text[-4000:])
    if not found or not re.search(r"[^\W\d_]{2}", found["unit"]):
        return ""
    covered = len(found[0]) / min(len(text), 4000)
    repeats = len(found[0]) / len(found["unit"])
    return found["unit"] if covered >= LOOPED_SHARE and repeats >= LEAST_REPEATS else ""
