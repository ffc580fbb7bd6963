"""Packages with CUDA code that an app asks for, and the wheels known for ZeroGPU's cards."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from ..knowledge.wheels import CudaExtension, wheel_facts
from ..lint.project import Project
from .subjects import CudaNeed

_PIP_INSTALL = re.compile(r"pip3?\s+install\s+(?P<rest>[^\n;&|\"']+)")
_FILES = ("requirements.txt", "pre-requirements.txt", "requirements-gpu.txt")
_BUILDS = re.compile(r"\b(CUDAExtension|CppExtension|load_inline)\b")


def cuda_needs(project: Project) -> tuple[CudaNeed, ...]:
    """Every such package once, with where it is asked for, and the app's own CUDA code."""
    found: dict[str, CudaNeed] = {}
    for name, place in _asked_for(project):
        extension = _extension(name)
        if extension is not None:
            found.setdefault(extension.name, _need(extension, place))
    for path in _own_code(project):
        advice = "the app's own CUDA code needs nvcc, which a Space's build does not have"
        own = f"{project.folder_of(path) or 'this app'} ({path})"
        found.setdefault(own, CudaNeed(name=own, seen_in=path, wheel="none", advice=advice))
    return tuple(found.values())


def _asked_for(project: Project) -> Iterator[tuple[str, str]]:
    """Names of packages or modules, each with file and line."""
    for path in _FILES:
        requirements = project.requirements_file(path)
        for line in requirements.lines if requirements else ():
            if line.name:
                yield line.name, f"{path}:{line.line}"
    for file in project.running:
        for node in file.nodes(ast.Constant):
            if isinstance(node.value, str):
                for name in _installed_by(node.value):
                    yield name, f"{file.path}:{node.lineno}"
        for imported in file.imports:
            if imported.level == 0:
                yield imported.module.partition(".")[0], f"{file.path}:{imported.line}"


def _installed_by(text: str) -> Iterator[str]:
    """Packages of a `pip install ...` inside a string."""
    for match in _PIP_INSTALL.finditer(text[:2_000]):
        for word in match["rest"].split():
            if not word.startswith("-"):
                yield re.split(r"[<>=!~\[]", word, maxsplit=1)[0]


def _extension(name: str) -> CudaExtension | None:
    canonical = canonicalize_name(name)
    for extension in wheel_facts().extensions:
        known = {extension.name, *map(canonicalize_name, extension.modules)}
        if canonical in known or canonical.startswith(f"{extension.name}-cu"):
            return extension
    return None


def _need(extension: CudaExtension, place: str) -> CudaNeed:
    facts = wheel_facts()
    note = f"; {extension.note}" if extension.note else ""
    if extension.wheel == "index":
        advice = f"its wheel on PyPI brings the CUDA code{note}"
    elif extension.wheel == "dataset":
        cells = ", ".join(dict.fromkeys(cell.torch for cell in facts.cells))
        advice = (
            f"built for ZeroGPU's cards in {facts.dataset} for torch {cells} (as of"
            f" {facts.as_of:%Y-%m}); copy the file's name from its listing{note}"
        )
    else:
        advice = (
            "no wheel for ZeroGPU's cards is known and a Space's build has no nvcc: replace it,"
            f" or build a wheel elsewhere{note}"
        )
    return CudaNeed(name=extension.name, seen_in=place, wheel=extension.wheel, advice=advice)


def _own_code(project: Project) -> Iterator[str]:
    """The setup files that compile CUDA code; sources alone may be somebody's leftover."""
    has_sources = any(path.endswith(".cu") for path in project.paths)
    for path in project.files_ending("setup.py"):
        text = project.text(path) or ""
        if _BUILDS.search(text) and (has_sources or "CUDAExtension" in text):
            yield path
