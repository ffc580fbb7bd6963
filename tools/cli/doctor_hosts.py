"""What `doctor` says of agent hosts: our installation, and the Hub's own skills beside ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..installing.packing import checkout
from ..installing.places import Places, places
from ..installing.plugin import PLUGIN_VARIABLE, version_in
from ..installing.record import read_record
from ..installing.use import READY
from ..problems import Problem

OURS = "space_wait"
"""A tool of ours that our SKILL.md names and no other does."""
_LONGEST_SKILL = 200_000
"""Characters; whatever lies in a skills folder is not read to its end."""
_ADVICE = {
    "huggingface-spaces": (
        "that one (huggingface/skills) tells how to work with `hf` and by hand; ours acts with"
        " tools that check, and rehearses. Both may stay, but they answer to the same wishes: to"
        " always get ours, "
    ),
    "hf-cli": (
        "it lists the `hf` commands for the whole Hub, ours is about Spaces only. Both may stay;"
        " for a Space name ours in your request, or, if it is never wanted, "
    ),
}
"""By the name of an official skill: how it differs from ours, up to how to switch it off."""


@dataclass(frozen=True)
class FoundSkill:
    """An official skill on this machine."""

    name: str
    folder: Path
    plugin: str = ""

    def advice(self) -> str:
        """How it differs from ours, and how to keep the two from answering at once."""
        return _ADVICE[self.name] + (
            f"`claude plugin disable {self.plugin}`"
            if self.plugin
            else "move that folder out of the skills folder"
        )


def official_skills(home: Path, here: Path, variables: Mapping[str, str]) -> tuple[FoundSkill, ...]:
    """The official skills that hosts find in `home`, in the project `here`, or as plugins."""
    claude = Path(variables.get("CLAUDE_CONFIG_DIR") or home / ".claude")
    folders = [claude / "skills", home / ".agents" / "skills"]
    folders += [here / ".claude" / "skills", here / ".agents" / "skills"]
    seen: dict[Path, FoundSkill] = {}
    for folder in dict.fromkeys(folders):
        for skill in _subfolders(folder):
            _note(seen, skill)
    # cache/MARKETPLACE/PLUGIN/VERSION, with the skill at its top or below skills/.
    for version in sorted((claude / "plugins" / "cache").glob("*/*/*")):
        plugin = f"{version.parent.name}@{version.parent.parent.name}"
        for skill in (version, *_subfolders(version / "skills")):
            _note(seen, skill, plugin)
    return tuple(seen.values())


def _subfolders(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return


def _note(seen: dict[Path, FoundSkill], folder: Path, plugin: str = "") -> None:
    """Remember an official skill once, also where links show it in several places."""
    try:
        with (folder / "SKILL.md").open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LONGEST_SKILL)
    except OSError:
        return
    name = _front_matter_name(text)
    if name in _ADVICE and OURS not in text:
        seen.setdefault((folder / "SKILL.md").resolve(), FoundSkill(name, folder, plugin))


def _front_matter_name(text: str) -> str:
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return ""
    for line in lines[1:]:
        if line.strip() == "---":
            return ""
        key, _, value = line.partition(":")
        if key == "name":
            return value.strip().strip("'\"")
    return ""


def installation() -> tuple[str, str]:
    """What hosts start, and what to do about it; nothing to do is an empty text."""
    again = "huggingface-spaces install --claude"
    try:
        where = places()
        record = read_record(where)
    except Problem as problem:
        return problem.message, problem.advice
    if not record.environment:
        if checkout() is not None:
            return "no environment for agent hosts; a checkout needs none", ""
        return "no environment for agent hosts", f"{again} makes one"
    return _installed(where, record.environment, again)


def _installed(where: Places, name: str, again: str) -> tuple[str, str]:
    found = f"{name} in {where.data}"
    if not (where.environments / name / READY).is_file() or not where.command.exists():
        return f"{found} does not start", again
    same = f"{again} brings hosts to the same version"
    if not name.startswith(f"{__version__}-") or version_in(where.plugin) != __version__:
        return f"{found}, while this is {__version__}", same
    started_by = os.environ.get(PLUGIN_VARIABLE)
    updated = version_in(Path(started_by)) if started_by else None
    if updated not in (None, __version__):
        return f"{found}, while the plugin is {updated}", same
    return found, ""


def found_here() -> tuple[FoundSkill, ...]:
    """The official skills for this user and the working directory."""
    return official_skills(Path.home(), Path.cwd(), os.environ)
