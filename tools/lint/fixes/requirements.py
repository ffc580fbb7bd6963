"""Repairs of requirements.txt and packages.txt: lines taken out, renamed, pinned anew or added."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from packaging.version import InvalidVersion, Version

from ...knowledge.packages import package_facts
from ...knowledge.torch import torch_facts
from ..edits import insert_lines, newline_of, replace_lines
from ..finding import Finding
from ..installing import installed_lines
from ..needed import needed_by_calls
from ..project import Project
from ..provided import missing_imports
from ..requirements import RequirementLine
from ..rules.requirements_debian import PACKAGES, repaired
from ..rules.requirements_imports import REQUIREMENTS
from ..rules.requirements_torch import matching_version
from . import Changes, fixes

_FAMILY = ("torch", "torchvision", "torchaudio")
Edit = Callable[[str], "str | None"]


def _edited(project: Project, findings: Sequence[Finding], edit: Edit) -> Changes:
    """Every line with a finding passed through `edit`; None takes it out, with its continuation."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for finding in findings:
        if finding.line is not None:
            numbers[finding.file].append(finding.line)
    done: Changes = {}
    for path, wanted in numbers.items():
        text = project.text(path) or ""
        lines = text.splitlines()
        changes: dict[int, str | None] = {}
        for number in wanted:
            changes[number] = edit(lines[number - 1])
            if changes[number] is None:
                changes.update(dict.fromkeys(_continuation(lines, number)))
        done[path] = replace_lines(text, changes)
    return done


def _continuation(lines: Sequence[str], number: int) -> range:
    last = number
    while last < len(lines) and lines[last - 1].endswith("\\"):
        last += 1
    return range(number, last + 1)


@fixes("REQ_PLATFORM_PKG", "REQ_PIP_PINNED", "REQ_STDLIB", "REQ_SDK_VERSION_CONFLICT")
def take_out(project: Project, findings: Sequence[Finding]) -> Changes:
    """Take the lines out: what they ask for is there anyway, or not theirs to decide."""
    return _edited(project, findings, lambda _: None)


@fixes("REQ_WRONG_NAME")
def rename(project: Project, findings: Sequence[Finding]) -> Changes:
    """Write the name that the package has on PyPI, or drop the line where it is listed already."""
    meant = {found.name: found.meant for found in package_facts().misnamed if found.fails}
    listed = {line.name for line in installed_lines(project)}

    def renamed(line: str) -> str | None:
        found = re.match(r"(?P<before>\s*)(?P<name>[\w.-]+)(?P<version>[^#;]*)", line)
        name = re.sub(r"[-_.]+", "-", found["name"]).lower() if found else ""
        if found is None or name not in meant:
            return line
        if meant[name] in listed:
            return None
        # Versions of a stub say nothing about the package that is meant.
        version = "" if re.match(r"\s*==\s*0\.0", found["version"]) else found["version"]
        return f"{found['before']}{meant[name]}{version}{line[found.end() :]}"

    return _edited(project, findings, renamed)


@fixes("REQ_INCLUDE")
def include(project: Project, findings: Sequence[Finding]) -> Changes:
    """Put the lines of the included file where it was included."""

    def content(line: str) -> str | None:
        path = re.sub(r"^\s*(?:-r|--requirement)[\s=]*", "", line.partition(" #")[0]).strip()
        text = project.text(path.removeprefix("./"))
        if text is None:
            return line
        return "\n".join(text.removeprefix("\ufeff").splitlines()) or None

    return _edited(project, findings, content)


@fixes("REQ_PACKAGES_TXT")
def debian_packages(project: Project, findings: Sequence[Finding]) -> Changes:
    """Drop comments, and write the names that Debian has today."""
    of_packages = [finding for finding in findings if finding.file == PACKAGES]
    return _edited(project, of_packages, lambda line: repaired(line) or None)


@fixes("REQ_TORCH_UNSUPPORTED")
def accepted_torch(project: Project, findings: Sequence[Finding]) -> Changes:
    """Pin the documented torch that is nearest to the one asked for, and its family with it."""
    at = {finding.line for finding in findings}
    torch = next((line for line in installed_lines(project, "torch") if line.line in at), None)
    wanted = _nearest(torch) if torch is not None else None
    return _pinned(project, wanted, _FAMILY) if wanted is not None else {}


def _nearest(torch: RequirementLine) -> str:
    documented = torch_facts().zero_gpu.documented
    asked = re.search(r"\d+(?:\.\d+)*", torch.pinned or "")
    try:
        version = Version(asked.group() if asked else "0")
    except InvalidVersion:
        return documented[-1]
    return next((one for one in documented if Version(one) >= version), documented[-1])


@fixes("REQ_TORCH_FAMILY")
def torch_family(project: Project, _: Sequence[Finding]) -> Changes:
    """Pin torchvision and torchaudio to the releases that belong to the pinned torch."""
    torch = next((line.pinned for line in installed_lines(project, "torch") if line.pinned), None)
    return _pinned(project, torch.partition("+")[0], _FAMILY[1:]) if torch else {}


def _pinned(project: Project, torch: str, names: Sequence[str]) -> Changes:
    """The file with these packages pinned to one torch; bare names only where they drift."""
    changes: dict[int, str | None] = {}
    text = project.text(REQUIREMENTS) or ""
    lines = text.splitlines()
    for line in installed_lines(project, *names):
        wanted = torch if line.name == "torch" else matching_version(line.name, torch)
        drifts = line.name == "torchaudio" and wanted != torch_facts().last_torchaudio
        is_bare = line.requirement is None or not line.requirement.specifier
        if wanted is None or line.requirement is None or (is_bare and not drifts):
            continue
        raw = lines[line.line - 1]
        marker = f" ; {line.requirement.marker}" if line.requirement.marker else ""
        changes[line.line] = raw.replace(line.text, f"{line.name}=={wanted}{marker}", 1)
    return {REQUIREMENTS: replace_lines(text, changes)} if changes else {}


@fixes("REQ_MISSING_FILE", "REQ_MISSING_PACKAGE")
def add_packages(project: Project, findings: Sequence[Finding]) -> Changes:
    """Name what the app imports in requirements.txt, as far as the package is known."""
    places = {(finding.file, finding.line) for finding in findings}
    creates = REQUIREMENTS not in project.paths
    missing = {
        one.distribution
        for one in missing_imports(project)
        if one.distribution and (creates or (one.file.path, one.imported.line) in places)
    }
    needed = {
        one.distribution
        for one in needed_by_calls(project)
        if creates or (one.file.path, one.call.lineno) in places
    }
    wanted = sorted(missing | needed)
    if not wanted:
        return {}
    text = project.text(REQUIREMENTS) or ""
    if not text:
        return {REQUIREMENTS: "".join(f"{name}{newline_of(text)}" for name in wanted)}
    return {REQUIREMENTS: insert_lines(text, len(text.splitlines()) + 1, wanted)}
