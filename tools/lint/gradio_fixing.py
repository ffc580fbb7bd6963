"""How arguments of Gradio that are gone or moved are repaired, where that can be done surely."""

from __future__ import annotations

import ast

from ..knowledge.gradio_arguments import gradio_arguments
from ..knowledge.gradio_changes import Replacement, gradio_changes
from .edits import source
from .gradio_objects import GradioCall, gradio_calls
from .gradio_release import Release
from .project import Project
from .python import argument

REMOVE = ""
"""The new text of an argument that is taken out."""


def removal(call: GradioCall, given: ast.keyword, release: Release) -> str | None:
    """The text that stands instead of an argument: `REMOVE`, or None where a person must decide."""
    change = gradio_changes().argument(call.name, given.arg or "")
    if change is None or change.fix is None:
        return None
    new = _replaced(change.fix, given, source(call.file, given.value))
    if new is None or new == REMOVE:
        return new
    name = new.partition("=")[0]
    # Two arguments may turn into one; then a person has to say what their values make together.
    if any(one.arg == name for one in call.node.keywords) or _is_shared(call, change.fix, given):
        return None
    takes = gradio_arguments().takes(call.name, name, release.measured.bit)
    return new if takes else None


def _replaced(fix: Replacement, given: ast.keyword, text: str) -> str | None:
    value = str(given.value.value) if isinstance(given.value, ast.Constant) else None
    if fix.drop is not None:
        return REMOVE if not fix.drop or value in fix.drop else None
    if fix.rename is not None:
        return f"{fix.rename}={text}" if not fix.when or value in fix.when else None
    if fix.listed is not None:
        return f"{fix.listed}=[{text}]" if value not in {None, "None"} else None
    if fix.values is not None:
        return (fix.values[value] or REMOVE) if value in fix.values else None
    return f'buttons=["{fix.button}"]' if value == "True" else None


def _is_shared(call: GradioCall, fix: Replacement, given: ast.keyword) -> bool:
    """Whether another argument of the call wants to become `buttons` too."""
    if fix.button is None:
        return False
    others = [one for one in call.node.keywords if one is not given and one.arg]
    changes = [gradio_changes().argument(call.name, one.arg or "") for one in others]
    return any(change and change.fix and change.fix.button for change in changes)


def launch_of(project: Project, call: GradioCall, name: str) -> GradioCall | None:
    """The one launch() that an argument of Blocks can be moved to, as it is written."""
    same = [
        one
        for one in gradio_calls(project)
        if one.name == "Blocks.launch" and one.file is call.file and _launches(one, call)
    ]
    if len(same) != 1 or _twice(project, call) or argument(same[0].node, name) is not None:
        return None
    launch = same[0]
    scope = call.file.function_around(call.node)
    if scope is not call.file.function_around(launch.node) and not _is_constant(call, name):
        return None
    return launch if not any(one.arg is None for one in launch.node.keywords) else None


def _launches(launch: GradioCall, call: GradioCall) -> bool:
    """Whether a launch is called on what a call builds, directly or by its variable."""
    node: ast.AST = launch.node
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
        if node is call.node:
            return True
    return isinstance(node, ast.Name) and node.id == _variable(call)


def _variable(call: GradioCall) -> str | None:
    above = call.file.parents.get(call.node)
    target: ast.AST | None = None
    if isinstance(above, ast.Assign) and len(above.targets) == 1:
        target = above.targets[0]
    elif isinstance(above, ast.withitem):
        target = above.optional_vars
    return target.id if isinstance(target, ast.Name) else None


def _twice(project: Project, call: GradioCall) -> bool:
    """Whether the variable names several apps of the file."""
    name = _variable(call)
    others = [one for one in gradio_calls(project) if one.file is call.file and one is not call]
    return name is not None and any(_variable(one) == name for one in others)


def _is_constant(call: GradioCall, name: str) -> bool:
    """Whether a value means the same in another scope: literals and names of the module."""
    value = argument(call.node, name)
    names = {one.id for one in ast.walk(value) if isinstance(one, ast.Name)} if value else set()
    return names <= call.file.module_names.keys() | call.file.bound_imports.keys()
