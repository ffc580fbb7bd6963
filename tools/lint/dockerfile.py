"""A Dockerfile as instructions with line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INSTRUCTION = re.compile(r"^\s*([A-Za-z]+)\s+(.*)$", re.DOTALL)
_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")


@dataclass(frozen=True)
class Instruction:
    """`RUN pip install x`: the keyword in capitals, its arguments on one line, the first line."""

    keyword: str
    arguments: str
    line: int


@dataclass(frozen=True)
class Dockerfile:
    """The instructions in order; `text` is the file as it is."""

    text: str
    instructions: tuple[Instruction, ...]

    def all(self, *keywords: str) -> tuple[Instruction, ...]:
        """The instructions with one of these keywords."""
        return tuple(found for found in self.instructions if found.keyword in keywords)

    @property
    def last_stage(self) -> tuple[Instruction, ...]:
        """From the last `FROM` on: what the image that runs is made of."""
        starts = [i for i, found in enumerate(self.instructions) if found.keyword == "FROM"]
        return self.instructions[starts[-1] :] if starts else self.instructions


def read_dockerfile(text: str) -> Dockerfile:
    """Parse a Dockerfile; never raises."""
    found: list[Instruction] = []
    pending: list[str] = []
    start = 0
    ends_at: str | None = None
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if ends_at is not None:
            ends_at = None if raw.strip() == ends_at else ends_at
            continue
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        start = start if pending else number
        pending.append(stripped.removesuffix("\\").strip())
        if stripped.endswith("\\"):
            continue
        heredoc = _HEREDOC.search(stripped)
        ends_at = heredoc.group(1) if heredoc else None
        found += _instruction(" ".join(pending), start)
        pending = []
    if pending:
        found += _instruction(" ".join(pending), start)
    return Dockerfile(text, tuple(found))


def _instruction(text: str, line: int) -> list[Instruction]:
    match = _INSTRUCTION.match(text)
    return [Instruction(match[1].upper(), match[2].strip(), line)] if match else []
