"""The Dockerfile and the files it copies are there."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..card import README
from ..card_checks import given, shown
from ..commands import exec_words
from ..dockerfile import Instruction
from ..finding import Hit, Severity
from ..project import Project
from ..rule import on_docker, rule
from ..texts import LEFT_OUT, MOST_FILES

_DOCKERFILE = "Dockerfile"
# What people write themselves and keep in the repository. Weights, data and built folders are often
# added by something else before the push.
_WRITTEN_BY_HAND = frozenset(
    {"", ".txt", ".py", ".sh", ".toml", ".cfg", ".ini", ".conf", ".lock", ".js", ".ts", ".R"}
)
_OPTION = re.compile(r"^--\w[\w-]*(?:=\S+)?$")


@rule(
    "DK_NO_DOCKERFILE",
    Severity.ERROR,
    "A Docker Space without a Dockerfile",
    source="hub-docs spaces-sdks-docker.md (2026-04-08)",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_docker,
)
def no_dockerfile(project: Project) -> Iterator[Hit]:
    """The image is built from the file called Dockerfile at the root; capitals matter, and a folder
    above it does too.
    """
    if _DOCKERFILE in project.paths or project.names_app_file:
        return
    others = [path for path in sorted(project.paths) if path.lower().endswith("dockerfile")]
    hint = f"; `{others[0]}` is not looked at" if others else ""
    only_card = set(project.paths) <= {README, ".gitattributes", ".gitignore", "LICENSE"}
    key = given(project, "sdk")
    yield Hit(
        README,
        key.line if key else None,
        f"`sdk: docker`, but there is no Dockerfile at the root{hint}",
        Severity.INFO if only_card else None,
    )


@rule(
    "DK_COPY_MISSING",
    Severity.ERROR,
    "COPY names a file that is not there",
    source="https://docs.docker.com/reference/dockerfile/#copy",
    as_of="2026-11-23",
    reference="docker-and-static",
    when=on_docker,
)
def copy_missing(project: Project) -> Iterator[Hit]:
    """The build ends at a COPY whose source is not in the repository. Files that only exist on your
    machine, such as ignored weights, have to be pushed or downloaded.
    """
    dockerfile = project.dockerfile
    if dockerfile is None or len(project.paths) >= MOST_FILES:
        return
    missing = [
        (instruction.line, source)
        for instruction in dockerfile.all("COPY", "ADD")
        for source in _missing(project, instruction)
    ]
    by_hand = [(line, source) for line, source in missing if _is_written_by_hand(source)]
    for line, source in by_hand:
        yield Hit(_DOCKERFILE, line, f"`{shown(source)}` is not in the folder, so COPY fails")
    others = [found for found in missing if found not in by_hand]
    if others:
        names = ", ".join(f"`{shown(source)}`" for _, source in others[:3])
        message = f"{names} not in the folder; push it too, or COPY fails"
        yield Hit(_DOCKERFILE, others[0][0], message, Severity.WARNING)


def _missing(project: Project, instruction: Instruction) -> list[str]:
    sources = _sources(instruction)
    if any(map(_is_pattern, sources)):
        # A pattern may match nothing as long as something else is copied.
        matched = any(_is_there(project, source) for source in sources)
        return [] if matched else sources[:1]
    return [source for source in sources if not _is_there(project, source)]


def _is_pattern(source: str) -> bool:
    return any(character in source for character in "*?[")


def _sources(instruction: Instruction) -> list[str]:
    """What is copied out of the repository; empty where that is not sure."""
    text = instruction.arguments
    words = text.split()
    options = [word for word in words if _OPTION.match(word)]
    if any(word.startswith(("--from", "--exclude")) for word in options) or "<<" in text:
        return []
    rest = text
    while (found := re.match(r"--\S+\s+", rest)) is not None:
        rest = rest[found.end() :]
    paths = exec_words(rest) or rest.split()
    return [
        path for path in paths[:-1] if "$" not in path and "://" not in path and "@" not in path
    ]


def _is_there(project: Project, source: str) -> bool:
    path = re.sub(r"/+", "/", source).removeprefix("/").removesuffix("/")
    path = re.sub(r"^(?:\./?)+(?=[^.]|$)", "", path)
    if path in {"", "."} or path.startswith("..") or path.split("/")[0] in LEFT_OUT:
        return True
    if path in project.paths or any(other.startswith(f"{path}/") for other in project.paths):
        return True
    return _is_pattern(path) and any(
        fnmatch.fnmatchcase(prefix, path)
        for other in project.paths
        for prefix in (other, *map(str, list(PurePosixPath(other).parents)[:-1]))
    )


def _is_written_by_hand(source: str) -> bool:
    name = source.rsplit("/", 1)[-1]
    return (
        bool(name)
        and PurePosixPath(name).suffix in _WRITTEN_BY_HAND
        and ("." in name or name in {"Makefile", "Procfile", "Gemfile"})
    )
