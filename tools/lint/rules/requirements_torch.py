"""torch: what ZeroGPU accepts, what Python has wheels of, and the packages bound to it."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import InvalidVersion, Version

from ...knowledge import zero_gpu_facts
from ...knowledge.torch import torch_facts
from ..finding import Fix, Hit, Severity
from ..installing import all_lines, applies, installed_lines, names_python, pythons, specifier_of
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import on_gradio, rule
from ..specifiers import can_be_met, is_met_by

_INDEX = "https://download.pytorch.org/whl/cpu"


@rule(
    "REQ_TORCH_UNSUPPORTED",
    Severity.ERROR,
    "ZeroGPU does not accept this torch",
    source="hub-docs#2763 (2026-09-04); build logs with torch<=2.13.0 (2026-09-23)",
    as_of="2026-11-22",
    reference="zerogpu",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def torch_unsupported(project: Project) -> Iterator[Hit]:
    """ZeroGPU runs on Blackwell cards, and its emulation of CUDA is made for the releases of torch
    that its documentation names. Another pin, or a build for the CPU, ends in a configuration error
    or at the first use of CUDA.
    """
    if not project.on_zero_gpu and not _is_meant_for_zero_gpu(project):
        return
    # Without `import spaces` in the app, a listed `spaces` is only a hint of what it is for.
    severity = None if project.on_zero_gpu else Severity.WARNING
    why = "" if project.on_zero_gpu else " (assumed because `spaces` is listed)"
    for line in installed_lines(project, "torch"):
        said = _refused_torch(line)
        if said is not None:
            yield Hit(line.file, line.line, f"{said[0]}{why}", severity or said[1])
    for line in installed_lines(project):
        if line.kind is LineKind.OPTION and _INDEX in line.text:
            message = f"`{line.text}` offers torch for the CPU, which does not start on ZeroGPU"
            yield Hit(line.file, line.line, message, Severity.WARNING, fixable=False)


def _is_meant_for_zero_gpu(project: Project) -> bool:
    return project.hardware.flavor is None and bool(installed_lines(project, "spaces"))


def _refused_torch(line: RequirementLine) -> tuple[str, Severity | None] | None:
    """What is wrong with a demand on torch, and how sure that is; None when it can be met."""
    facts, specifier = torch_facts(), specifier_of(line)
    documented = ", ".join(facts.zero_gpu.documented)
    if not specifier:
        return None
    if "+cpu" in specifier:
        return f"`{line.text}` is the build for the CPU, which ZeroGPU refuses; drop `+cpu`", None
    limit = zero_gpu_facts().torch.removeprefix("torch")
    accepted = f">={facts.zero_gpu.documented[0]},{limit}"
    if not can_be_met(specifier, accepted):
        message = f"`{line.text}` is not accepted on ZeroGPU; take one of {documented}"
        return message, None
    if line.pinned and _is_undocumented(line.pinned):
        message = f"`{line.text}` is not among the torch versions documented for ZeroGPU"
        return f"{message}: {documented}", Severity.WARNING
    return None


def _is_undocumented(version: str) -> bool:
    """Whether a version lies between the documented ones without being one of them."""
    documented = [Version(one) for one in torch_facts().zero_gpu.documented]
    try:
        asked = Version(Version(version).public)
    except InvalidVersion:
        return False
    return documented[0] < asked < documented[-1] and asked not in documented


@rule(
    "REQ_TORCH_PYTHON",
    Severity.ERROR,
    "This torch has no wheel for the Space's Python",
    source="wheels of torch on PyPI (pip index versions)",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def torch_python(project: Project) -> Iterator[Hit]:
    """torch is published as wheels only. Where no release that a line admits has one for the
    Space's Python, pip finds no matching distribution and the build ends.
    """
    for line in all_lines(project):
        if line.name != "torch" or line.kind is not LineKind.REQUIREMENT:
            continue
        lacking = [python for python in pythons(project) if not _has_wheel(line, python)]
        if applies(line, project) and len(lacking) == len(pythons(project)):
            named = "" if names_python(project) else ", which the platform takes here"
            message = f"`{line.text}` has no wheel for Python {' or '.join(lacking)}{named}"
            yield Hit(line.file, line.line, message)


def _has_wheel(line: RequirementLine, python: str) -> bool:
    wheels = torch_facts().pythons.get(".".join(python.split(".")[:2]))
    if wheels is None:
        return True
    newest = f",<={wheels.last}" if wheels.last else ""
    specifier = specifier_of(line).partition("+")[0]
    return can_be_met(specifier, f">={wheels.first}{newest}")


@rule(
    "REQ_TORCH_OLD",
    Severity.INFO,
    "torch is pinned to a release that today's libraries do not support",
    source="Requires-Dist of transformers 5.0.0: torch>=2.2",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
)
def torch_old(project: Project) -> Iterator[Hit]:
    """transformers 5 asks for torch 2.2 and newer, and other libraries of 2026 likewise. An older
    pin holds as long as everything else is pinned to its time.
    """
    oldest = torch_facts().old_below
    for line in all_lines(project):
        if line.name == "torch" and line.pinned and not is_met_by(f">={oldest}", line.pinned):
            message = f"`{line.text}` is older than {oldest}, which transformers 5 asks for"
            yield Hit(line.file, line.line, message)


@rule(
    "REQ_TORCH_FAMILY",
    Severity.ERROR,
    "torchvision or torchaudio does not belong to this torch",
    source="Requires-Dist of torchvision and torchaudio on PyPI; pytorch/audio#4212 (2026)",
    as_of="2026-11-23",
    reference="requirements",
    when=on_gradio,
    fix=Fix.UNSAFE,
)
def torch_family(project: Project) -> Iterator[Hit]:
    """Each torchvision requires exactly one torch, so two pins that do not match cannot be
    installed. torchaudio 2.11, its last release, names none: it works beside torch 2.11 to 2.14,
    and is installed all the same beside an older one, where it fails when its library is loaded.
    """
    torch = next((line for line in installed_lines(project, "torch") if line.pinned), None)
    if torch is None or torch.pinned is None:
        return
    pinned = torch.pinned.partition("+")[0]
    for line in installed_lines(project, "torchvision", "torchaudio"):
        wanted = matching_version(line.name, pinned)
        if line.kind is not LineKind.REQUIREMENT or wanted is None:
            continue
        specifier = specifier_of(line).partition("+")[0]
        if not is_met_by(specifier, wanted):
            message = f"`{line.text}` does not belong to `{torch.text}`, but {wanted} does"
            severity = None if _is_refused(line) else Severity.WARNING
            yield Hit(line.file, line.line, message, severity)
        elif _drifts(line, specifier, wanted):
            newest = torch_facts().last_torchaudio
            message = (
                f"`{line.text}` becomes torchaudio {newest}, which does not belong to "
                f"`{torch.text}`; write `torchaudio=={wanted}`"
            )
            yield Hit(line.file, line.line, message, Severity.WARNING)


def matching_version(name: str, torch: str) -> str | None:
    """The torchvision or torchaudio that belongs to a torch release; None where it is not known."""
    facts = torch_facts()
    if name == "torchvision":
        return facts.torchvision.get(torch)
    if is_met_by(facts.torchaudio_for, torch):
        return facts.last_torchaudio
    try:
        known = torch in facts.torchvision and Version(torch) < Version(facts.last_torchaudio)
    except InvalidVersion:
        return None
    return torch if known else None


def _is_refused(line: RequirementLine) -> bool:
    """Whether pip refuses the pair: all but the last torchaudio name the torch they belong to."""
    return line.name == "torchvision" or line.pinned != torch_facts().last_torchaudio


def _drifts(line: RequirementLine, specifier: str, wanted: str) -> bool:
    newest = torch_facts().last_torchaudio
    return line.name == "torchaudio" and newest != wanted and is_met_by(specifier, newest)
