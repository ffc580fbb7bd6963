"""Where the running files name something of Gradio: `gr.Box`, `from gradio import inputs`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..knowledge.gradio_changes import gradio_changes
from .gradio_objects import gradio_file
from .project import Project
from .python import PythonFile


@dataclass(frozen=True, eq=False)
class Mention:
    """`name` is the first part after `gradio.`; `method` the removed method that is called."""

    name: str
    node: ast.AST
    file: PythonFile
    method: str | None = None

    @property
    def line(self) -> int:
        """Where it stands."""
        return getattr(self.node, "end_lineno" if self.is_attribute else "lineno", None) or 1

    @property
    def is_attribute(self) -> bool:
        """Whether it is `gr.Name` and no import."""
        return isinstance(self.node, ast.Attribute)

    @property
    def spelt(self) -> str:
        """How to call it in a message."""
        return f"`.{self.method}()` of components" if self.method else f"gr.{self.name}"


def mentions(project: Project) -> list[Mention]:
    """Every mention in the running files, in source order."""
    return project.once(_all)


def _all(project: Project) -> list[Mention]:
    found: list[Mention] = []
    for file in project.running:
        if "gradio" in file.text:
            found += _imported(file)
            found += _attributes(project, file)
            found += _methods(project, file)
    return found


def _imported(file: PythonFile) -> Iterator[Mention]:
    for imported in file.imports:
        package, _, inner = imported.target.partition(".")
        whole = inner or imported.module.partition(".")[2]
        if imported.level == 0 and package == "gradio" and whole and not whole.startswith(_HIDDEN):
            yield Mention(whole.partition(".")[0], imported.node, file)


def _attributes(project: Project, file: PythonFile) -> Iterator[Mention]:
    roots = [name for name, target in file.bound_imports.items() if target == "gradio"]
    if not roots:
        return
    # Most files name nothing that is gone: a look at the text spares the look at every node.
    pattern = rf"\b(?:{'|'.join(map(re.escape, roots))})\s*\.\s*(\w+)"
    if not set(re.findall(pattern, file.text)) - _everywhere():
        return
    objects = gradio_file(project, file)
    for node in file.nodes(ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in roots and _is_read(file, node):
            name = objects.name_of(node)
            if name is not None and not name.startswith(_HIDDEN):
                yield Mention(name.partition(".")[0], node, file)


def _is_read(file: PythonFile, node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Load) and not isinstance(file.parents.get(node), ast.Delete)


def _everywhere() -> frozenset[str]:
    from ..knowledge.gradio_arguments import gradio_arguments

    return gradio_arguments().names_of_all


_HIDDEN = ("_", "*")
"""Dunder names, which modules have, and everything at once."""


def _methods(project: Project, file: PythonFile) -> Iterator[Mention]:
    objects = gradio_file(project, file)
    for call in file.method_calls(*(method.name for method in gradio_changes().methods)):
        function = call.func
        if not isinstance(function, ast.Attribute):
            continue
        of_class = objects.name_of(function.value)
        kind = of_class or objects.kind_of(function.value)
        if kind is not None and kind[:1].isupper() and kind not in _WITH_OWN:
            yield Mention(kind, function, file, method=function.attr)


_WITH_OWN = frozenset({"Progress", "OAuthProfile", "Row", "Request", "Dependency", "Cache"})
"""What has such a method for another reason, in the measured releases."""
