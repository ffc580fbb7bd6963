"""Which files the skill is made of, and what is in them.

In a checkout they lie at its top. A wheel carries them beside this module, where `setup.py` puts
them when it builds. They are read when somebody asks, never at start.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..problems import Problem

NAME = "huggingface-spaces"
"""The skill's name: the last part of its address, which has to be the name in its front matter."""
MAIN = "SKILL.md"
SKILL_TOPIC = "skill"
_SCHEME = f"skill://{NAME}/"


@dataclass(frozen=True)
class SkillFile:
    """One file of the skill; `path` is relative to the skill's folder, with slashes."""

    path: str
    folder: Path

    @property
    def topic(self) -> str:
        """What a caller calls it: `skill`, or the stem of a reference."""
        return SKILL_TOPIC if self.path == MAIN else Path(self.path).stem

    @property
    def uri(self) -> str:
        """Its address as a resource."""
        return _SCHEME + self.path

    def data(self) -> bytes:
        """The bytes as they are: digests and sizes are about these."""
        return (self.folder / self.path).read_bytes()

    def text(self) -> str:
        """The bytes as text, line ends untouched."""
        return self.data().decode("utf-8")


def skill_files() -> tuple[SkillFile, ...]:
    """Every file of the skill, SKILL.md first.

    Raises:
        Problem: `skill_missing` when this installation does not carry them.
    """
    folder = _folder()
    references = sorted(path.name for path in (folder / "references").glob("*.md"))
    return tuple(
        SkillFile(path, folder) for path in (MAIN, *(f"references/{name}" for name in references))
    )


def _folder() -> Path:
    for folder in (Path(__file__).parent, Path(__file__).parents[2]):
        if (folder / MAIN).is_file():
            return folder
    raise Problem(
        "skill_missing",
        "this installation carries no SKILL.md and no references",
        object=MAIN,
        advice="install the package again; `huggingface-spaces doctor` shows where it lies",
    )
