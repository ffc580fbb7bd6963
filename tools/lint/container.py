"""What a Dockerfile leaves behind for the container: variables, users, folders, the start."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from .commands import LONGEST_LINE, expanded
from .dockerfile import Dockerfile, Instruction

_ROOT = frozenset({"root", "0"})
_PAIR = re.compile(r"^[A-Za-z_]\w*=")


@dataclass(frozen=True)
class Variable:
    """A variable that ENV or ARG sets: its value as written, None without one, and its line."""

    name: str
    value: str | None
    line: int


@dataclass
class Container:
    """The last stage, read to its end.

    `user_at` and `folder_at` give the user and working directory at an instruction; `opened` are
    the arguments of every `chmod` and `chown`.
    """

    base: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: str = "/"
    opened: list[str] = field(default_factory=list)
    start: list[Instruction] = field(default_factory=list)

    @property
    def is_root(self) -> bool:
        """Whether nobody chose another user than root."""
        return self.user is None or self.user in _ROOT

    def expanded(self, text: str) -> str | None:
        """A text with the container's variables, None where one is not known."""
        return expanded(text, self.variables)


def read_container(dockerfile: Dockerfile) -> Container:
    """Follow the last stage, and the stages of this file that it is made from."""
    container = Container()
    for instruction in _chain(dockerfile):
        _follow(container, instruction)
    return container


def variables_of(instruction: Instruction) -> Iterator[Variable]:
    """What an ENV or ARG sets; `ENV NAME value` is the old form."""
    text = instruction.arguments
    if instruction.keyword == "ENV" and not _PAIR.match(text):
        name, _, value = text.partition(" ")
        yield Variable(name, value.strip().strip("\"'"), instruction.line)
        return
    for word in _words(text):
        name, equals, value = word.partition("=")
        yield Variable(name, value if equals else None, instruction.line)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text) if len(text) <= LONGEST_LINE else text.split()
    except ValueError:
        return text.split()


def _chain(dockerfile: Dockerfile) -> list[Instruction]:
    """The instructions of the last stage after those of the stages it builds on."""
    stages: dict[str, list[Instruction]] = {}
    current: list[Instruction] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            words = instruction.arguments.split()
            images = [word for word in words if not word.startswith("--")]
            base = images[0] if images else ""
            current = [*stages.get(base.lower(), ()), instruction]
            if len(images) >= 3 and images[1].lower() == "as":
                stages[images[2].lower()] = current
        else:
            current.append(instruction)
    return current


def _follow(container: Container, instruction: Instruction) -> None:
    arguments = instruction.arguments
    match instruction.keyword:
        case "FROM":
            images = [word for word in arguments.split() if not word.startswith("--")]
            container.base = container.base or (images[0] if images else "")
        case "ENV" | "ARG":
            for variable in variables_of(instruction):
                if variable.value is not None:
                    value = expanded(variable.value, container.variables)
                    container.variables[variable.name] = variable.value if value is None else value
        case "USER":
            container.user = (container.expanded(arguments) or arguments).split(":")[0].strip()
        case "WORKDIR":
            folder = container.expanded(arguments.strip("\"'")) or arguments
            below = f"{container.folder.rstrip('/')}/{folder}"
            container.folder = folder if folder.startswith("/") else below
        case "RUN" if "chmod" in arguments or "chown" in arguments:
            container.opened.append(arguments)
        case "COPY" | "ADD" if "--chown" in arguments or "--chmod" in arguments:
            container.opened.append(arguments)
        case "CMD" | "ENTRYPOINT":
            kept = [one for one in container.start if one.keyword != instruction.keyword]
            container.start = [*kept, instruction]
        case _:
            pass
