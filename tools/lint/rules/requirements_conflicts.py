"""Requirements that cannot be installed together with what the card's Gradio needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ...knowledge.gradio_needs import gradio_needs
from ..finding import Fix, Hit, Severity
from ..hub_ranges import HUB, hub_ranges
from ..installing import (
    applies,
    gradio_version,
    installed_lines,
    platform_lines,
    requirement_files,
    specifier_of,
    uses_requirements,
)
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import on_gradio, rule
from ..specifiers import can_be_met

_METADATA = "Requires-Dist of 45 Gradio releases on PyPI; uv pip compile of the platform's call"
_OWN_RULES = frozenset({"pydantic", "pydantic-core", "mcp", "torch", "spaces"})


def _demands(project: Project) -> dict[str, str]:
    """Package to what the platform's own line asks of it, directly or through Gradio."""
    version = gradio_version(project)
    if version is None:
        return {}
    found = dict(gradio_needs(version))
    for text in platform_lines(project, version):
        parsed = Requirement(text)
        name = canonicalize_name(parsed.name)
        found[name] = ",".join(filter(None, [found.get(name, ""), str(parsed.specifier)]))
    return found


def _conflicts(project: Project, *names: str) -> Iterator[tuple[RequirementLine, str]]:
    """Lines that no version can satisfy together with the platform's, with the platform's range."""
    demands = _demands(project)
    for line in installed_lines(project, *names):
        needed = demands.get(line.name)
        if not needed or line.kind is not LineKind.REQUIREMENT:
            continue
        if not can_be_met(needed, specifier_of(line)):
            yield line, needed


@rule(
    "REQ_SDK_VERSION_CONFLICT",
    Severity.ERROR,
    "A requirement contradicts the Gradio of `sdk_version`",
    source=_METADATA,
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def sdk_version_conflict(project: Project) -> Iterator[Hit]:
    """requirements.txt and the card's Gradio are installed in one call of pip. When no version of a
    package satisfies both, the call ends in ResolutionImpossible and the Space in BUILD_ERROR.
    """
    version = gradio_version(project)
    for line, needed in _conflicts(project):
        if line.name in _OWN_RULES:
            continue
        if line.name == "gradio":
            message = (
                f"`{line.text}` cannot be met together with `sdk_version: {version}`; take the "
                "line out, or set sdk_version to the version that is meant"
            )
        else:
            message = (
                f"`{line.text}` cannot be met together with `sdk_version: {version}`, whose Gradio "
                f"needs {line.name}{needed}"
            )
        yield Hit(line.file, line.line, message, fixable=line.name in {"gradio", "gradio-client"})


@rule(
    "REQ_PYDANTIC",
    Severity.ERROR,
    "pydantic is outside of what the card's Gradio accepts",
    source=_METADATA,
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def pydantic_conflict(project: Project) -> Iterator[Hit]:
    """The platform installs `gradio[mcp]`, and that extra accepts a narrow range of pydantic. A
    lock file with another pydantic is a common reason why a build cannot be resolved.
    """
    yield from _gradio_refuses(project, "pydantic")


@rule(
    "REQ_MCP",
    Severity.ERROR,
    "mcp is outside of what the card's Gradio accepts",
    source=_METADATA,
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def mcp_conflict(project: Project) -> Iterator[Hit]:
    """The platform installs `gradio[mcp]`, which stays below mcp 2. An app that needs mcp 2 has to
    be a Docker Space, where Gradio can go without the extra.
    """
    yield from _gradio_refuses(project, "mcp")


def _gradio_refuses(project: Project, name: str) -> Iterator[Hit]:
    version = gradio_version(project)
    for line, needed in _conflicts(project, name):
        message = (
            f"`{line.text}` cannot be installed: the platform adds gradio[mcp]=={version}, which "
            f"needs {name}{needed}"
        )
        yield Hit(line.file, line.line, message)


@rule(
    "REQ_TRANSFORMERS_GRADIO6",
    Severity.ERROR,
    "Two packages need different generations of huggingface_hub",
    source="Requires-Dist of transformers, tokenizers and gradio on PyPI",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def transformers_and_gradio(project: Project) -> Iterator[Hit]:
    """transformers 4 stays below huggingface_hub 1.0, and Gradio since 6.18 needs 1.2 or newer. One
    installation cannot hold both: take transformers 5, or `sdk_version` 6.15.1 or older.
    """
    version = gradio_version(project)
    by_gradio = gradio_needs(version).get(HUB, "") if version else ""
    named = [demand for demand in hub_ranges(project) if demand.line.name == HUB]
    for demand in hub_ranges(project):
        if demand.line.name == HUB:
            continue
        message = f"`{demand.line.text}` needs huggingface_hub{demand.needs}"
        if not can_be_met(demand.needs, by_gradio):
            message += f", gradio {version} needs huggingface_hub{by_gradio}"
            yield Hit(demand.line.file, demand.line.line, f"{message}: lower sdk_version to 6.15.1")
            continue
        other = next((one for one in named if not can_be_met(demand.needs, one.needs)), None)
        if other is not None:
            message += f", line {other.line.line} asks for `{other.line.text}`"
            yield Hit(demand.line.file, demand.line.line, f"{message}: both cannot be installed")


@rule(
    "REQ_DUPLICATE",
    Severity.ERROR,
    "One package is asked for in versions that exclude each other",
    source="pip's resolver: ResolutionImpossible",
    as_of="2026-11-23",
    reference="requirements",
    when=uses_requirements,
)
def duplicate(project: Project) -> Iterator[Hit]:
    """pip takes all lines together. The same package twice is fine as long as one version satisfies
    both lines; otherwise the build ends.
    """
    for file in requirement_files(project):
        seen: dict[str, list[RequirementLine]] = defaultdict(list)
        for line in file.lines:
            if line.kind is not LineKind.REQUIREMENT or not applies(line, project):
                continue
            other = next((one for one in seen[line.name] if _excludes(one, line)), None)
            if other is not None:
                message = f"`{line.text}` excludes `{other.text}` in line {other.line}; keep one"
                yield Hit(line.file, line.line, message)
            seen[line.name].append(line)


def _excludes(one: RequirementLine, other: RequirementLine) -> bool:
    markers = {str(line.requirement.marker) for line in (one, other) if line.requirement}
    return len(markers) == 1 and not can_be_met(specifier_of(one), specifier_of(other))
