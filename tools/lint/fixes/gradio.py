"""Repairs of Gradio: arguments and names that are gone, and what has no use in a Space."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from ...knowledge.gradio_changes import gradio_changes
from ..argument_edits import change_arguments, insertion, renamed, spans_of
from ..edits import replace_spans, source, span
from ..finding import Finding
from ..gradio_fixing import REMOVE, launch_of, removal
from ..gradio_mentions import mentions
from ..gradio_objects import GradioCall, gradio_calls
from ..gradio_release import release_of
from ..project import Project
from ..python import PythonFile
from . import Changes, fixes

_Replacing = Callable[[GradioCall, ast.keyword], "str | None"]


def _keywords(
    project: Project, findings: Sequence[Finding]
) -> Iterator[tuple[GradioCall, ast.keyword]]:
    """The arguments of Gradio's calls at the lines of findings."""
    places = {(finding.file, finding.line) for finding in findings}
    for call in gradio_calls(project):
        for keyword in call.node.keywords:
            lines = {keyword.lineno, keyword.value.lineno}
            if keyword.arg and any((call.file.path, line) in places for line in lines):
                yield call, keyword


def _changed(project: Project, findings: Sequence[Finding], replacing: _Replacing) -> Changes:
    """The files with each argument replaced that `replacing` has a text for."""
    by_file: dict[PythonFile, dict[ast.keyword, tuple[ast.Call, str]]] = defaultdict(dict)
    for call, keyword in _keywords(project, findings):
        new = replacing(call, keyword)
        if new is not None:
            by_file[call.file][keyword] = (call.node, new)
    return {file.path: change_arguments(file, changes) for file, changes in by_file.items()}


@fixes("GR_REMOVED_ARG")
def replace_removed(project: Project, findings: Sequence[Finding]) -> Changes:
    """Write what took the place of the arguments, or take them out."""
    release = release_of(project)
    if release is None:
        return {}

    def replacing(call: GradioCall, keyword: ast.keyword) -> str | None:
        if release.raises_for(call.name, keyword) is None:
            return None
        return removal(call, keyword, release)

    return _changed(project, findings, replacing)


@fixes("GR_REMOVED_VALUE")
def replace_value(project: Project, findings: Sequence[Finding]) -> Changes:
    """Write the arguments that took the place of the value."""

    def replacing(call: GradioCall, keyword: ast.keyword) -> str | None:
        for change in gradio_changes().removed_values:
            if keyword.arg == change.argument and call.file.constant(keyword.value) == change.value:
                return change.instead
        return None

    return _changed(project, findings, replacing)


@fixes("GR_SERVER_NAME", "GR_SERVER_PORT", "GR_SHARE_TRUE", "GR_DEBUG")
def leave_out(project: Project, findings: Sequence[Finding]) -> Changes:
    """Take the argument of launch() out: the platform decides."""
    names = {name for finding in findings for name in _LAUNCH_ARGUMENTS[finding.id]}

    def replacing(call: GradioCall, keyword: ast.keyword) -> str | None:
        is_launch = call.name in {"Blocks.launch", "Server.launch"}
        return REMOVE if is_launch and keyword.arg in names else None

    return _changed(project, findings, replacing)


_LAUNCH_ARGUMENTS = {
    "GR_SERVER_NAME": ("server_name",),
    "GR_SERVER_PORT": ("server_port",),
    "GR_SHARE_TRUE": ("share",),
    "GR_DEBUG": ("debug", "inbrowser"),
}


@fixes("GR_MOVED_ARG")
def move_to_launch(project: Project, findings: Sequence[Finding]) -> Changes:
    """Give the arguments to the launch() of the same app."""
    moved = gradio_changes().moved
    cut: dict[PythonFile, dict[ast.keyword, tuple[ast.Call, str]]] = defaultdict(dict)
    added: dict[PythonFile, dict[ast.Call, list[str]]] = defaultdict(lambda: defaultdict(list))
    for call, keyword in _keywords(project, findings):
        if call.name not in moved.calls or keyword.arg not in moved.arguments:
            continue
        launch = launch_of(project, call, keyword.arg)
        if launch is not None:
            cut[call.file][keyword] = (call.node, REMOVE)
            added[call.file][launch.node].append(source(call.file, keyword))
    return {file.path: _moved(file, cut[file], added[file]) for file in cut}


def _moved(
    file: PythonFile,
    cut: dict[ast.keyword, tuple[ast.Call, str]],
    added: dict[ast.Call, list[str]],
) -> str:
    inserted = dict(insertion(file, launch, texts) for launch, texts in added.items())
    return replace_spans(file.text, {**spans_of(file, cut), **inserted})


@fixes("GR_REMOVED_NAME")
def rename(project: Project, findings: Sequence[Finding]) -> Changes:
    """Use the name that does the same."""
    places = {(finding.file, finding.line) for finding in findings}
    spans: dict[PythonFile, dict[tuple[int, int], str]] = defaultdict(dict)
    for mention in mentions(project):
        known = gradio_changes().name(mention.name)
        node = mention.node
        if not isinstance(node, ast.Attribute) or known is None or known.rename is None:
            continue
        if mention.method is None and (mention.file.path, mention.line) in places:
            new = f"{source(mention.file, node.value)}.{known.rename}"
            spans[mention.file][span(mention.file, node)] = new
    return {file.path: replace_spans(file.text, changes) for file, changes in spans.items()}


@fixes("GR_CLIENT_HF_TOKEN")
def rename_token(project: Project, findings: Sequence[Finding]) -> Changes:
    """Use the name that the client of the declared Gradio takes."""
    release = release_of(project)
    right = "token" if release is not None and release.at_least_6 else "hf_token"
    wrong = "hf_token" if right == "token" else "token"
    return rename_keywords(project, findings, wrong, right)


def rename_keywords(
    project: Project, findings: Sequence[Finding], wrong: str, right: str
) -> Changes:
    """The files with an argument renamed at the lines of findings, in whatever calls they are."""
    places = {(finding.file, finding.line) for finding in findings}
    changes: Changes = {}
    for file in project.running:
        found = {
            keyword: (call, renamed(file, keyword, right))
            for call in file.calls
            for keyword in call.keywords
            if keyword.arg == wrong and (file.path, keyword.lineno) in places
        }
        if found:
            changes[file.path] = change_arguments(file, found)
    return changes
