"""What `/config` and `/gradio_api/info` say about an app, joined into endpoints and their inputs.

Neither file is enough: the parameters with their defaults are in the second, whether a function
streams, the limits of a slider and the rows of `gr.Examples` only in the first (measured 2026-11-22
with gradio 6.31.0). Both come from a stranger, so every shape is tolerated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .schema import items, mapping, text

EndpointKind = Literal["function", "load", "lambda"]


@dataclass(frozen=True)
class Input:
    """One parameter of an endpoint. `samples` are its values in the rows of `gr.Examples`.

    `component_id` is empty when the parameter could not be matched to a component of the page.
    """

    name: str
    label: str
    component: str
    schema: Mapping[str, Any]
    properties: Mapping[str, Any]
    has_default: bool
    default: Any
    samples: tuple[Any, ...]
    example: Any
    component_id: str = ""


@dataclass(frozen=True)
class Result:
    """One value an endpoint returns.

    `is_input` says that its component is an input as well, `is_continued` that the function which
    follows on the page takes it and changes it again, as the reply follows the user's message.
    """

    label: str
    component: str
    schema: Mapping[str, Any]
    properties: Mapping[str, Any] = field(default_factory=dict)
    is_input: bool = False
    is_continued: bool = False
    component_id: str = ""


@dataclass(frozen=True)
class Function:
    """One public, named endpoint of an app.

    `events` are what sets it off on the page, such as `click`; `changes_state` says that one of
    its outputs is a gr.State.
    """

    name: str
    description: str
    inputs: tuple[Input, ...]
    results: tuple[Result, ...]
    streaming: bool
    kind: EndpointKind
    events: frozenset[str] = frozenset()
    changes_state: bool = False


def functions(config: Any, info: Any) -> tuple[Function, ...]:
    """Every public named endpoint, in the app's order."""
    named = mapping(mapping(info).get("named_endpoints"))
    layout = _Layout(mapping(config))
    return tuple(
        _function(str(name), mapping(endpoint), layout) for name, endpoint in named.items()
    )


def _function(name: str, endpoint: Mapping[str, Any], layout: _Layout) -> Function:
    dependency = layout.dependency(name)
    parameters = [mapping(each) for each in items(endpoint.get("parameters"))]
    components = layout.visible(dependency, "inputs", len(parameters))
    returns = [mapping(each) for each in items(endpoint.get("returns"))]
    shown = layout.visible(dependency, "outputs", len(returns))
    return Function(
        name=name,
        description=text(endpoint.get("description")),
        inputs=tuple(
            _input(index, parameter, component, layout)
            for index, (parameter, component) in enumerate(zip(parameters, components, strict=True))
        ),
        results=tuple(
            _result(value, component, dependency, layout)
            for value, component in zip(returns, shown, strict=True)
        ),
        streaming=mapping(dependency.get("types")).get("generator") is True,
        kind=_kind(name, dependency),
        events=frozenset(_events(dependency)),
        changes_state=layout.changes_state(dependency),
    )


def _input(
    index: int, parameter: Mapping[str, Any], component: Mapping[str, Any], layout: _Layout
) -> Input:
    return Input(
        name=text(parameter.get("parameter_name")) or f"argument {index}",
        label=text(parameter.get("label")),
        component=text(parameter.get("component")),
        schema=mapping(parameter.get("type")),
        properties=mapping(component.get("props")),
        has_default=parameter.get("parameter_has_default") is True,
        default=parameter.get("parameter_default"),
        samples=layout.samples(component.get("id")),
        example=parameter.get("example_input"),
        component_id=_identifier(component),
    )


def _result(
    value: Mapping[str, Any],
    component: Mapping[str, Any],
    dependency: Mapping[str, Any],
    layout: _Layout,
) -> Result:
    identifier = component.get("id")
    return Result(
        label=text(value.get("label")),
        component=text(value.get("component")),
        schema=mapping(value.get("type")),
        properties=mapping(component.get("props")),
        is_input=identifier in items(dependency.get("inputs")),
        is_continued=layout.is_continued(dependency, identifier),
        component_id=_identifier(component),
    )


def _identifier(component: Mapping[str, Any]) -> str:
    return str(component["id"]) if "id" in component else ""


def _events(dependency: Mapping[str, Any]) -> set[str]:
    return {text(items(target)[-1]) for target in items(dependency.get("targets")) if items(target)}


def _kind(name: str, dependency: Mapping[str, Any]) -> EndpointKind:
    if re.fullmatch(r"/lambda(_\d+)?", name):
        return "lambda"
    return "load" if _events(dependency) == {"load"} else "function"


class _Layout:
    """Components by id, dependencies by API name, and the examples of each component."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._dependencies = [mapping(each) for each in items(config.get("dependencies"))]
        self._components = {
            str(mapping(each).get("id")): mapping(each) for each in items(config.get("components"))
        }
        self._samples: dict[str, tuple[Any, ...]] = {}
        for identifier, column in self._example_columns():
            # Cached examples have more such events, whose outputs are the function's results.
            self._samples.setdefault(identifier, column)

    def dependency(self, name: str) -> Mapping[str, Any]:
        """The event behind the endpoint `name`, or an empty object."""
        wanted = (each for each in self._dependencies if f"/{each.get('api_name')}" == name)
        return next(wanted, {})

    def visible(
        self, dependency: Mapping[str, Any], side: Literal["inputs", "outputs"], count: int
    ) -> Sequence[Mapping[str, Any]]:
        """The components of the `count` parameters or returned values.

        Empty objects when they cannot be matched.
        """
        found = [self._component(each) for each in items(dependency.get(side))]
        visible = [each for each in found if not each.get("skip_api")]
        return visible if len(visible) == count else [{}] * count

    def is_continued(self, dependency: Mapping[str, Any], component: Any) -> bool:
        """Whether an event that comes right after this one takes the component and returns it."""
        if component is None or dependency.get("id") is None:
            return False
        return any(
            following.get("trigger_after") == dependency["id"]
            and component in items(following.get("inputs"))
            and component in items(following.get("outputs"))
            for following in self._dependencies
        )

    def changes_state(self, dependency: Mapping[str, Any]) -> bool:
        """Whether one of the outputs is a gr.State, which stays in the session."""
        outputs = map(self._component, items(dependency.get("outputs")))
        return any(each.get("type") == "state" for each in outputs)

    def samples(self, component: Any) -> tuple[Any, ...]:
        """The values that the app's examples give to the component with this id."""
        return self._samples.get(str(component), ())

    def _component(self, identifier: Any) -> Mapping[str, Any]:
        return self._components.get(str(identifier), {})

    def _example_columns(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Pairs of component id and its column, through the undocumented `load_example` events."""
        for dependency in self._dependencies:
            sources = items(dependency.get("inputs"))
            if not text(dependency.get("api_name")).startswith("load_example") or not sources:
                continue
            dataset = mapping(self._component(sources[0]).get("props"))
            rows = [row for row in map(items, items(dataset.get("samples"))) if row]
            for column, target in enumerate(items(dependency.get("outputs")) if rows else ()):
                yield str(target), tuple(row[column] for row in rows if column < len(row))
