"""Chats: the format of their messages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..finding import Hit, Severity
from ..gradio_handlers import BoundFunction, bound_functions
from ..gradio_objects import GradioCall, gradio_calls, gradio_file
from ..gradio_release import Release, release_of
from ..project import Project
from ..python import PythonFile, argument
from ..rule import rule


@rule(
    "GR_CHAT_TUPLES",
    Severity.ERROR,
    "Chat messages as pairs",
    source="gradio 6.31.0, called: Data incompatible with messages format",
    as_of="2026-11-23",
    reference="gradio",
)
def chat_tuples(project: Project) -> Iterator[Hit]:
    """Up to Gradio 5 a chat could be a list of [user, assistant] pairs. Since 6, and before with
    `type="messages"`, every message is a dict with `role` and `content`. A pair raises an error,
    for a first value at the start and otherwise with the first message; a loop over pairs gets the
    keys of the dicts.
    """
    release = release_of(project)
    if release is None:
        return
    for call in gradio_calls(project):
        value = argument(call.node, "value", 0) if call.name == "Chatbot" else None
        if value is not None and _wants_messages(release, call) and _is_pairs(value):
            message = _message("the value of gr.Chatbot", release)
            yield Hit(call.file.path, value.lineno, message, release.severity)
    for bound in bound_functions(project):
        for node in _pairs_of(project, bound, release):
            if isinstance(node, ast.For):
                # Nothing is raised for a message of two keys: the loop gets these, not the texts.
                message = _taken_apart(bound, release)
                yield Hit(bound.file.path, node.lineno, message, Severity.WARNING)
                continue
            what = f"`{bound.function.name}` adds a pair to the chat, which"
            yield Hit(bound.file.path, node.lineno, _message(what, release), release.severity)


def _taken_apart(bound: BoundFunction, release: Release) -> str:
    return (
        f"`{bound.function.name}` goes through the chat as pairs, but in {release.name} each item "
        f'is one message; use message["role"] and message["content"]{release.note}'
    )


def _message(what: str, release: Release) -> str:
    what = what if what.endswith("which") else f"{what} is a list of pairs, which"
    return (
        f'{what} {release.name} refuses; use {{"role": "user", "content": ...}} and '
        f'{{"role": "assistant", "content": ...}}{release.note}'
    )


def _wants_messages(release: Release, call: GradioCall) -> bool:
    given = argument(call.node, "type")
    return release.at_least_6 if given is None else call.file.constant(given) == "messages"


def _is_pairs(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.List)
        and bool(value.elts)
        and all(isinstance(one, ast.Tuple | ast.List) and len(one.elts) == 2 for one in value.elts)
    )


def _pairs_of(
    project: Project, bound: BoundFunction, release: Release
) -> Iterator[ast.expr | ast.stmt]:
    """Where a chat's function takes its history apart into pairs, or adds a pair to it."""
    names = _histories(project, bound, release)
    if not names:
        return
    for loop in bound.file.nodes(ast.For):
        if _is_own(bound, loop) and _name(loop.iter) in names and _takes_two(loop.target):
            yield loop
    for call in bound.file.method_calls("append"):
        function = call.func
        if (
            isinstance(function, ast.Attribute)
            and _name(function.value) in names
            and _is_own(bound, call)
            and call.args
            and _is_pair(call.args[0])
        ):
            yield call
    for sum_ in bound.file.nodes(ast.BinOp):
        if _is_own(bound, sum_) and _name(sum_.left) in names and _is_pairs(sum_.right):
            yield sum_


def _histories(project: Project, bound: BoundFunction, release: Release) -> set[str]:
    """The parameters of a function that surely hold a chat in the format of messages."""
    call = bound.call
    if call.name == "ChatInterface":
        return set(bound.parameters[1:2]) if _wants_messages(release, call) else set()
    inputs = argument(call.node, "inputs", 2 if call.name == "on" else 1)
    given = inputs.elts if isinstance(inputs, ast.List | ast.Tuple) else [inputs]
    outputs = argument(call.node, "outputs", 3 if call.name == "on" else 2)
    results = outputs.elts if isinstance(outputs, ast.List | ast.Tuple) else [outputs]
    chats = {
        one.id
        for one in results
        if isinstance(one, ast.Name) and _is_message_chat(project, call.file, one, release)
    }
    return {
        parameter
        for parameter, one in zip(bound.parameters, given, strict=False)
        if isinstance(one, ast.Name) and one.id in chats
    }


def _is_message_chat(project: Project, file: PythonFile, name: ast.Name, release: Release) -> bool:
    objects = gradio_file(project, file)
    if objects.kind_of(name) != "Chatbot":
        return False
    made = [call for call in objects.calls if call.name == "Chatbot"]
    return bool(made) and all(_wants_messages(release, call) for call in made)


def _is_own(bound: BoundFunction, node: ast.AST) -> bool:
    return bound.file.function_around(node) is bound.function


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _takes_two(target: ast.expr) -> bool:
    return isinstance(target, ast.Tuple | ast.List) and len(target.elts) == 2


def _is_pair(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 2:
        return not any(isinstance(one, ast.Dict) for one in node.elts)
    return False
