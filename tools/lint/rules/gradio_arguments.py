"""Arguments of Gradio that the declared version does not take, or takes somewhere else."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from ...knowledge.gradio_arguments import gradio_arguments
from ...knowledge.gradio_changes import gradio_changes
from ..attempts import is_prepared
from ..finding import Fix, Hit, Severity
from ..gradio_fixing import launch_of, removal
from ..gradio_objects import GradioCall, gradio_calls
from ..gradio_release import Release, release_of
from ..gradio_updates import may_be_update
from ..project import Project
from ..python import argument
from ..rule import rule

SOURCE = "signatures of gradio 4.44.1, 5.50.0 and 6.31.0, installed and called"


@rule(
    "GR_REMOVED_ARG",
    Severity.ERROR,
    "An argument that the installed Gradio does not take",
    source=SOURCE,
    as_of="2026-11-23",
    reference="gradio",
    fix=Fix.SAFE,
)
def removed_argument(project: Project) -> Iterator[Hit]:
    """Gradio drops arguments with each major version, and passing one that is gone raises
    TypeError while the app starts: the Space stops with a runtime error. Most apps written for
    Gradio 4 or 5 have some.
    """
    release = release_of(project)
    if release is None:
        return
    for call in gradio_calls(project):
        for given in call.node.keywords:
            raised = release.raises_for(call.name, given)
            if given.arg is None or raised is None:
                continue
            if is_prepared(call.file, call.node) or may_be_update(project, call):
                continue
            yield Hit(
                call.file.path,
                given.lineno,
                _removed(call, given.arg, raised, release),
                release.severity,
                fixable=removal(call, given, release) is not None,
            )


def _removed(call: GradioCall, name: str, raised: str, release: Release) -> str:
    known = gradio_arguments().versions_taking(call.name, name)
    change = gradio_changes().argument(call.name, name)
    what = f"{call.spelt} takes no `{name}` in {release.name}"
    if release.is_before(known):
        return f"{what}: it raises {raised}; `sdk_version: {known[0]}` has it"
    since = f", gone since {change.since}" if change and known else ""
    advice = change.instead if change else _nearest(call, name, release)
    advice = advice if not advice or advice.startswith("leave") else f"use {advice}"
    end = f"; {advice}" if advice else ""
    return f"{what}{since}: it raises {raised}{end}{release.note}"


def _nearest(call: GradioCall, name: str, release: Release) -> str:
    names = gradio_arguments().arguments(call.name, release.measured.bit)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return f"`{close[0]}`" if close else ""


@rule(
    "GR_MOVED_ARG",
    Severity.INFO,
    "An argument of Blocks that belongs to launch()",
    source="gradio 6.31.0, called; migration guide of Gradio 6",
    as_of="2026-11-23",
    reference="gradio",
    fix=Fix.SAFE,
)
def moved_argument(project: Project) -> Iterator[Hit]:
    """Since Gradio 6 the look of an app (`theme`, `css`, `js`, `head`) is given to `launch()`.
    `Blocks` and `Interface` still pass it on with a warning, their relatives such as
    `ChatInterface` refuse it.
    """
    release = release_of(project)
    if release is None or not release.at_least_6:
        return
    moved = gradio_changes().moved
    for call in gradio_calls(project):
        if call.name not in moved.calls or is_prepared(call.file, call.node):
            continue
        for name in moved.arguments:
            value = argument(call.node, name)
            if value is not None and not _is_none(value):
                message = (
                    f"`{name}` of {call.spelt} belongs to launch({name}=...) since Gradio "
                    f"{moved.since}; here it only works with a warning{release.note}"
                )
                fixable = launch_of(project, call, name) is not None
                yield Hit(call.file.path, value.lineno, message, fixable=fixable)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
