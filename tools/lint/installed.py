"""What version of a library an app will find, as far as its requirements say."""

from __future__ import annotations

import enum

from packaging.version import Version

from .project import Project
from .requirements import LineKind, RequirementLine


class Newest(enum.Enum):
    """Whether a version, or anything newer, gets installed."""

    SURE = "sure"
    """Older ones are excluded."""
    LIKELY = "likely"
    """Nothing in sight keeps it out."""
    NO = "no"
    UNKNOWN = "unknown"


def gets(project: Project, package: str, version: str, *, last_before: str) -> Newest:
    """Whether requirements.txt leads to `version` or later; `last_before` is what is older."""
    files = (project.requirements, project.pre_requirements)
    lines = [line for file in files if file is not None for line in file.named(package)]
    if not lines:
        return Newest.UNKNOWN
    if any(line.kind is not LineKind.REQUIREMENT for line in lines):
        return Newest.UNKNOWN
    if not all(_allows_newer(line, version) for line in lines):
        return Newest.NO
    return Newest.LIKELY if all(_allows(line, last_before) for line in lines) else Newest.SURE


def _allows(line: RequirementLine, version: str) -> bool:
    return line.requirement is None or line.requirement.specifier.contains(version)


def _allows_newer(line: RequirementLine, version: str) -> bool:
    """Whether a line lets in some version from `version` on: by its bounds, not by a list."""
    for bound in line.requirement.specifier if line.requirement else ():
        if bound.operator in {"<", "<="} and Version(bound.version) <= Version(version):
            return False
        if bound.operator in {"==", "===", "~="} and not _reaches(bound.version, version):
            return False
    return True


def _reaches(pinned: str, version: str) -> bool:
    wanted = Version(version).major
    return Version(pinned.removesuffix(".*")).major >= wanted


def caps_hub(project: Project) -> bool:
    """Whether requirements keep huggingface_hub below 1.0, and with it what needs a newer one."""
    return gets(project, "huggingface-hub", "1.0", last_before="0.36.2") is Newest.NO
