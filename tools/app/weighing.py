"""Whether a value without files, such as a text, a number or a table, is a plausible result."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from .interface import Result
from .made_up import TEXT_COMPONENTS
from .schema import items, mapping, text
from .wording import complaint

MEDIA_PAIRS: Mapping[str, tuple[str, ...]] = {
    "image": ("image/",),
    "audio": ("audio/",),
    "video": ("video/",),
    "gallery": ("image/", "video/"),
}
"""Components with the media types that they show."""
MEDIA = {*MEDIA_PAIRS, "model3d", "file", "imageeditor", "imageslider", "downloadbutton", "plot"}

NUMBERS = {"number", "slider"}
"""Components that show a number; they let a text pass unseen (gradio 6.31.0, 2026-11-23)."""

MOST_ENDS_OF_A_MESSAGE = 5
"""A structure with more values than this is data, in which any word may stand."""

Weight = Literal["plausible", "empty", "suspicious", "neutral"]


def weigh(result: Result, value: Any, sent: Collection[str] = ()) -> tuple[Weight, str]:
    """The weight of one returned value and a remark on it. `sent` are the payload's texts."""
    component = result.component.lower()
    if mapping(value).get("__type__") == "update":
        if "value" not in mapping(value):
            return "neutral", "only a change of the page, no value"
        value = mapping(value)["value"]
    if value is None:
        weight: Weight = "suspicious" if component in MEDIA else "empty"
        return weight, "nothing came back (None)"
    if result.is_continued and _awaits_reply(value):
        return "neutral", "the history ends with the user's own message, for the next function"
    special = _SPECIAL.get(component)
    if special:
        value = special(value)
    if isinstance(value, str):
        return _weigh_text(result, value, sent)
    return _weigh_numbers(value, sent)


def _weigh_text(result: Result, value: str, sent: Collection[str]) -> tuple[Weight, str]:
    if not value.strip() and result.is_input and result.component.lower() in TEXT_COMPONENTS:
        return "neutral", "the input was cleared"
    if not value.strip():
        return "empty", "an empty text"
    # A Chatbot with these tags folds what a model thinks away on the page.
    folded = [tag for pair in items(result.properties.get("reasoning_tags")) for tag in items(pair)]
    wrong = complaint(value, [*sent, *filter(None, map(text, folded))])
    if not wrong and result.component.lower() in NUMBERS and not _is_number(value):
        wrong = f"the text {value[:40]!r} is no number"
    return ("suspicious", wrong) if wrong else ("plausible", f"text of {len(value)} characters")


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _weigh_numbers(value: Any, sent: Collection[str]) -> tuple[Weight, str]:
    """Judge numbers and structures by what is at their ends."""
    ends = list(_ends(value))
    wrong = next(filter(None, (complaint(end, sent) for end in ends if isinstance(end, str))), "")
    if wrong and len(ends) <= MOST_ENDS_OF_A_MESSAGE:
        return "suspicious", wrong
    if any(isinstance(end, float) and not math.isfinite(end) for end in ends):
        return "suspicious", "a number that is not finite (NaN or infinity)"
    if not any(end is not None and end != "" for end in ends):
        return "empty", "an empty structure, or one with null only, which is also how NaN arrives"
    kind = "structure" if isinstance(value, (dict, list, tuple)) else type(value).__name__
    return "plausible", f"{kind} with {len(ends)} values" if kind == "structure" else f"{value}"


def _ends(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _ends(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _ends(inner)
    else:
        yield value


def _awaits_reply(value: Any) -> bool:
    """Whether a history ends with the user's message, which another function answers."""
    return bool(items(value)) and mapping(items(value)[-1]).get("role") == "user"


def _last_reply(value: Any) -> Any:
    """The text or content of the last message of a chat, which the assistant should have written.

    Content is a list of blocks since Gradio 6.0; a history of pairs comes from older versions.
    """
    last = items(value)[-1] if items(value) else None
    if isinstance(last, list):
        return last[-1] if last else None
    content = mapping(last).get("content")
    if _awaits_reply(value):
        return ""
    texts = [text(mapping(block).get("text")) for block in items(content)]
    return " ".join(filter(None, texts)) if texts else content


def _visible_html(value: Any) -> Any:
    """The text of an HTML fragment, or the whole of it when it has a picture or a script."""
    if not isinstance(value, str) or re.search(
        r"<(img|svg|video|audio|canvas|iframe|script|object)\b", value, re.IGNORECASE
    ):
        return value
    return re.sub(r"<[^>]*>", " ", value)


def _rows(value: Any) -> Any:
    return mapping(value).get("data", value)


def _scores(value: Any) -> Any:
    """The scores of a Label, or its text where it has none. NaN arrives as null."""
    scores = [mapping(each).get("confidence") for each in items(mapping(value).get("confidences"))]
    return scores or mapping(value).get("label", value)


_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "chatbot": _last_reply,
    "html": _visible_html,
    "dataframe": _rows,
    "label": _scores,
}
