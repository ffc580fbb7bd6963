"""Whether a value an endpoint returned is a plausible result or only the shape of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .content import ONE_COLOR, Content, examine
from .files import NotFetched, files_in
from .interface import Result
from .payload import shortened
from .report import Evidence, ProducedFile
from .weighing import MEDIA_PAIRS, Weight, weigh

MOST_CHARACTERS = 500
MOST_FILES = 8
Fetch = Callable[[dict[str, Any]], "Path | NotFetched"]


@dataclass(frozen=True)
class Judgement:
    """One output value, judged. `empty` is suspicious only when nothing else came with it."""

    weight: Weight
    evidence: Evidence
    rendering: str
    files: tuple[ProducedFile, ...] = ()


def judge(
    result: Result, value: Any, fetch: Fetch, sent: Collection[str] = (), earlier: Any = None
) -> Judgement:
    """Judge one output; its files are fetched and looked into.

    `sent` are the payload's texts, `earlier` is what a stream showed just before.
    """
    label = f"{result.component or 'value'} {result.label!r}"
    found = list(files_in(value))
    if found:
        return _judge_files(label, result, value, fetch, earlier)
    weight, remark = weigh(result, value, sent)
    ok = {"plausible": True, "neutral": None, "empty": False, "suspicious": False}[weight]
    evidence = Evidence(what=f"{label}: {remark}", ok=ok)
    return Judgement(weight, evidence, render(value))


def render(value: Any) -> str:
    """A short text for a value of any kind, at most 500 characters."""
    plain = shortened(value, MOST_CHARACTERS)
    shown = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return shown if len(shown) <= MOST_CHARACTERS else f"{shown[: MOST_CHARACTERS - 3]}..."


def _judge_files(label: str, result: Result, value: Any, fetch: Fetch, earlier: Any) -> Judgement:
    found = list(files_in(value))
    problems: list[str] = []
    produced: list[ProducedFile] = []
    for file in found[:MOST_FILES]:
        saved = fetch(file)
        if isinstance(saved, NotFetched):
            problems.append(f"{saved.name} was not fetched: {saved.reason}")
            continue
        content = examine(saved.read_bytes())
        produced.append(_produced(saved, content))
        if content.problem == ONE_COLOR and _showed_something(earlier, fetch):
            continue
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


def _showed_something(earlier: Any, fetch: Fetch) -> bool:
    """Whether a stream had a picture before: then one color at its end is what the app drew."""
    saved = (fetch(file) for file in files_in(earlier))
    return any(isinstance(each, Path) and not examine(each.read_bytes()).problem for each in saved)


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
    expected = MEDIA_PAIRS.get(result.component.lower())
    if not expected or content.kind.startswith(expected) or content.kind == "empty":
        return ""
    return f"the content is {content.kind}, which is not what {result.component} shows"
