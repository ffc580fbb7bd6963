"""Packages that a call needs though nobody imports them: a device map needs accelerate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .attempts import is_prepared
from .execution import execution_of
from .models import reads_weights
from .project import Project
from .provided import is_installed, lists_unknown_packages, may_be_brought
from .python import PythonFile, argument

ACCELERATE = "accelerate"
_LIBRARIES = frozenset({"transformers", "diffusers"})


@dataclass(frozen=True)
class NeededByCall:
    """A call whose library asks for a package that nothing installs; `is_sure` says that it is made
    while the app starts, and that nothing in the requirements is unknown.
    """

    file: PythonFile
    call: ast.Call
    distribution: str
    is_sure: bool


def needed_by_calls(project: Project) -> tuple[NeededByCall, ...]:
    """The first such call of each file; none where unknown packages are installed.

    `device_map=` makes transformers 5.23.0 (integrations/accelerate.py) and diffusers 0.42.1
    (pipelines/pipeline_utils.py) raise when accelerate is not there; so did versions 4 and 0.3x.
    """
    return project.once(_needed_by_calls)


def _needed_by_calls(project: Project) -> tuple[NeededByCall, ...]:
    if is_installed(project, ACCELERATE) or lists_unknown_packages(project):
        return ()
    return tuple(found for file in project.running for found in _in_file(project, file))


def _in_file(project: Project, file: PythonFile) -> Iterator[NeededByCall]:
    if "device_map" not in file.text:
        return
    model = execution_of(project)
    for call in file.calls:
        mapped = argument(call, "device_map")
        if mapped is None or (isinstance(mapped, ast.Constant) and mapped.value is None):
            continue
        library = (file.qualified(call.func) or "").partition(".")[0]
        if library not in _LIBRARIES or not reads_weights(file, call) or is_prepared(file, call):
            continue
        scope = model.graph.around(file, call)
        is_sure = scope in model.at_import and not may_be_brought(project, ACCELERATE)
        yield NeededByCall(file, call, ACCELERATE, is_sure)
        return
