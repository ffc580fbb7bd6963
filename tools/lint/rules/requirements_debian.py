"""packages.txt: names of Debian packages and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...knowledge import runtime_defaults
from ..finding import Fix, Hit, Severity
from ..project import Project
from ..rule import on_gradio, rule

PACKAGES = "packages.txt"
_NAME = re.compile(r"^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9]+)?(?:[=/][\w.+:~-]+)?[+-]?$")
_COMMANDS = frozenset({"sudo", "apt", "apt-get", "install", "update", "&&", "run"})


@rule(
    "REQ_PACKAGES_TXT",
    Severity.ERROR,
    "apt-get cannot install what packages.txt says",
    source="hub-docs spaces-dependencies.md; build logs: xargs -a packages.txt apt-get install -y",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
    fix=Fix.SAFE,
)
def packages_txt(project: Project) -> Iterator[Hit]:
    """Every word of packages.txt is handed to apt-get as the name of a package: there are no
    comments and no commands, and one name that Debian does not have ends the build.
    """
    for number, line in enumerate((project.text(PACKAGES) or "").splitlines(), start=1):
        problem = _no_package(line)
        if problem:
            yield Hit(PACKAGES, number, problem, fixable=repaired(line) != line)
            continue
        gone = runtime_defaults().removed_debian_packages
        for word in filter(gone.__contains__, line.split()):
            # Only images of a Python minor follow Debian; those of a patch release stay behind.
            message = f"Debian 13 has no `{word}` any more; write `{gone[word]}`"
            yield Hit(PACKAGES, number, message, Severity.WARNING)


def _no_package(line: str) -> str | None:
    words = line.removeprefix("\ufeff").split()
    if any(word.startswith("#") for word in words):
        return "packages.txt has no comments: apt-get takes every word for a package"
    for word in words:
        if word in _COMMANDS:
            return f"`{word}` is no package; write only names of packages"
        if not word.startswith("-") and not _NAME.match(word):
            return f"`{word}` is no name of a Debian package"
    return None


def repaired(line: str) -> str:
    """The line without comment and with the names that Debian has today."""
    gone = runtime_defaults().removed_debian_packages
    words = line.partition("#")[0].split() if "#" in line else line.split()
    if not any(word in gone for word in words) and "#" not in line:
        return line
    return " ".join(gone.get(word, word) for word in words)
