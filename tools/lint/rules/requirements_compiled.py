"""Packages that would have to be compiled during the build."""

from __future__ import annotations

from collections.abc import Iterator

from ...knowledge.packages import package_facts
from ...knowledge.wheels import CudaExtension, wheel_facts
from ..finding import Hit, Severity
from ..installing import applies, requirement_files
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import on_gradio, rule


@rule(
    "REQ_NEEDS_NVCC",
    Severity.ERROR,
    "The package has to be compiled, and the build has no compiler for CUDA",
    source="built with uv from PyPI on 2026-11-23: No module named 'torch'; build logs of 2026",
    as_of="2026-11-23",
    reference="zerogpu",
    when=on_gradio,
)
def needs_nvcc(project: Project) -> Iterator[Hit]:
    """The build container has neither nvcc nor a GPU, and pip builds from source in an environment
    without torch. A wheel that somebody built for the torch and Python of the Space can be named by
    its address.
    """
    if project.pre_requirements is not None and project.pre_requirements.named("torch"):
        return  # then torch may be there while the source is built
    fails = set(package_facts().need_torch_to_build)
    extensions = {found.name: found for found in wheel_facts().extensions}
    for file in requirement_files(project):
        for line in file.lines:
            extension = extensions.get(line.name)
            if not applies(line, project) or not _is_source(line):
                continue
            if line.name in fails and line.kind is LineKind.REQUIREMENT:
                message = f"`{line.text}` has no wheel on PyPI, and its source does not build here"
                yield Hit(line.file, line.line, message + _instead(extension))
            elif extension is not None and line.kind is LineKind.URL:
                message = f"{line.name} is compiled from source, and the build has no nvcc"
                yield Hit(line.file, line.line, message + _instead(extension), Severity.WARNING)


def _is_source(line: RequirementLine) -> bool:
    return ".whl" not in line.target


def _instead(extension: CudaExtension | None) -> str:
    if extension is not None and extension.wheel == "dataset":
        return f"; take a wheel from the dataset {wheel_facts().dataset}"
    return "; use a wheel by its address, or do without"
