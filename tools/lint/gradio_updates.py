"""Telling components that are built from those that an event handler returns as an update.

Inside a handler `gr.Textbox(x=1)` is not built: Gradio sends its arguments to the page, and does
not look whether the component takes them (gradio 4.44.1 to 6.31.0, `component_meta.updateable`).
"""

from __future__ import annotations

import ast

from .gradio_objects import GradioCall, gradio_file
from .project import Project

_NOT_COMPONENTS = frozenset({"Blocks", "Interface", "ChatInterface", "TabbedInterface", "Examples"})


def may_be_update(project: Project, call: GradioCall) -> bool:
    """Whether a component may be a handler's answer instead of a part of the page."""
    if not call.name[:1].isupper() or "." in call.name or call.name in _NOT_COMPONENTS:
        return False
    function = call.file.function_around(call.node)
    if function is None or _stands_in_layout(project, call):
        return False
    return isinstance(function, ast.Lambda) or not is_called(project, function.name)


def is_called(project: Project, function: str) -> bool:
    """Whether the running files call a function of that name themselves."""
    return function in project.once(_called_names)


def _called_names(project: Project) -> frozenset[str]:
    return frozenset(
        name.rpartition(".")[2] for file in project.running for name in file.called_names
    )


def _stands_in_layout(project: Project, call: GradioCall) -> bool:
    """Whether a `with gr....:` of the same function is around the call."""
    objects = gradio_file(project, call.file)
    for above in call.file.ancestors(call.node):
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        if isinstance(above, ast.With) and any(
            objects.kind_of(item.context_expr) for item in above.items
        ):
            return True
    return False
