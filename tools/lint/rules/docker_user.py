"""The container runs as user 1000, which owns nothing unless the Dockerfile says so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from posixpath import commonpath, normpath

from ..container import Container, Variable, read_container, variables_of
from ..dockerfile import Instruction
from ..finding import Hit, Severity
from ..project import Project
from ..rule import on_docker, rule

_DOCKERFILE = "Dockerfile"
_DOCS = "hub-docs spaces-sdks-docker.md (2026-04-08), Permissions"
# Where libraries put what they download.
_CACHES = (
    *("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_DATASETS_CACHE"),
    *("TRANSFORMERS_CACHE", "SENTENCE_TRANSFORMERS_HOME", "TORCH_HOME", "XDG_CACHE_HOME"),
)
_SAYS_WHERE = re.compile(
    r"\b(?:" + "|".join((*_CACHES, "HOME", "cache_dir", "cache_folder")) + r")\b"
)
_FILLS_CACHE = re.compile(
    r"from_pretrained|hf_hub_download|snapshot_download|load_dataset|huggingface-cli|\bhf download"
    r"|python[0-9.]* (?:-c|-m|\S+\.py)"
)
_WRITABLE = ("/tmp", "/data", "/dev/shm", "/var/tmp", "/home")  # noqa: S108 - compared, not used
_DOWNLOADS = (
    *("huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download"),
    *(
        "datasets.load_dataset",
        "transformers.pipeline",
        "sentence_transformers.SentenceTransformer",
    ),
)
# Their images have a user 1000 with a home of its own.
_HAS_USER_1000 = re.compile(r"(?:^|/)(?:node|ubuntu:2[3-9]|jupyter|mambaorg)")


@rule(
    "DK_USER",
    Severity.INFO,
    "The Dockerfile makes no user 1000",
    source=f"{_DOCS}; PermissionError about /.cache in forum threads until 2025-10",
    as_of="2026-11-23",
    reference="docker-and-static",
    when=on_docker,
)
def user(project: Project) -> Iterator[Hit]:
    """The Hub runs the container as user 1000 whatever the Dockerfile says. Without such a user it
    has no home: a download from the Hub goes to `/.cache`, which it may not write.
    """
    if project.dockerfile is None or not project.dockerfile.instructions:
        return
    container = read_container(project.dockerfile)
    if not container.is_root or _HAS_USER_1000.search(container.base):
        return
    advice = "add `RUN useradd -m -u 1000 user`, `USER user` and `ENV HOME=/home/user`"
    place = _download(project)
    if place and not {"HOME", *_CACHES} & container.variables.keys():
        message = "runs as user 1000, which has no home to keep downloads from the Hub in"
        said = f"{message} ({place}); {advice}, or set HF_HOME to a folder under /tmp"
        yield Hit(_DOCKERFILE, _last_from(project), said, Severity.WARNING)
    else:
        message = "no USER: the Hub runs the container as user 1000, which owns no file of it"
        yield Hit(_DOCKERFILE, _last_from(project), f"{message}; {advice}")


def _last_from(project: Project) -> int:
    stages = project.dockerfile.all("FROM") if project.dockerfile else ()
    return stages[-1].line if stages else 1


def _download(project: Project) -> str | None:
    """Where the app downloads by a repository's name and leaves the place to the library."""
    found = None
    for file in project.running:
        if _SAYS_WHERE.search(file.text):
            return None
        calls = [*file.calls_to(*_DOWNLOADS), *file.method_calls("from_pretrained")]
        named = [call.lineno for call in calls if _names_repository(file.constant(_first(call)))]
        found = found or (f"{file.path}:{named[0]}" if named else None)
    return found


def _first(call: ast.Call) -> ast.expr | None:
    named = [word.value for word in call.keywords if word.arg in {"repo_id", "model"}]
    return call.args[-1] if len(call.args) == 1 else (named[0] if named else None)


def _names_repository(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", value) is not None


@rule(
    "DK_HOME_NOT_WRITABLE",
    Severity.WARNING,
    "A cache in a folder that user 1000 may not write",
    source=_DOCS,
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_docker,
)
def home_not_writable(project: Project) -> Iterator[Hit]:
    """Folders that the build makes belong to root unless a USER came before or `--chown`, `chown`
    or `chmod` changes that. A library that keeps its downloads there stops with PermissionError.
    """
    if project.dockerfile is None:
        return
    stage = project.dockerfile.last_stage
    closed = list(_closed_folders(stage, read_container(project.dockerfile)))
    if not closed:
        return
    # One mistake, however many variables name the folder.
    variable, path = closed[0]
    others = [one.name for one, _ in closed[1:]]
    also = f" (and {', '.join(others)})" if others else ""
    harmless = all(one.name == "HOME" or _is_filled(stage, one.line, at) for one, at in closed)
    message = f"{variable.name}={path}{also} belongs to root, but the app runs as user 1000"
    advice = "take a folder under the user's home, or `chmod 777` it in the build"
    severity = Severity.INFO if harmless else None
    yield Hit(_DOCKERFILE, variable.line, f"{message}; {advice}", severity)


def _closed_folders(
    stage: tuple[Instruction, ...], container: Container
) -> Iterator[tuple[Variable, str]]:
    """The variables that name a folder for downloads which user 1000 may not write."""
    for instruction in stage:
        if instruction.keyword != "ENV":
            continue
        for variable in variables_of(instruction):
            path = container.expanded(variable.value or "")
            if variable.name in {"HOME", *_CACHES} and path and not _is_open(container, path):
                yield variable, path


def _is_filled(stage: tuple[Instruction, ...], line: int, path: str) -> bool:
    """Whether the build itself downloads into it: then reading is enough at run time."""
    return any(
        instruction.keyword == "RUN"
        and (instruction.line > line or path in instruction.arguments)
        and _FILLS_CACHE.search(instruction.arguments)
        for instruction in stage
    )


def _is_open(container: Container, path: str) -> bool:
    """Whether user 1000 can write there, or that cannot be told."""
    if not path.startswith("/"):
        return True
    path = normpath(path)
    if _is_below(path, "/root"):
        return any("/root" in opened for opened in container.opened)
    if any(_is_below(path, folder) for folder in _WRITABLE) or not container.is_root:
        return True
    return any(_opens(container, arguments, path) for arguments in container.opened)


def _opens(container: Container, arguments: str, path: str) -> bool:
    for word in re.split(r"[\s;&]+", arguments):
        folder = container.expanded(word)
        if folder is None or folder in {".", "./"}:
            return True
        if folder.startswith("/") and folder != "/" and _is_below(path, normpath(folder)):
            return True
    return False


def _is_below(path: str, folder: str) -> bool:
    return commonpath([path, folder]) == folder
