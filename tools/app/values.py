"""Whether a value an endpoint returned is a plausible result or only the shape of one."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .content import Content, examine
from .files import NotFetched, files_in
from .interface import Result
from .payload import shortened
from .report import Evidence, ProducedFile
from .schema import items, mapping, text

MOST_CHARACTERS = 500
MOST_FILES = 8
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "image": ("image/",),
    "audio": ("audio/",),
    "video": ("video/",),
    "gallery": ("image/", "video/"),
}
MEDIA = {*EXPECTED, "model3d", "file", "imageeditor", "imageslider", "downloadbutton", "plot"}

Weight = Literal["plausible", "empty", "suspicious", "neutral"]
Fetch = Callable[[dict[str, Any]], "Path | NotFetched"]


@dataclass(frozen=True)
class Judgement:
    """One output value, judged. `empty` is suspicious only when nothing else came with it."""

    weight: Weight
    evidence: Evidence
    rendering: str
    files: tuple[ProducedFile, ...] = ()


def judge(result: Result, value: Any, fetch: Fetch) -> Judgement:
    """Judge one output; its files are fetched and looked into."""
    label = f"{result.component or 'value'} {result.label!r}"
    found = list(files_in(value))
    if found:
        return _judge_files(label, result, value, found, fetch)
    weight, remark = _weigh(result.component.lower(), value)
    ok = {"plausible": True, "neutral": None, "empty": False, "suspicious": False}[weight]
    evidence = Evidence(what=f"{label}: {remark}", ok=ok)
    return Judgement(weight, evidence, render(value))


def render(value: Any) -> str:
    """A short text for a value of any kind, at most 500 characters."""
    plain = shortened(value, MOST_CHARACTERS)
    shown = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return shown if len(shown) <= MOST_CHARACTERS else f"{shown[: MOST_CHARACTERS - 3]}..."


def _judge_files(
    label: str, result: Result, value: Any, found: list[dict[str, Any]], fetch: Fetch
) -> Judgement:
    problems: list[str] = []
    produced: list[ProducedFile] = []
    for file in found[:MOST_FILES]:
        saved = fetch(file)
        if isinstance(saved, NotFetched):
            problems.append(f"{saved.name} was not fetched: {saved.reason}")
            continue
        content = examine(saved.read_bytes())
        produced.append(_produced(saved, content))
        problems.extend(filter(None, [content.problem, _mismatch(result, content)]))
    what = ", ".join(map(_described, produced)) or "no file"
    more = len(found) - MOST_FILES
    what += f" and {more} more that were not looked at" if more > 0 else ""
    evidence = Evidence(
        what=f"{label}: {what}" + (f"; {problems[0]}" if problems else ""),
        ok=not problems,
        detail="\n".join(problems),
    )
    weight: Weight = "suspicious" if problems else "plausible"
    return Judgement(weight, evidence, render(value), tuple(produced))


def _produced(path: Path, content: Content) -> ProducedFile:
    return ProducedFile(
        path=str(path),
        kind=content.kind,
        size_bytes=path.stat().st_size,
        width=content.width,
        height=content.height,
        duration_seconds=content.duration_seconds,
    )


def _described(file: ProducedFile) -> str:
    size = f" {file.width}x{file.height}" if file.width else ""
    length = f" {file.duration_seconds} s" if file.duration_seconds is not None else ""
    return f"{file.kind}{size}{length}, {file.size_bytes} bytes"


def _mismatch(result: Result, content: Content) -> str:
    expected = EXPECTED.get(result.component.lower())
    if not expected or content.kind.startswith(expected) or content.kind == "empty":
        return ""
    return f"the content is {content.kind}, which is not what {result.component} shows"


def _weigh(component: str, value: Any) -> tuple[Weight, str]:
    if mapping(value).get("__type__") == "update":
        if "value" not in mapping(value):
            return "neutral", "only a change of the page, no value"
        value = mapping(value)["value"]
    if value is None:
        weight: Weight = "suspicious" if component in MEDIA else "empty"
        return weight, "nothing came back (None)"
    special = _SPECIAL.get(component)
    if special:
        value = special(value)
    if isinstance(value, str):
        return _weigh_text(value)
    return _weigh_numbers(value)


def _weigh_text(value: str) -> tuple[Weight, str]:
    if not value.strip():
        return "empty", "an empty text"
    if re.match(r"\s*(\W\s*)?(error|exception|traceback|failed)\b", value, re.IGNORECASE):
        return "suspicious", "the text looks like an error message"
    return "plausible", f"text of {len(value)} characters"


def _weigh_numbers(value: Any) -> tuple[Weight, str]:
    """Judge numbers and structures by what is at their ends."""
    ends = list(_ends(value))
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


def _last_reply(value: Any) -> Any:
    """The text or content of the last message of a chat, which the assistant should have written.

    Content is a list of blocks since Gradio 6.0; a history of pairs comes from older versions.
    """
    last = items(value)[-1] if items(value) else None
    if isinstance(last, list):
        return last[-1] if last else None
    content = mapping(last).get("content")
    if mapping(last).get("role") == "user":
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
    return mapping(value).get("confidences") or mapping(value).get("label", value)


_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "chatbot": _last_reply,
    "html": _visible_html,
    "dataframe": _rows,
    "label": _scores,
}
