"""Packages that the platform brings itself: gradio, spaces, huggingface_hub and pip."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import Requirement

from ...knowledge.builder import builder_facts, zero_gpu_requirements
from ...knowledge.gradio_needs import gradio_needs
from ...knowledge.packages import package_facts
from ..finding import Fix, Hit, Severity
from ..installing import (
    gradio_version,
    installed_lines,
    platform_lines,
    specifier_of,
    without_secrets,
)
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import on_gradio, rule
from ..specifiers import can_be_met, is_met_by, lies_within

_HUB = "huggingface-hub"


@rule(
    "REQ_PLATFORM_PKG",
    Severity.WARNING,
    "The platform installs this package itself",
    source="hub-docs spaces-dependencies.md; build logs of 2026-05 to 2026-09",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
    fix=Fix.SAFE,
)
def platform_package(project: Project) -> Iterator[Hit]:
    """Gradio comes in the card's `sdk_version`, `spaces` in the platform's, and huggingface_hub
    with them, all in one installation with requirements.txt. A second opinion there is at best
    repeated and ends the build as soon as one side moves on.
    """
    for line in installed_lines(project, *builder_facts().managed):
        if line.kind is not LineKind.REQUIREMENT:
            continue
        refused = _refused_pin(project, line)
        yield Hit(
            line.file,
            line.line,
            refused or f"`{line.text}`: {_advice(project, line)}",
            Severity.ERROR if refused else None,
            fixable=bool(refused) or _is_superfluous(project, line),
        )


def _who_brings(project: Project, name: str) -> str:
    if name == "gradio":
        version = gradio_version(project)
        said = f" (`sdk_version: {version}`)" if version else ""
        return f"the card's `sdk_version` decides the Gradio version{said}"
    if name == _HUB:
        return "huggingface_hub comes with Gradio, in a version that fits it"
    return f"the platform installs `{name}` itself"


def _advice(project: Project, line: RequirementLine) -> str:
    """What to do with a line, and why; one that keeps an old Gradio importable stays for now."""
    version, facts = gradio_version(project), package_facts().hf_folder
    affected = f">={facts.first_gradio},<={facts.last_gradio}"
    is_old = version is not None and is_met_by(affected, version)
    if is_old and line.name == _HUB and not can_be_met(specifier_of(line), f">={facts.hub}"):
        needed = f"gradio {version} cannot import a newer one"
        return f"{needed}; raise `sdk_version`, and take the line out then"
    return f"{_who_brings(project, line.name)}; take the line out"


def _refused_pin(project: Project, line: RequirementLine) -> str | None:
    """Why a demand on the platform's own package ends the build on ZeroGPU, where it is pinned."""
    own = zero_gpu_requirements()[0]
    name, _, version = own.partition("==")
    specifier = specifier_of(line)
    if not project.on_zero_gpu or line.name != name or is_met_by(specifier, version):
        return None
    return (
        f"`{line.text}` cannot be installed together with the platform's own `{own}` on ZeroGPU; "
        "take the line out"
    )


def _is_superfluous(project: Project, line: RequirementLine) -> bool:
    """Whether the build installs the same without the line."""
    version = gradio_version(project)
    if version is None or line.requirement is None or line.requirement.marker is not None:
        return False
    specifier = specifier_of(line)
    if line.name == _HUB:
        brought = gradio_needs(version).get(_HUB)
        return not specifier or (brought is not None and lies_within(brought, specifier))
    if line.name == "gradio":
        platform = Requirement(platform_lines(project, version)[0])
        return line.requirement.extras <= platform.extras and is_met_by(specifier, version)
    return not specifier or project.on_zero_gpu


@rule(
    "REQ_PLATFORM_PKG_URL",
    Severity.ERROR,
    "A file or repository overrides the platform's package",
    source="build logs of 2026; pip's resolver with two sources of one package",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
)
def platform_package_url(project: Project) -> Iterator[Hit]:
    """The platform asks for an exact Gradio in the same installation, so one from an address
    conflicts with it, or replaces what `sdk_version` promises. Preview wheels also disappear.
    """
    for line in installed_lines(project, "gradio", "spaces"):
        if line.kind in {LineKind.URL, LineKind.EDITABLE}:
            wanted = "`sdk_version` in the card" if line.name == "gradio" else "the platform's own"
            address = without_secrets(line.target)
            message = f"{line.name} from {address} stands against the platform's; use {wanted}"
            yield Hit(line.file, line.line, message)


@rule(
    "REQ_PIP_PINNED",
    Severity.INFO,
    "pip in requirements.txt does not change the pip that installs",
    source="hub-docs spaces-dependencies.md (pre-requirements.txt)",
    as_of="2026-08-22",
    reference="requirements",
    when=on_gradio,
    fix=Fix.SAFE,
)
def pip_pinned(project: Project) -> Iterator[Hit]:
    """The pip that reads requirements.txt is already running; another one would only lie beside it.
    `pre-requirements.txt` is installed before, and is the place to change pip.
    """
    for line in installed_lines(project, "pip"):
        if line.kind is LineKind.REQUIREMENT:
            message = f"`{line.text}` changes nothing here; pre-requirements.txt is its place"
            yield Hit(line.file, line.line, message)
