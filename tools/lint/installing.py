"""What a Space's build installs: the lines of its files that count, and the Python they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.version import InvalidVersion, Version

from ..knowledge import runtime_defaults
from ..knowledge.builder import platform_requirements, zero_gpu_requirements
from ..knowledge.card_keys import zero_gpu_pythons
from .project import Project
from .requirements import LineKind, RequirementLine, Requirements

_TAG = re.compile(r"^git\+[^@]+(?:@[^@/]+)?/[^@]*@v?(?P<version>\d+(?:\.\d+)+)(?:#.*)?$")


def uses_requirements(project: Project) -> bool:
    """Whether somebody installs requirements.txt: the platform for a Gradio Space, else a
    Dockerfile that names it.
    """
    if project.sdk == "docker":
        return project.dockerfile is not None and "requirements.txt" in project.dockerfile.text
    return project.sdk == "gradio"


def requirement_files(project: Project) -> tuple[Requirements, ...]:
    """requirements.txt and pre-requirements.txt, as far as they are there."""
    files = (project.requirements, project.pre_requirements)
    return tuple(file for file in files if file is not None)


def all_lines(project: Project) -> Iterator[RequirementLine]:
    """The lines of both files."""
    for file in requirement_files(project):
        yield from file.lines


def installed_lines(project: Project, *names: str) -> tuple[RequirementLine, ...]:
    """The lines of requirements.txt that count for the Space's Python, of these packages if named.

    They are installed in one call with the platform's own packages.
    """
    if project.requirements is None:
        return ()
    return tuple(
        line
        for line in project.requirements.lines
        if (not names or line.name in names) and applies(line, project)
    )


def applies(line: RequirementLine, project: Project) -> bool:
    """Whether the marker of a line holds on the platform, for one of the Pythons it may have."""
    marker = line.requirement.marker if line.requirement else None
    if marker is None:
        return True
    try:
        return any(marker.evaluate(_environment(python)) for python in pythons(project))
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True


def _environment(python: str) -> dict[str, str]:
    minor = ".".join(python.split(".")[:2])
    return {
        "python_version": minor,
        "python_full_version": python if python.count(".") > 1 else f"{minor}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def pythons(project: Project) -> tuple[str, ...]:
    """The Python of the Space; where its card names none, each that the platform may take.

    Without a card nobody knows what its `python_version` is going to be.
    """
    asked = _asked_python(project)
    if asked is not None:
        return (asked,)
    defaults = runtime_defaults().default_python
    if project.on_zero_gpu and not project.card.keys:
        return zero_gpu_pythons()
    if project.on_zero_gpu:
        return (next(one for one in zero_gpu_pythons() if one.startswith(defaults.documented)),)
    return (defaults.observed, defaults.documented)


def _asked_python(project: Project) -> str | None:
    key = project.card.keys.get("python_version")
    typed = (key.raw or str(key.value)) if key and key.value is not None else ""
    return typed if re.fullmatch(r"3\.\d{1,2}(\.\d{1,2})?", typed) else None


def names_python(project: Project) -> bool:
    """Whether the card says which Python it wants."""
    return _asked_python(project) is not None


def gradio_version(project: Project) -> str | None:
    """The Gradio release that the platform installs, when the card names one that can be read."""
    if project.sdk != "gradio" or project.sdk_version is None:
        return None
    try:
        return str(Version(project.sdk_version))
    except InvalidVersion:
        return None


def platform_lines(project: Project, gradio: str) -> tuple[str, ...]:
    """What the platform adds to the Space's requirements for that Gradio."""
    own = zero_gpu_requirements() if project.on_zero_gpu else None
    return platform_requirements(gradio, own)


def specifier_of(line: RequirementLine) -> str:
    """The versions that a line admits; for a repository at a tag such as `v4.57.6`, that one."""
    if line.requirement is not None and line.kind is LineKind.REQUIREMENT:
        return str(line.requirement.specifier)
    found = _TAG.match(line.target)
    return f"=={found['version']}" if found else ""


def without_secrets(address: str) -> str:
    """An address for a message: a query may be a signature, and a user name a token."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "an address"
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else parts.path
