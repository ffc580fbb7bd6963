"""A value for every parameter, whatever the app says about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tools.app import media
from tools.app.files import NotFetched, name_of
from tools.app.interface import Input, functions
from tools.app.made_up import NoPayload
from tools.app.payload import Payload, build_payload, shortened
from tools.app.schema import describe, invent

from .strategies import COMPONENTS, JSON, SCHEMAS, unhurried


class TinyFiles:
    """A supply of files for payloads, with nothing to fetch from an app."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[dict[str, Any]] = []

    def make(self, extension: str) -> Path:
        return media.make(self.folder, extension)

    def fetch(self, value: dict[str, Any]) -> Path | NotFetched:
        self.asked.append(value)
        return NotFetched(name_of(value), "there is no app")


@pytest.fixture(scope="session")
def supply(tmp_path_factory: pytest.TempPathFactory) -> TinyFiles:
    return TinyFiles(tmp_path_factory.mktemp("files"))


def an_input(component: str = "Textbox", **fields: Any) -> Input:
    plain: dict[str, Any] = {
        "name": "value",
        "label": "",
        "schema": {},
        "properties": {},
        "has_default": False,
        "default": None,
        "samples": (),
        "example": None,
    }
    return Input(component=component, **(plain | fields))


def value_for(supply: TinyFiles, *inputs: Input, **given_values: Any) -> Any:
    payload = build_payload(inputs, given_values, supply)
    assert isinstance(payload, Payload), payload
    return payload.arguments[0].value


@unhurried
@given(component=COMPONENTS, schema=SCHEMAS, default=JSON, properties=JSON, example=JSON)
def test_any_parameter_gets_a_value_or_a_reason(
    supply: TinyFiles, component: str, schema: Any, default: Any, properties: Any, example: Any
) -> None:
    config = {
        "dependencies": [{"api_name": "f", "inputs": [1], "targets": [[0, "click"]]}],
        "components": [{"id": 1, "props": properties}],
    }
    parameter = {
        "parameter_name": "x",
        "type": schema,
        "component": component,
        "parameter_has_default": default is not None,
        "parameter_default": default,
        "example_input": example,
    }
    info = {"named_endpoints": {"/f": {"parameters": [parameter], "returns": [parameter]}}}
    (function,) = functions(config, info)
    payload = build_payload(function.inputs, {}, supply)
    if isinstance(payload, NoPayload):
        assert payload.reason
    else:
        assert [each.name for each in payload.arguments] == ["x"]
        shortened(payload.values)
    assert describe(schema)


def test_a_default_that_names_a_local_file_is_fetched_from_the_app(supply: TinyFiles) -> None:
    trap = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    supply.asked.clear()
    assert value_for(supply, an_input("Image", has_default=True, default=trap)) is None
    assert supply.asked == [trap]


@pytest.mark.parametrize(
    ("given_input", "value", "source"),
    [
        (an_input(has_default=True, default="d", samples=("s",)), "d", "default"),
        (
            an_input(has_default=True, default=""),
            "Hello! This is a short test sentence.",
            "generated",
        ),
        (an_input(has_default=True, default="", samples=("s",)), "s", "examples"),
        (an_input(samples=("s",), schema={"enum": ["e"]}), "s", "examples"),
        (an_input("Dropdown", schema={"enum": ["e", "f"]}), "e", "choice"),
        (
            an_input("Checkboxgroup", schema={"type": "array", "items": {"enum": ["e"]}}),
            ["e"],
            "choice",
        ),
        (an_input("Slider", properties={"minimum": 3}, example=5), 3, "choice"),
        (an_input("Colorpicker", example="#123456"), "#123456", "documented"),
        (an_input("Api", schema={"type": "boolean"}, example="..."), False, "schema"),
        (an_input("Image", has_default=True, default=None), None, "default"),
    ],
)
def test_the_order_in_which_a_value_is_looked_for(
    supply: TinyFiles, given_input: Input, value: object, source: str
) -> None:
    payload = build_payload([given_input], {}, supply)
    assert isinstance(payload, Payload)
    assert (payload.arguments[0].value, payload.arguments[0].source) == (value, source)


def test_an_unused_text_stays_empty(supply: TinyFiles) -> None:
    prompt, token = an_input(name="a"), an_input(name="b", has_default=True, default="")
    payload = build_payload([prompt, token], {}, supply)
    assert isinstance(payload, Payload)
    assert payload.values["b"] == ""


def test_a_remote_example_is_never_sent(supply: TinyFiles) -> None:
    remote = {"path": "https://example.com/a.png", "url": "https://example.com/a.png", "meta": {}}
    assert value_for(supply, an_input("Custom", example=remote)) is None
    assert value_for(supply, an_input("Custom", example="https://example.com/a.png")) is None


def test_a_file_type_nobody_can_make_is_said(supply: TinyFiles) -> None:
    wanted = an_input("File", properties={"file_types": [".safetensors"]})
    payload = build_payload([wanted], {}, supply)
    assert isinstance(payload, NoPayload)
    assert ".safetensors" in payload.reason
    listed = an_input("File", properties={"file_types": [".docx", ".csv"]})
    assert value_for(supply, listed)["orig_name"] == "sample.csv"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"enum": ["a", "b"]}, 'one of "a", "b"'),
        (
            {"type": "number", "description": "numeric value between 1 and 5"},
            "number between 1 and 5",
        ),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "whole number or nothing"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"properties": {"path": {}, "meta": {}}}, "file path"),
        ({"enum": list(range(20))}, "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"),
        ([], "any JSON"),
    ],
)
def test_schemas_in_words(schema: Any, words: str) -> None:
    assert describe(schema) == words


def test_values_fit_their_schema() -> None:
    schema = {
        "type": "object",
        "required": ["count", "name"],
        "properties": {"count": {"type": "integer", "minimum": 4}, "name": {"const": "x"}},
    }
    assert invent(schema) == {"count": 4, "name": "x"}
