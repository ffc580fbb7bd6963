"""What the inference stub answers: text that says it is a rehearsal, always the same."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DIMENSIONS = 16
LONGEST_QUOTE = 200
DEEPEST_SCHEMA = 8

_PIECE = re.compile(r"\s*\S+")

Json = Mapping[str, Any]


def reply(model: str, messages: Sequence[Json], form: Json | None = None) -> str:
    """Return the answer to a conversation.

    Args:
        model: the model that did not run.
        messages: the conversation, in the form of the API.
        form: the request's `response_format`; a JSON form gets the smallest JSON that fits it.
    """
    if form is not None and form.get("type") in {"json_object", "json_schema"}:
        # `value` is where huggingface_hub 2.4.0 puts the schema for an address of one's own.
        schema = (form.get("json_schema") or {}).get("schema") or form.get("value") or {}
        return json.dumps(sample(schema) if schema else {"rehearsal": True})
    said = " ".join(text_of(_last_of_user(messages)).split())
    quote = said[:LONGEST_QUOTE] + ("…" if len(said) > LONGEST_QUOTE else "")
    return (
        f"This is a rehearsal: {model} did not run. Your last message has {len(said)} characters"
        f" and begins: {quote}"
    )


def _last_of_user(messages: Sequence[Json]) -> object:
    found = [message.get("content") for message in messages if message.get("role") == "user"]
    return found[-1] if found else ""


def text_of(content: object) -> str:
    """Return the text of a message's content, which may be a list of texts and pictures."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return " ".join(text for text in texts if isinstance(text, str))


def sample(schema: Json, depth: int = 0) -> Any:
    """Return a small value that fits a JSON schema, as far as its plain keywords go."""
    if schema.get("enum"):
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if (kind == "object" or "properties" in schema) and depth < DEEPEST_SCHEMA:
        properties = schema.get("properties") or {}
        return {name: sample(inner, depth + 1) for name, inner in properties.items()}
    if kind == "array" and depth < DEEPEST_SCHEMA:
        count = int(schema.get("minItems") or 0)
        return [sample(schema.get("items") or {}, depth + 1) for _ in range(min(count, 100))]
    plain = {"integer": 0, "number": 0.0, "boolean": False, "null": None}
    return schema.get("minimum", plain[kind]) if kind in plain else "rehearsal"


def call_of_tool(tools: Sequence[Json], choice: object) -> dict[str, Any] | None:
    """Return the call of a tool that a request demands; None when it leaves that to the model."""
    functions = [tool.get("function") or {} for tool in tools]
    if isinstance(choice, dict):
        name = (choice.get("function") or {}).get("name")
        functions = [function for function in functions if function.get("name") == name]
    elif choice != "required":
        return None
    if not functions:
        return None
    arguments = json.dumps(sample(functions[0].get("parameters") or {"type": "object"}))
    return {
        "id": "call_rehearsal",
        "type": "function",
        "function": {"name": str(functions[0].get("name")), "arguments": arguments},
    }


def pieces(text: str) -> Iterator[str]:
    """Yield a text word by word, spaces kept, as a model streams it."""
    for match in _PIECE.finditer(text):
        yield match.group()


def tokens(text: str) -> int:
    """Return about how many tokens a text has: its words."""
    return len(text.split())


def embedding(text: str) -> list[float]:
    """Return a vector of length 1: equal for equal texts, and without meaning."""
    noise = hashlib.shake_256(text.encode("utf-8", "replace")).digest(DIMENSIONS)
    values = [byte - 127.5 for byte in noise]
    length = math.sqrt(sum(value * value for value in values))
    return [round(value / length, 6) for value in values]
