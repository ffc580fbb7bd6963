"""A value for every parameter of an endpoint, and where each one came from.

The order is: the caller's value, what an earlier call left on the page, the app's default, a row of
its `gr.Examples`, a choice, a tiny file made here, the documented example, a value that fits the
schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import UploadRefused
from .files import MaySend, files_in, is_file, local_file, localize, remote_file
from .interface import Input
from .made_up import (
    TEXT_COMPONENTS,
    Argument,
    FileSupply,
    NoPayload,
    Source,
    make_up,
    wants_file,
    within_limits,
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
    inputs: Sequence[Input],
    given: Mapping[str, Any],
    supply: FileSupply,
    shown: Mapping[str, Any] | None = None,
) -> Payload | NoPayload:
    """Choose a value for each of `inputs`, or say for which one there is none.

    `given` are the caller's values as `callers_values` returns them; `shown` is what earlier calls
    of the session left in the page's components, by component id.
    """
    unknown = sorted(set(given) - {each.name for each in inputs})
    if unknown:
        names = ", ".join(each.name for each in inputs) or "none"
        return NoPayload(unknown[0], f"the endpoint has no such parameter; it has: {names}")
    arguments: list[Argument] = []
    for each in inputs:
        if each.name in given:
            arguments.append(Argument(each.name, given[each.name], "caller"))
            continue
        found = (
            _from_page(each, shown or {}, supply)
            or _from_app(each, inputs, supply)
            or make_up(each, supply)
        )
        if isinstance(found, NoPayload):
            return found
        arguments.append(found)
    return Payload(tuple(_with_one_text(inputs, arguments)))


def callers_values(
    inputs: Sequence[Input], given: Mapping[str, Any], may_send: MaySend
) -> dict[str, Any]:
    """The caller's values, ready to be sent: what names a file is replaced by a file value.

    A text names a file only where the parameter takes files.
    Raises `UploadRefused` for a file that `may_send` does not let pass.
    """
    takes_files = {each.name: each.component.lower() for each in inputs if wants_file(each)}
    values = dict(given)
    for name in values.keys() & takes_files.keys():
        is_message = takes_files[name] == "multimodaltextbox" and isinstance(values[name], str)
        if is_message:
            values[name] = {"text": values[name], "files": []}
        else:
            values[name] = _as_files(values[name], may_send)
    return {name: _checked_files(value, may_send) for name, value in values.items()}


def _as_files(value: Any, may_send: MaySend) -> Any:
    """Texts that name files and addresses become file values; the rest stays as it is."""
    if isinstance(value, str) and _is_remote(value):
        return remote_file(value)
    if isinstance(value, (str, Path)):
        path = may_send(str(value))
        return local_file(path) if path else value
    if isinstance(value, (list, tuple)):
        return [_as_files(each, may_send) for each in value]
    if isinstance(value, dict) and not is_file(value):
        return {
            key: each if key in WORDS_BESIDE_FILES else _as_files(each, may_send)
            for key, each in value.items()
        }
    return value


def _checked_files(value: Any, may_send: MaySend) -> Any:
    """The same value, every local file in it checked: gradio_client uploads what looks like one."""
    if isinstance(value, (list, tuple)):
        return [_checked_files(each, may_send) for each in value]
    if not isinstance(value, dict):
        return value
    checked = {key: _checked_files(each, may_send) for key, each in value.items()}
    name = text(value.get("path"))
    if is_file(value) and name and not _is_remote(name):
        path = may_send(name)
        if path is None:
            raise UploadRefused(name, "there is no such file")
        checked["path"] = str(path)
    return checked


def _is_remote(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def _from_page(each: Input, shown: Mapping[str, Any], supply: FileSupply) -> Argument | None:
    """What a visitor would have there by now, since the page sends what it shows."""
    value = shown.get(each.component_id)
    if value is None or _holds_nothing(value):
        return None
    return Argument(each.name, localize(value, supply.fetch), "earlier")


def _from_app(each: Input, inputs: Sequence[Input], supply: FileSupply) -> Argument | None:
    is_none = each.default is None  # then it is a handler's own choice
    empty_file = wants_file(each) and not is_none and _holds_nothing(each.default)
    useless = (
        empty_file
        or (_needs_history(each, inputs) and _holds_nothing(each.default))
        or not within_limits(each, each.default)
    )
    if each.has_default and not useless:
        return Argument(each.name, localize(each.default, supply.fetch), "default")
    for sample in each.samples:
        value = localize(sample, supply.fetch)
        if value is not None:
            return Argument(each.name, value, "examples")
    return None


def _needs_history(each: Input, inputs: Sequence[Input]) -> bool:
    """Whether the history is where the message is: a function that answers takes nothing else."""
    others = {other.component.lower() for other in inputs}
    return each.component.lower() == "chatbot" and not others & {
        *TEXT_COMPONENTS,
        "multimodaltextbox",
    }


def _holds_nothing(default: Any) -> bool:
    """Whether a value is an empty Gallery, message or history."""
    if isinstance(default, dict):
        return all(each in ("", [], None) for each in default.values())
    return default in ("", [], None)


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


def texts_in(value: Any) -> Iterator[str]:
    """Every text inside a payload, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_in(inner)
