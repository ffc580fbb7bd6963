"""What a build must not do: take secrets in, and ask for a GPU."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..container import Variable, variables_of
from ..finding import Hit, Severity
from ..project import Project
from ..rule import on_docker, rule

_DOCKERFILE = "Dockerfile"
_DOCS = "hub-docs spaces-sdks-docker.md (2026-04-08)"
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS|(?:API|ACCESS|PRIVATE|SECRET)_?KEY)$", re.I
)
_NOT_SECRET = re.compile(
    r"(?:^|_)(?:PUBLIC|ANON|PUBLISHABLE)_|(?:MAX|PAD|EOS|BOS|NUM)_TOKEN$", re.I
)
_PLACEHOLDER = re.compile(
    r"(?:|none|null|empty|dummy|changeme|change[-_]me|placeholder|xxx+|todo|unset|not[-_]?set"
    r"|your[-_ ].*|<.*>|\*+|false|true|0|1)",
    re.I,
)
_NEEDS_GPU = re.compile(r"\bnvidia-smi\b|\btorch\.cuda\.(?!amp|is_available)\w+\(|\.cuda\(\)")
_ASKS_FOR_GPU = re.compile(r"\btorch\.cuda\.is_available\(")
_FAILURE_ALLOWED = re.compile(r"\|\|\s*(?:true|:|echo)|;\s*(?:true|exit 0)\b")


@rule(
    "DK_SECRET_BUILD_ARG",
    Severity.WARNING,
    "A secret as ARG or ENV",
    source=_DOCS + ", Secrets and Variables Management",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_docker,
)
def secret_build_arg(project: Project) -> Iterator[Hit]:
    """Values of ARG and ENV stay readable in the image and its history. The Hub passes only public
    variables as build arguments; a secret comes to the build as a file, with
    `RUN --mount=type=secret`, and to the running app as an environment variable.
    """
    dockerfile = project.dockerfile
    for instruction in dockerfile.all("ARG", "ENV") if dockerfile else ():
        for variable in variables_of(instruction):
            if not _SECRET_NAME.search(variable.name) or _NOT_SECRET.search(variable.name):
                continue
            message = _exposure(instruction.keyword, variable)
            if message:
                yield Hit(_DOCKERFILE, variable.line, message)


def _exposure(keyword: str, variable: Variable) -> str:
    name, value = variable.name, variable.value
    if keyword == "ARG" and value is None:
        mount = f"RUN --mount=type=secret,id={name}"
        return (
            f"the Hub passes no secret as `ARG {name}`, and an argument stays readable; `{mount}`"
        )
    if value is None or _PLACEHOLDER.fullmatch(value.strip()):
        return ""
    if value.startswith("$"):
        return f"`{keyword} {name}` copies a value into the image, where everybody can read it"
    return f"the value of `{name}` is in the Dockerfile for everybody; set a secret in the settings"


@rule(
    "DK_GPU_AT_BUILD",
    Severity.ERROR,
    "The build asks for a GPU",
    source=_DOCS + ", Docker container with GPU",
    as_of="2026-08-22",
    reference="docker-and-static",
    when=on_docker,
)
def gpu_at_build(project: Project) -> Iterator[Hit]:
    """There is no GPU while the image is built, on no hardware. A command that needs one ends the
    build; one that only looks for it decides for the CPU.
    """
    dockerfile = project.dockerfile
    for instruction in dockerfile.all("RUN") if dockerfile else ():
        text = instruction.arguments
        needs = _NEEDS_GPU.search(text)
        asks = _ASKS_FOR_GPU.search(text)
        if needs and not _FAILURE_ALLOWED.search(text) and not _only_writes(text):
            message = f"`{needs.group()}` in the build, where there is no GPU; do it at the start"
            yield Hit(_DOCKERFILE, instruction.line, message)
        elif asks:
            message = "`torch.cuda.is_available()` is always False in the build; ask at the start"
            yield Hit(_DOCKERFILE, instruction.line, message, Severity.WARNING)


def _only_writes(text: str) -> bool:
    """Whether the command is text for a file, a comment or an alternative."""
    return bool(re.search(r"\b(?:echo|printf|cat)\b.*>|\bsed\b|\bif\b|\bwhich\b|command -v", text))
