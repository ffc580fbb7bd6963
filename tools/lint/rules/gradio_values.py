"""Values that Gradio takes and that do not do what they look like."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from ...knowledge.gradio_changes import gradio_changes
from ..attempts import is_prepared
from ..finding import Fix, Hit, Severity
from ..gradio_handlers import function_of
from ..gradio_objects import GradioCall, gradio_calls
from ..gradio_release import release_of
from ..project import Project
from ..python import argument
from ..rule import rule

_SCRIPT = re.compile(
    r"<script(?![^>]*type\s*=\s*[\"']?(?:application/|text/(?:template|plain)))", re.I
)


@rule(
    "GR_REMOVED_VALUE",
    Severity.ERROR,
    "A value that an argument does not take any more",
    source="gradio 4.44.1, 5.50.0 and 6.31.0, called",
    as_of="2026-11-23",
    reference="gradio",
    fix=Fix.SAFE,
)
def removed_value(project: Project) -> Iterator[Hit]:
    """The argument is still there, so nothing looks wrong, but this value of it raises an error
    while the app starts: `cache_examples="lazy"` became an argument of its own.
    """
    release = release_of(project)
    if release is None:
        return
    for call in gradio_calls(project):
        for change in gradio_changes().removed_values:
            given = argument(call.node, change.argument)
            gone = release.major >= int(change.since.partition(".")[0])
            if given is None or not gone or call.file.constant(given) != change.value:
                continue
            if not is_prepared(call.file, call.node):
                message = (
                    f'{call.spelt}({change.argument}="{change.value}") raises {change.effect} in '
                    f"{release.name}; use {change.instead}{release.note}"
                )
                yield Hit(call.file.path, given.lineno, message, release.severity)


@rule(
    "GR_HTML_SCRIPT",
    Severity.WARNING,
    "A script in gr.HTML that no browser runs",
    source="gradio 6.31.0 warns of it since 6.18; HTML standard: innerHTML runs no scripts",
    as_of="2026-11-23",
    reference="gradio",
)
def html_script(project: Project) -> Iterator[Hit]:
    """Gradio puts the text into the page as inner HTML, and browsers do not run scripts that come
    this way. Scripts belong into `head=`, `js=` or the component's `js_on_load=`.
    """
    for call in gradio_calls(project):
        if call.name not in {"HTML", "Markdown"}:
            continue
        value = argument(call.node, "value", 0)
        if value is not None and _SCRIPT.search(_text(call, value)):
            message = (
                f"the <script> in {call.spelt} is never run; put it into `head=` or `js=`, or into "
                "`js_on_load=` of gr.HTML since Gradio 6"
            )
            yield Hit(call.file.path, call.node.lineno, message)


def _text(call: GradioCall, value: ast.expr) -> str:
    if isinstance(value, ast.JoinedStr):
        parts = [one.value for one in value.values if isinstance(one, ast.Constant)]
        return "".join(str(part) for part in parts)
    found = call.file.constant(value)
    return found if isinstance(found, str) else ""


@rule(
    "GR_API_NAME_COLLISION",
    Severity.WARNING,
    "Two endpoints that want the same name",
    source="gradio 4.44.1, 5.50.0 and 6.31.0, called: the second becomes `name_1`",
    as_of="2026-11-23",
    reference="gradio",
)
def api_name_collision(project: Project) -> Iterator[Hit]:
    """Gradio renames the second one to `name_1` without a word. Who calls `name` gets the first
    function, whichever that is after the next change of the page.
    """
    for calls in _by_api_name(project).values():
        first, *others = calls
        for call in others:
            differs = _differs(project, first, call)
            name = call.file.constant(argument(call.node, "api_name"))
            message = (
                f'`api_name="{name}"` is taken by line {first.node.lineno}, so this endpoint '
                f"becomes `{name}_1`; give it its own name"
            )
            if not differs:
                message += ', or bind both events with gr.on([...], api_name="...")'
            given = argument(call.node, "api_name")
            line = given.lineno if given is not None else call.node.lineno
            severity = None if differs else Severity.INFO
            yield Hit(call.file.path, line, message, severity)


def _by_api_name(project: Project) -> dict[tuple[str, object, str], list[GradioCall]]:
    """Calls of one file that build into the same Blocks, by the name they ask for."""
    found: dict[tuple[str, object, str], list[GradioCall]] = defaultdict(list)
    for call in gradio_calls(project):
        name = call.file.constant(argument(call.node, "api_name"))
        if call.name in {"event", "event.then", "on", "api"} and isinstance(name, str):
            found[call.file.path, _blocks_around(call), name.strip("/")].append(call)
    return {key: calls for key, calls in found.items() if len(calls) > 1}


def _blocks_around(call: GradioCall) -> object:
    """The outermost `with` around a call, which stands for the Blocks it is built into.

    Calls in branches may exclude each other, and calls in loops repeat; these stand alone.
    """
    outermost: object = call
    for above in call.file.ancestors(call.node):
        if isinstance(above, ast.If | ast.For | ast.While | ast.Try):
            return call
        if isinstance(above, ast.With):
            outermost = above
    return outermost


def _differs(project: Project, first: GradioCall, second: GradioCall) -> bool:
    functions = [function_of(project, call) for call in (first, second)]
    if None not in functions:
        return functions[0] != functions[1]
    one, other = (argument(call.node, "fn", 0) for call in (first, second))
    return one is None or other is None or ast.dump(one) != ast.dump(other)
