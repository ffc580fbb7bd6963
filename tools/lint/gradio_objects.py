"""What the names of a file mean where they are Gradio's: classes, and the objects made of them.

An object is followed through assignments, `with ... as`, chained calls and the project's own
modules. Where a name gets values of different kinds, or one that cannot be told, it means nothing.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..knowledge.gradio_arguments import gradio_arguments
from .bindings import bound, pairs, parameters
from .project import Project
from .python import Function, PythonFile

DEPENDENCY = "Dependency"
"""What an event listener returns: `.then` and `.success` follow it."""
_FOLLOWERS = frozenset({"then", "success", "failure"})
_SAME_AGAIN = frozenset({"queue", "render"})
DEEPEST = 8

_Scope = ast.AST | None
_Binding = tuple[_Scope, str]


@dataclass(frozen=True, eq=False)
class GradioCall:
    """A call that is surely Gradio's; `name` as in `gradio_arguments`: `Textbox`, `event`."""

    name: str
    node: ast.Call
    file: PythonFile

    @property
    def spelt(self) -> str:
        """How to call it in a message."""
        if self.name.startswith("event"):
            function = self.node.func
            return f".{function.attr}()" if isinstance(function, ast.Attribute) else "the event"
        if self.name.startswith(("Blocks.", "Server.")):
            return f"{self.name.partition('.')[2]}()"
        return f"gr.{self.name}"


class GradioObjects:
    """The readings of a project's files, each made once; get it with `project.once`."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._files: dict[str, GradioFile] = {}

    def of(self, file: PythonFile) -> GradioFile:
        """The reading of one file."""
        if file.path not in self._files:
            self._files[file.path] = GradioFile(self, file)
        return self._files[file.path]

    @cached_property
    def calls(self) -> list[GradioCall]:
        """Every call in the running files that is surely Gradio's."""
        return [call for file in self.project.running for call in self.of(file).calls]


def gradio_file(project: Project, file: PythonFile) -> GradioFile:
    """The reading of one file."""
    return project.once(GradioObjects).of(file)


def gradio_calls(project: Project) -> list[GradioCall]:
    """Every call in the running files that is surely Gradio's."""
    return project.once(GradioObjects).calls


class GradioFile:
    """One file, as `GradioObjects` gives it."""

    def __init__(self, objects: GradioObjects, file: PythonFile) -> None:
        self._objects = objects
        self.file = file
        self._kinds: dict[ast.expr, str | None] = {}
        self._asked: set[ast.expr] = set()
        self._sure: dict[str, bool] = {}

    @cached_property
    def calls(self) -> list[GradioCall]:
        """The calls of this file that are surely Gradio's, in source order."""
        found = []
        for node in self.file.calls:
            name = self._call_name(node)
            if name is not None:
                found.append(GradioCall(name, node, self.file))
        return found

    def name_of(self, node: ast.AST) -> str | None:
        """`Textbox` for `gr.Textbox` and for what `from gradio import Textbox` binds."""
        qualified = self.file.qualified(node)
        if qualified is None or not qualified.startswith("gradio."):
            return None
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or not self._is_surely_imported(root.id):
            return None
        return _canonical(qualified)

    def kind_of(self, node: ast.expr, depth: int = 0) -> str | None:
        """The class of the object that an expression gives, if it is Gradio's."""
        if node in self._kinds:
            return self._kinds[node]
        if node in self._asked or depth > DEEPEST:
            return None
        self._asked.add(node)
        kind = self._kind(node, depth)
        self._asked.discard(node)
        self._kinds[node] = kind
        return kind

    def _call_name(self, node: ast.Call) -> str | None:
        name = self.name_of(node.func)
        if name is not None:
            return name
        function = node.func
        if not isinstance(function, ast.Attribute) or function.attr not in _methods():
            return None
        kind = self.kind_of(function.value)
        return _method_name(kind, function.attr) if kind is not None else None

    def _kind(self, node: ast.expr, depth: int) -> str | None:
        if isinstance(node, ast.Call):
            return self._kind_of_call(node, depth)
        if isinstance(node, ast.Name):
            return self._kind_of_name(node, depth)
        if isinstance(node, ast.Attribute):
            owner = self.file.class_around(node)
            if isinstance(node.value, ast.Name) and node.value.id == "self" and owner is not None:
                return self.common_kind(self._attributes.get((owner, node.attr), []), depth)
        return None

    def _kind_of_call(self, node: ast.Call, depth: int) -> str | None:
        name = self.name_of(node.func)
        if name is not None:
            return _made_by(name)
        if isinstance(node.func, ast.Attribute):
            kind = self.kind_of(node.func.value, depth + 1)
            if kind is not None:
                if node.func.attr in _SAME_AGAIN:
                    return kind
                return DEPENDENCY if node.func.attr in _methods() - {"launch"} else None
        return self._kind_of_result(node, depth)

    def _kind_of_result(self, node: ast.Call, depth: int) -> str | None:
        """What a function of the project returns, when it always returns the same kind."""
        name = self.file.qualified(node.func)
        found = self._objects.project.definition(self.file, name) if name else None
        if found is None or not isinstance(found[1], Function):
            return None
        file, function = found
        other = self._objects.of(file)
        returned: list[ast.expr | None] = [
            one.value
            for one in file.nodes(ast.Return)
            if file.function_around(one) is function and one.value is not None
        ]
        return other.common_kind(returned, depth)

    def _kind_of_name(self, node: ast.Name, depth: int) -> str | None:
        scope: _Scope = self.file.function_around(node)
        while True:
            if (scope, node.id) in self._bindings:
                return self.common_kind(self._bindings[scope, node.id], depth)
            if scope is None:
                return self._kind_of_import(node.id, depth)
            scope = self.file.function_around(scope)

    def _kind_of_import(self, name: str, depth: int) -> str | None:
        """The kind of a variable of another module: `from ui import demo`."""
        imported = next((one for one in self.file.imports if one.binds == name), None)
        if imported is None or not isinstance(imported.node, ast.ImportFrom):
            return None
        file = self._objects.project.module_file(
            imported.module, importer=self.file, level=imported.level
        )
        if file is None or file is self.file:
            return None
        other = self._objects.of(file)
        return other.common_kind(other.bindings(imported.target.rpartition(".")[2]) or [], depth)

    def common_kind(self, values: list[ast.expr | None], depth: int = 0) -> str | None:
        """The one kind that all of some expressions have; what is being asked is left out."""
        kinds = {
            self.kind_of(value, depth + 1) if value is not None else None
            for value in values
            if value not in self._asked
        }
        return kinds.pop() if len(kinds) == 1 else None

    def bindings(self, name: str, scope: _Scope = None) -> list[ast.expr | None] | None:
        """What a name is bound to in a scope; None in the list is something unknown."""
        return self._bindings.get((scope, name))

    @cached_property
    def _bindings(self) -> dict[_Binding, list[ast.expr | None]]:
        found: dict[_Binding, list[ast.expr | None]] = defaultdict(list)
        for target, value in bound(self.file):
            for name, part in pairs(target, value):
                found[self.file.function_around(target), name].append(part)
        for function in self.file.functions:
            for parameter in parameters(function):
                found[function, parameter.arg].append(None)
        return dict(found)

    @cached_property
    def _attributes(self) -> dict[tuple[ast.ClassDef, str], list[ast.expr | None]]:
        """What `self.name` is bound to, by class."""
        found: dict[tuple[ast.ClassDef, str], list[ast.expr | None]] = defaultdict(list)
        for target, value in bound(self.file):
            owner = self.file.class_around(target) if isinstance(target, ast.Attribute) else None
            if owner is not None and isinstance(target, ast.Attribute):
                found[owner, target.attr].append(value)
        return dict(found)

    def _is_surely_imported(self, name: str) -> bool:
        """Whether a name is bound by imports of Gradio and by nothing else that is in sight."""
        if name not in self._sure:
            imports = [one for one in self.file.imports if one.binds == name]
            gradio = all(one.level == 0 and one.target.split(".")[0] == "gradio" for one in imports)
            again = rf"^[ \t]*(?:{name}[ \t]*=[^=]|(?:async[ \t]+def|def|class)[ \t]+{name}\b)"
            rebound = re.search(again, self.file.text, re.MULTILINE)
            self._sure[name] = bool(imports) and gradio and rebound is None
        return self._sure[name]


def _method_name(kind: str, method: str) -> str | None:
    """What `gradio_arguments` calls a method of an object of that kind."""
    table = gradio_arguments()
    if kind == DEPENDENCY:
        return "event.then" if method in _FOLLOWERS else None
    if table.is_blocks(kind) and method in {"launch", "queue"}:
        return f"Blocks.{method}"
    if table.is_blocks(kind) and method in {"load", "unload"}:
        return "Blocks.load"
    if kind == "Server":
        return f"Server.{method}"
    return "event" if table.has_event(kind, method) else None


def _canonical(qualified: str) -> str:
    """`gradio.components.textbox.Textbox` as `Textbox`; what is in no known module stays long."""
    _, *parts = qualified.split(".")
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
        while len(parts) > 1 and parts[0].islower():
            parts = parts[1:]
    return ".".join(parts)


def _made_by(name: str) -> str | None:
    """The kind of what a call of Gradio gives."""
    if name == "load":
        return "Blocks"
    if name in {"on", "api"}:
        return DEPENDENCY
    if name in {"Interface.load", "Blocks.load", "Interface.from_pipeline"}:
        return "Interface"
    return name if name[:1].isupper() and "." not in name else None


_MODULES = frozenset(
    {"components", "blocks", "layouts", "interface", "chat_interface", "templates", "helpers"}
    | {"events", "routes", "server"}
)


@lru_cache(maxsize=1)
def _methods() -> frozenset[str]:
    """Every method that is followed."""
    return gradio_arguments().events | _FOLLOWERS | {"launch", "queue", "load", "unload"}
