"""A value for every parameter of an endpoint, and where each one came from.

The order is: the caller's value, the app's default, a row of its `gr.Examples`, a choice, a tiny
file made here, the documented example, a value that fits the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import files_in, local_file, localize, remote_file
from .interface import Input
from .made_up import (
    TEXT_COMPONENTS,
    Argument,
    FileSupply,
    NoPayload,
    Source,
    make_up,
    wants_file,
)
from .schema import SENTENCE, mapping, text

WORDS_BESIDE_FILES = {"text", "caption"}
"""Keys of a message or a Gallery item that hold words, even if a file has that name."""


@dataclass(frozen=True)
class Payload:
    """The arguments of one call."""

    arguments: tuple[Argument, ...]

    @property
    def values(self) -> dict[str, Any]:
        """Parameter names with their values."""
        return {argument.name: argument.value for argument in self.arguments}

    @property
    def invented(self) -> tuple[str, ...]:
        """Names of the parameters whose value is nobody's choice but ours."""
        ours = {"generated", "documented", "schema"}
        return tuple(each.name for each in self.arguments if each.source in ours)


def build_payload(
    inputs: Sequence[Input], given: Mapping[str, Any], supply: FileSupply
) -> Payload | NoPayload:
    """Choose a value for each of `inputs`, or say for which one there is none."""
    unknown = sorted(set(given) - {each.name for each in inputs})
    if unknown:
        names = ", ".join(each.name for each in inputs) or "none"
        return NoPayload(unknown[0], f"the endpoint has no such parameter; it has: {names}")
    arguments: list[Argument] = []
    for each in inputs:
        found = _given(each, given, supply) or _from_app(each, supply) or make_up(each, supply)
        if isinstance(found, NoPayload):
            return found
        arguments.append(found)
    return Payload(tuple(_with_one_text(inputs, arguments)))


def _given(
    each: Input, given: Mapping[str, Any], supply: FileSupply
) -> Argument | NoPayload | None:
    if each.name not in given:
        return None
    value = given[each.name]
    if wants_file(each):
        message = each.component.lower() == "multimodaltextbox" and isinstance(value, str)
        value = {"text": value, "files": []} if message else _as_files(value)
    vetted = {str(path) for path in _path_objects(given[each.name])}
    for file in files_in(value):
        path = text(file.get("path"))
        remote = path.startswith(("http://", "https://"))
        if not remote and path not in vetted and not supply.may_send(Path(path)):
            return NoPayload(each.name, f"{path} is outside the folders that files may come from")
    return Argument(each.name, value, "caller")


def _path_objects(value: Any) -> Iterator[Path]:
    """The `Path` objects in a caller's value. Text comes from a model; a Path from its program."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _path_objects(inner)


def _as_files(value: Any) -> Any:
    """Paths of existing files and addresses become file values; the rest stays as it is."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return remote_file(value)
    if isinstance(value, (str, Path)):
        return local_file(Path(value)) if _is_existing_file(value) else value
    if isinstance(value, list):
        return [_as_files(each) for each in value]
    if isinstance(value, dict) and "meta" not in value:
        return {
            key: each if key in WORDS_BESIDE_FILES else _as_files(each)
            for key, each in value.items()
        }
    return value


def _is_existing_file(value: str | Path) -> bool:
    try:
        return Path(value).is_file()
    except (OSError, ValueError):  # a text too long for a path, or one with a NUL
        return False


def _from_app(each: Input, supply: FileSupply) -> Argument | None:
    if each.has_default and not (wants_file(each) and _holds_nothing(each.default)):
        return Argument(each.name, localize(each.default, supply.fetch), "default")
    for sample in each.samples:
        value = localize(sample, supply.fetch)
        if value is not None:
            return Argument(each.name, value, "examples")
    return None


def _holds_nothing(default: Any) -> bool:
    """Whether a default is an empty Gallery or message; None is a handler's own choice."""
    if isinstance(default, dict):
        return all(each in ("", [], None) for each in default.values())
    return default in ("", [])


def _with_one_text(inputs: Sequence[Input], arguments: list[Argument]) -> list[Argument]:
    """Fill the first empty text when the payload would otherwise say nothing at all.

    A Textbox with `value=""` has a default, so a prompt could be sent empty. Further empty texts
    stay: an unused model name or token field must not be filled with a sentence.
    """
    if any(not _is_empty_text(argument) for argument in arguments if _carries(argument)):
        return arguments
    for index, (each, argument) in enumerate(zip(inputs, arguments, strict=True)):
        if each.component.lower() in TEXT_COMPONENTS and _is_empty_text(argument):
            samples = [sample for sample in each.samples if text(sample).strip()]
            source: Source = "examples" if samples else "generated"
            filled = Argument(each.name, samples[0] if samples else SENTENCE, source)
            return [*arguments[:index], filled, *arguments[index + 1 :]]
    return arguments


def _is_empty_text(argument: Argument) -> bool:
    return argument.source == "default" and argument.value == ""


def _carries(argument: Argument) -> bool:
    """Whether the value could be the subject of the call: a text or something with a file in it."""
    return isinstance(argument.value, str) or any(files_in(argument.value))


def shortened(value: Any, limit: int = 200) -> Any:
    """A copy of a payload for a report: long texts cut, a file shown by its name."""
    if mapping(value) and any(files_in(value)) and "meta" in value:
        return f"<file {text(value.get('orig_name'))}>"
    if isinstance(value, str):
        return value if len(value) <= limit else f"{value[:limit]}... ({len(value)} characters)"
    if isinstance(value, dict):
        return {str(key): shortened(inner, limit) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [shortened(inner, limit) for inner in value[:10]]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)[:limit]
