"""Programs that install software while the app starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...token_kinds import find_tokens
from ..finding import Hit, Severity
from ..project import Project
from ..rule import rule
from ..starting_programs import UNKNOWN, programs

_PIP = re.compile(
    r"(?:^|[\s;&|/])(?:uv\s+)?pip[0-9.]*\s+(?:-\S+\s+)*install\b(?P<what>[^;&|]*)", re.I
)
_CREDENTIALS = re.compile(r"://[^/\s]*@")
_APT = re.compile(
    r"(?:^|[\s;&|])(?:sudo\s+)?(?:apt|apt-get|aptitude)\s+(?:-\S+\s+)*(?:install|update)\b"
)


@rule(
    "APP_PIP_INSTALL_AT_RUNTIME",
    Severity.WARNING,
    "pip install while the app starts",
    source="hub-docs spaces-dependencies.md; build logs of public Spaces, 2026",
    as_of="2026-11-22",
    reference="requirements",
)
def pip_install(project: Project) -> Iterator[Hit]:
    """Every start and every wake-up downloads the package again, nothing checks it against what the
    build installed, and the app goes on without it when the download fails. What stands in
    requirements.txt is installed once, together with the rest, or the build says why not.
    """
    for program in programs(project):
        found = _PIP.search(program.command)
        if found:
            what = _packages(found["what"])
            message = (
                f"`pip install{what}` runs at each start instead of in the build; put the package "
                "into requirements.txt (a wheel's address may stand there too)"
            )
            yield Hit(program.file.path, program.call.lineno, message)
    for file in project.running:
        for call in file.calls_to("pip.main", "pip._internal.main", "pip._internal.cli.main.main"):
            message = "pip runs at each start instead of in the build; use requirements.txt"
            yield Hit(file.path, call.lineno, message)


def _packages(given: str) -> str:
    words = [word for word in given.split() if not word.startswith("-") and UNKNOWN not in word]
    text = _CREDENTIALS.sub("://", " ".join(words))
    if any(find_tokens(text)):
        return ""
    return f" {text[:60]}" if text else ""


@rule(
    "APP_APT_AT_RUNTIME",
    Severity.WARNING,
    "apt while the app starts",
    source="hub-docs spaces-dependencies.md: packages.txt; Spaces run as user 1000",
    as_of="2026-11-22",
    reference="requirements",
)
def apt_install(project: Project) -> Iterator[Hit]:
    """The app does not run as root and there is no sudo, so nothing gets installed, and most ways
    to start the program hide that. Debian packages of a Gradio Space stand in packages.txt.
    """
    for program in programs(project):
        if _APT.search(program.command):
            where = "the Dockerfile" if project.sdk == "docker" else "packages.txt"
            message = f"apt needs root, which the app is not; put the package into {where}"
            yield Hit(program.file.path, program.call.lineno, message)
