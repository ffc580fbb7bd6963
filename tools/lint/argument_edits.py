"""Taking arguments out of calls, renaming them, and adding some: several in one file at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from .edits import replace_spans, source, span
from .python import PythonFile

Spans = dict[tuple[int, int], str]
Changed = Mapping[ast.keyword, tuple[ast.Call, str]]


def change_arguments(file: PythonFile, changes: Changed) -> str:
    """The file's text with keyword arguments replaced or taken out, as `spans_of` says."""
    return replace_spans(file.text, spans_of(file, changes))


def spans_of(file: PythonFile, changes: Changed) -> Spans:
    """The new text of each span that changes when keyword arguments are replaced.

    Each argument comes with its call and new text; an empty one takes it out with its comma.
    """
    spans: Spans = {}
    gone: dict[ast.Call, list[ast.keyword]] = {}
    for keyword, (call, new) in changes.items():
        if new:
            spans[span(file, keyword)] = new
        else:
            gone.setdefault(call, []).append(keyword)
    for call, keywords in gone.items():
        spans.update(dict.fromkeys(_spans_without(file, call, keywords), ""))
    return spans


def renamed(file: PythonFile, keyword: ast.keyword, name: str) -> str:
    """An argument's text under another name."""
    return f"{name}={source(file, keyword.value)}"


def insertion(
    file: PythonFile, call: ast.Call, texts: Iterable[str]
) -> tuple[tuple[int, int], str]:
    """Where more arguments go in a call, as an empty span, and their text there."""
    added = ", ".join(texts)
    parts = _parts(file, call)
    if parts:
        end = span(file, parts[-1])[1]
        return (end, end), f", {added}"
    end = span(file, call)[1] - 1
    return (end, end), added


def _parts(file: PythonFile, call: ast.Call) -> list[ast.expr | ast.keyword]:
    parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return sorted(parts, key=lambda part: span(file, part))


def _spans_without(
    file: PythonFile, call: ast.Call, gone: list[ast.keyword]
) -> Iterator[tuple[int, int]]:
    """Spans to cut: each run of arguments up to the next that stays, or from the one before."""
    parts = _parts(file, call)
    index = 0
    while index < len(parts):
        if parts[index] not in gone:
            index += 1
            continue
        first = index
        while index < len(parts) and parts[index] in gone:
            index += 1
        if len(gone) == len(parts):
            yield _inside(file, call, parts)
        else:
            yield _run(file, parts, first, index)


def _inside(
    file: PythonFile, call: ast.Call, parts: list[ast.expr | ast.keyword]
) -> tuple[int, int]:
    """All that stands between the parentheses, unless there is a comment among it."""
    start = file.text.index("(", span(file, call.func)[1]) + 1
    end = span(file, call)[1] - 1
    first, last = span(file, parts[0])[0], span(file, parts[-1])[1]
    if "#" in file.text[start:first] + file.text[last:end]:
        return _run(file, parts, 0, len(parts))
    return start, end


def _run(
    file: PythonFile, parts: list[ast.expr | ast.keyword], first: int, after: int
) -> tuple[int, int]:
    if after < len(parts):
        return span(file, parts[first])[0], span(file, parts[after])[0]
    end = span(file, parts[-1])[1]
    if first:
        return span(file, parts[first - 1])[1], end
    comma = re.compile(r"\s*,").match(file.text, end)
    return span(file, parts[0])[0], comma.end() if comma else end
