"""JSON of strangers: safe reading, a short text for a JSON schema, and a value that fits one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

MOST_DEPTH = 8
MOST_CHOICES_SHOWN = 12
SENTENCE = "Hello! This is a short test sentence."

_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
}
_VALUES = {"string": SENTENCE, "integer": 1, "number": 1.0, "boolean": False, "null": None}


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Sequence[Any]:
    """`value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else ()


def text(value: Any) -> str:
    """`value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def choices_of(schema: Any) -> tuple[Any, ...]:
    """The values an `enum` of the schema or of its array items allows; empty without one."""
    found = items(mapping(schema).get("enum")) or items(
        mapping(mapping(schema).get("items")).get("enum")
    )
    return tuple(found)


def is_file_schema(schema: Any) -> bool:
    """Whether the schema is that of Gradio's FileData: an object with `path` and its `meta`."""
    properties = mapping(mapping(schema).get("properties"))
    return "path" in properties and "meta" in properties


def describe(schema: Any, depth: int = 0) -> str:
    """A few words for a JSON schema, such as `number`, `file path` or `one of "a", "b"`."""
    schema = mapping(schema)
    if is_file_schema(schema):
        return "file path"
    if items(schema.get("enum")):
        return _describe_choices(items(schema["enum"]))
    alternatives = _alternatives(schema)
    if alternatives and depth < MOST_DEPTH:
        return " or ".join(dict.fromkeys(describe(each, depth + 1) for each in alternatives))
    kind = schema.get("type")
    if kind == "array" and depth < MOST_DEPTH:
        return f"list of {describe(_item_schema(schema), depth + 1)}"
    if kind == "object":
        names = ", ".join(map(str, mapping(schema.get("properties"))))
        return f"object with {names}" if names else "object"
    word = _WORDS.get(text(kind), "any JSON")
    return text(schema.get("description")).replace("numeric value", "number") or word


def _describe_choices(choices: Sequence[Any]) -> str:
    shown = ", ".join(json.dumps(choice, default=str) for choice in choices[:MOST_CHOICES_SHOWN])
    more = len(choices) - MOST_CHOICES_SHOWN
    return f"one of {shown}" + (f" and {more} more" if more > 0 else "")


def _alternatives(schema: Mapping[str, Any]) -> Sequence[Any]:
    return items(schema.get("anyOf")) or items(schema.get("oneOf"))


def _item_schema(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the array's items, with one step into the definitions of Gradio's lists."""
    inner = mapping(schema.get("items"))
    name = text(inner.get("$ref")).rpartition("/")[2]
    return mapping(mapping(schema.get("$defs")).get(name)) if name else inner


def invent(schema: Any, depth: int = 0) -> Any:
    """A small value that fits the schema as far as its own keywords say, else None."""
    schema = mapping(schema)
    for keyword in ("default", "const"):
        if keyword in schema:
            return schema[keyword]
    if items(schema.get("enum")):
        return items(schema["enum"])[0]
    alternatives = _alternatives(schema)
    if alternatives and depth < MOST_DEPTH:
        return invent(alternatives[0], depth + 1)
    return _invent_by_type(schema, depth)


def _invent_by_type(schema: Mapping[str, Any], depth: int) -> Any:
    kind = text(schema.get("type"))
    if kind == "array":
        return []
    if kind == "object":
        return _invent_object(schema, depth)
    if kind in {"integer", "number"} and isinstance(schema.get("minimum"), (int, float)):
        return schema["minimum"]
    return _VALUES.get(kind)


def _invent_object(schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    if depth >= MOST_DEPTH:
        return {}
    properties = mapping(schema.get("properties"))
    required = [name for name in items(schema.get("required")) if isinstance(name, str)]
    return {name: invent(properties.get(name), depth + 1) for name in required}
