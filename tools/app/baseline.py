"""A golden record of an app: its schema and what its outputs were like, to tell what changed.

What is compared is kind and size, never the words or pixels of a model: those differ every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from .description import AppDescription, Endpoint
from .report import EndpointReport, Evidence, SmokeReport

SLOWER = 2.0
LEAST_SECONDS_OF_DELAY = 1.0
MOST_EVIDENCE = 12
GOOD = {"works", "warnings"}


class Output(BaseModel, frozen=True):
    """What an endpoint gave: the component with its kind, and the measures of its files."""

    kinds: tuple[str, ...]
    files: tuple[str, ...]
    seconds: float


class Baseline(BaseModel, frozen=True):
    """What an app was like on a day. `revision` is the one that served, where the Hub said it.

    `parameters` has, by endpoint, each parameter with its type and whether it is required.
    """

    saved: str
    revision: str | None
    gradio_version: str
    parameters: dict[str, dict[str, str]]
    returns: dict[str, tuple[str, ...]]
    outputs: dict[str, Output]


def record(report: SmokeReport, *, saved: str, revision: str | None) -> Baseline:
    """The golden record of a smoke test; `saved` is the date."""
    app = report.app
    endpoints = app.endpoints if app else ()
    return Baseline(
        saved=saved,
        revision=revision,
        gradio_version=app.gradio_version if app else "",
        parameters={each.name: _parameters(each) for each in endpoints},
        returns={each.name: tuple(value.component for value in each.returns) for each in endpoints},
        outputs={
            each.name: _output(each, app) for each in report.endpoints if each.verdict in GOOD
        },
    )


def load(path: Path) -> Baseline | None:
    """The record that was saved at `path`; None when there is none that can be read."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def save(baseline: Baseline, path: Path) -> None:
    """Save a record. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(baseline.model_dump_json(indent=2) + "\n", encoding="utf-8")


def changes(before: Baseline, now: Baseline) -> list[Evidence]:
    """What changed, most serious first: what callers of the app would stumble over is not ok.

    An endpoint whose output is in one of the two only was not called both times, and is no change.
    """
    found = [
        *_schema_changes(before, now),
        *_output_changes(before.outputs, now.outputs),
    ]
    found.sort(key=lambda each: each.ok is None)
    if not found:
        return [Evidence(what=f"nothing changed since the baseline of {before.saved}", ok=True)]
    since = f"since the baseline of {before.saved}"
    return [
        each.model_copy(update={"what": f"{since}: {each.what}"}) for each in found[:MOST_EVIDENCE]
    ]


def _parameters(endpoint: Endpoint) -> dict[str, str]:
    return {
        each.name: f"{each.type}{', required' if each.required else ''}"
        for each in endpoint.parameters
    }


def _output(report: EndpointReport, app: AppDescription | None) -> Output:
    endpoints = app.endpoints if app else ()
    components = [
        value.component for each in endpoints if each.name == report.name for value in each.returns
    ]
    files = tuple(
        f"{each.kind} {each.width}x{each.height}" if each.width else each.kind
        for each in report.files
    )
    nothing = {"null", "", '""', "[]", "{}"}
    kinds = tuple(
        "nothing" if shown.strip() in nothing else component
        for component, shown in zip(components, report.outputs, strict=False)
    )
    return Output(kinds=kinds, files=files, seconds=report.seconds)


def _schema_changes(before: Baseline, now: Baseline) -> Iterator[Evidence]:
    for name, parameters in before.parameters.items():
        if name not in now.parameters:
            yield Evidence(what=f"the endpoint {name} is gone", ok=False)
            continue
        yield from _parameter_changes(name, parameters, now.parameters[name])
        old, new = before.returns.get(name, ()), now.returns.get(name, ())
        if old != new:
            shown = f"{', '.join(old) or 'nothing'} before, {', '.join(new) or 'nothing'} now"
            yield Evidence(what=f"{name} returns {shown}", ok=False)
    for name in now.parameters.keys() - before.parameters.keys():
        yield Evidence(what=f"the endpoint {name} is new", ok=None)
    if before.gradio_version != now.gradio_version:
        what = f"Gradio {before.gradio_version} became {now.gradio_version}"
        yield Evidence(what=what, ok=None)


def _parameter_changes(
    name: str, before: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[Evidence]:
    for parameter in before.keys() - now.keys():
        yield Evidence(what=f"{name} lost the parameter `{parameter}`", ok=False)
    for parameter in now.keys() - before.keys():
        breaks = False if now[parameter].endswith(", required") else None
        yield Evidence(what=f"{name} has a new parameter `{parameter}`", ok=breaks)
    for parameter in before.keys() & now.keys():
        if before[parameter] != now[parameter]:
            what = f"{name} wants `{parameter}` as {now[parameter]}, before {before[parameter]}"
            yield Evidence(what=what, ok=None)


def _output_changes(before: Mapping[str, Output], now: Mapping[str, Output]) -> Iterator[Evidence]:
    for name in before.keys() & now.keys():
        old, new = before[name], now[name]
        if old.kinds != new.kinds or _kinds(old) != _kinds(new):
            shown = f"{_shown(new)}, before {_shown(old)}"
            yield Evidence(what=f"{name} gives {shown}", ok=False)
        elif old.files != new.files:
            yield Evidence(what=f"{name} gives {_shown(new)}, before {_shown(old)}", ok=None)
        late = new.seconds - old.seconds
        if new.seconds > old.seconds * SLOWER and late > LEAST_SECONDS_OF_DELAY:
            what = f"{name} took {new.seconds:.1f} s, before {old.seconds:.1f} s"
            yield Evidence(what=what, ok=None)


def _kinds(output: Output) -> list[str]:
    return [each.partition(" ")[0] for each in output.files]


def _shown(output: Output) -> str:
    return ", ".join(output.files or output.kinds) or "nothing"
