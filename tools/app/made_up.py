"""A value of our own for a parameter to which neither the caller nor the app gives one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from .files import NotFetched, files_in, local_file
from .interface import Input
from .media import CATEGORIES, MAKERS
from .schema import SENTENCE, choices_of, invent, is_file_schema, items, text

Source = Literal[
    "caller", "earlier", "default", "examples", "choice", "generated", "documented", "schema"
]

WORDS = [{"type": "text", "text": SENTENCE}]
"""The content of a chat message; a plain text is refused (gradio 6.31.0, 2026-11-22)."""
SINGLE_FILE = {"image": ".png", "audio": ".wav", "video": ".mp4", "model3d": ".glb"}
TEXT_COMPONENTS = {"textbox", "textarea", "text", "code", "markdown"}
FILE_COMPONENTS = {"file", "uploadbutton"}


class FileSupply(Protocol):
    """Where the files of a payload come from."""

    def make(self, extension: str) -> Path:
        """A tiny file with this extension. Raises KeyError when none can be made."""

    def fetch(self, value: dict[str, Any]) -> Path | NotFetched:
        """A local copy of a file that the app itself names."""


@dataclass(frozen=True)
class Argument:
    """A parameter with the value to send."""

    name: str
    value: Any
    source: Source


@dataclass(frozen=True)
class NoPayload:
    """No value could be found for `parameter`; `reason` says why and what to do."""

    parameter: str
    reason: str


def make_up(each: Input, supply: FileSupply) -> Argument | NoPayload:
    """A choice, a lowest value, a tiny file, a sentence or the documented example."""
    choices = choices_of(each.schema)
    if choices:
        several = each.schema.get("type") == "array"
        return Argument(each.name, [choices[0]] if several else choices[0], "choice")
    if each.component.lower() == "slider" or not within_limits(each, each.example):
        return Argument(each.name, _limit(each), "choice")
    if wants_file(each):
        return _own_file(each, supply)
    if text(each.properties.get("type")) == "password":
        return NoPayload(each.name, "it is a password or key, which nobody can invent")
    if each.component.lower() in TEXT_COMPONENTS:
        return Argument(each.name, SENTENCE, "generated")
    return _documented(each)


def _limit(each: Input) -> Any:
    """The lowest value that the component lets pass, or the highest where nothing is too low."""
    lowest, highest = each.properties.get("minimum"), each.properties.get("maximum")
    return next((value for value in (lowest, highest) if value is not None), 0)


def _documented(each: Input) -> Argument:
    """The documented example, unless it names a file elsewhere or is the `...` of gr.Server."""
    if each.component.lower() == "chatbot":
        return Argument(each.name, [{"role": "user", "content": WORDS}], "generated")
    remote = isinstance(each.example, str) and each.example.startswith(("http://", "https://"))
    if each.example in (None, "...") or remote or any(files_in(each.example)):
        return Argument(each.name, invent(each.schema), "schema")
    return Argument(each.name, each.example, "documented")


def _own_file(each: Input, supply: FileSupply) -> Argument | NoPayload:
    shape = _SHAPES.get(each.component.lower(), _one_file)
    extension = _extension(each)
    if extension not in MAKERS:
        return NoPayload(each.name, f"it wants a {extension} file, and none can be made here")
    return Argument(each.name, shape(each, local_file(supply.make(extension))), "generated")


def _extension(each: Input) -> str:
    """The extension of a file that the component accepts: of what we can make, the first one."""
    component = each.component.lower()
    if component in SINGLE_FILE:
        return SINGLE_FILE[component]
    if component in {"gallery", "imageeditor", "imageslider"}:
        return ".png"
    accepted = [text(kind).lower() for kind in items(each.properties.get("file_types"))]
    extensions = [CATEGORIES.get(kind, kind) for kind in filter(None, accepted)] or [".txt"]
    return _first_known(extensions)


def _first_known(extensions: Iterable[str]) -> str:
    listed = list(extensions)
    return next((each for each in listed if each in MAKERS), listed[0])


def _one_file(each: Input, file: dict[str, Any]) -> Any:
    several = each.properties.get("file_count") in {"multiple", "directory"}
    return [file] if several or each.schema.get("type") == "array" else file


def _gallery(_: Input, file: dict[str, Any]) -> Any:
    return [{"image": file, "caption": None}]


def _two_files(_: Input, file: dict[str, Any]) -> Any:
    return [file, file]


def _editor(_: Input, file: dict[str, Any]) -> Any:
    return {"background": file, "layers": [], "composite": file}


def _message(_: Input, __: dict[str, Any]) -> Any:
    return {"text": SENTENCE, "files": []}


_SHAPES: Mapping[str, Callable[[Input, dict[str, Any]], Any]] = {
    "gallery": _gallery,
    "imageslider": _two_files,
    "imageeditor": _editor,
    "multimodaltextbox": _message,
}


def wants_file(each: Input) -> bool:
    """Whether the parameter takes a file or a value with files in it."""
    known = {*SINGLE_FILE, *FILE_COMPONENTS, *_SHAPES}
    return each.component.lower() in known or is_file_schema(each.schema)


def within_limits(each: Input, value: Any) -> bool:
    """Whether a number is inside the limits of its component, which Gradio enforces."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return True
    lowest, highest = each.properties.get("minimum"), each.properties.get("maximum")
    too_low = isinstance(lowest, (int, float)) and value < lowest
    return not too_low and not (isinstance(highest, (int, float)) and value > highest)
