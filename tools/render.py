"""The one envelope that every answer is put into, with its size limits and its redaction.

`{"outcome", "hub", "result", "problem", "next"}` is what MCP hosts get as structured content and
what `--json` prints. The text says the same in lines. Tokens are removed here, at the edge, so
that no tool can forget to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .model import Media, NextCall, Result, Spell, as_tool_call, shown_arguments
from .problems import Problem
from .redaction import redact, redact_value

MOST_TEXT = 16_000
"""Characters of text; the hosts' hard limit is 25,000 tokens."""
MOST_STRING = 6_000
"""Characters of one string inside the structured result."""
MOST_STRUCTURED = 40_000
"""Characters of the whole structured result, as JSON."""


@dataclass(frozen=True)
class Answer:
    """A finished call: the envelope, its text, whether it is an error, and the exit code."""

    envelope: dict[str, Any]
    text: str
    is_error: bool
    exit_code: int
    media: tuple[Media, ...] = ()


def answer_result(
    result: Result,
    hub: dict[str, str] | None,
    also: Sequence[str] = (),
    spell: Spell = as_tool_call,
) -> Answer:
    """The answer of a tool that came to a result; `also` are exact secrets to take out."""
    envelope: dict[str, Any] = {
        "outcome": result.outcome,
        "hub": hub,
        "result": result.model_dump(mode="json"),
        "problem": None,
        "next": _next(result.next),
    }
    lines = [
        *_note(hub),
        *result.lines(),
        *(f"Next: {spell(call)} - {call.why}" for call in result.next),
    ]
    return Answer(
        envelope=_finished(envelope, also),
        text=cut(redact("\n".join(lines), also), MOST_TEXT),
        is_error=False,
        exit_code=result.exit_code,
        media=result.media,
    )


def answer_problem(
    problem: Problem,
    hub: dict[str, str] | None,
    also: Sequence[str] = (),
    spell: Spell = as_tool_call,
) -> Answer:
    """The answer of a call that was refused or failed; its text is the problem's one line."""
    envelope: dict[str, Any] = {
        "outcome": "problem",
        "hub": hub,
        "result": {},
        "problem": {
            "code": problem.code,
            "message": problem.message,
            "object": problem.object,
            "advice": problem.advice,
        },
        "next": _next(problem.next),
    }
    return Answer(
        envelope=_finished(envelope, also),
        text=cut(redact(problem.text(spell) + _where(hub), also), MOST_TEXT),
        is_error=True,
        exit_code=2,
    )


def cut(text: str, most: int) -> str:
    """`text` shortened in the middle to `most` characters, saying how much is missing."""
    if len(text) <= most:
        return text
    half = max(1, (most - 60) // 2)
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"


def limit(envelope: dict[str, Any]) -> dict[str, Any]:
    """An envelope made small enough: long strings cut, long lists shortened with a count beside.

    `next` is never touched: its calls are meant to be sent as they are.
    """
    exempt = {"next": envelope["next"]}
    rest = {name: value for name, value in envelope.items() if name != "next"}
    for most_string, most_items in ((MOST_STRING, 400), (2_000, 120), (600, 40), (200, 12)):
        smaller: dict[str, Any] = _limited(rest, most_string, most_items)
        if len(json.dumps(smaller, ensure_ascii=False)) <= MOST_STRUCTURED:
            break
    return {**smaller, **exempt}


def _limited(value: Any, most_string: int, most_items: int) -> Any:
    if isinstance(value, str):
        return cut(value, most_string)
    if isinstance(value, list):
        return [_limited(item, most_string, most_items) for item in value[:most_items]]
    if not isinstance(value, dict):
        return value
    smaller: dict[str, Any] = {}
    for name, item in value.items():
        smaller[name] = _limited(item, most_string, most_items)
        if isinstance(item, list) and len(item) > most_items:
            smaller[f"{name}_left_out"] = len(item) - most_items
    return smaller


def _finished(envelope: dict[str, Any], also: Sequence[str]) -> dict[str, Any]:
    clean: dict[str, Any] = redact_value(envelope, also)  # type: ignore[assignment] # as it came
    return limit(clean)


def _where(hub: dict[str, str] | None) -> str:
    """Said at the end of a problem, because its code has to come first."""
    return " (On the rehearsal Hub: nothing is published.)" if hub and "note" in hub else ""


def _note(hub: dict[str, str] | None) -> Sequence[str]:
    return [hub["note"]] if hub and "note" in hub else []


def _next(calls: Sequence[NextCall]) -> list[dict[str, Any]]:
    return [
        {"tool": call.tool, "arguments": shown_arguments(call.arguments), "why": call.why}
        for call in calls
    ]
