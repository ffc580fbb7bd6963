"""The plugin's files, written out as a marketplace of one plugin for Claude Code."""

from __future__ import annotations

import json
from pathlib import Path

from ..problems import Problem
from .packing import SKILL_FILES, skill_folder
from .places import NAME, Places
from .record import replace_file

PLUGIN_VARIABLE = "HUGGINGFACE_SPACES_PLUGIN"
"""Set by the launcher: the folder of the plugin that it belongs to."""
PLUGIN = f"{NAME}@{NAME}"
"""Plugin and marketplace, as Claude Code names them together."""


def plugin_files() -> dict[str, Path]:
    """Every file of the plugin by its name in it.

    Raises:
        Problem: `not_packed` when the running package was built without them.
    """
    folder = skill_folder()
    found = {}
    for name in SKILL_FILES:
        top = folder / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path
    if "SKILL.md" not in found or ".claude-plugin/plugin.json" not in found:
        raise Problem(
            "not_packed",
            f"{folder} holds no plugin",
            object=str(folder),
            advice="install huggingface-spaces from a complete checkout",
        )
    return found


def is_written(places: Places) -> bool:
    """Whether the plugin folder holds exactly the files of this version."""
    files, there = plugin_files(), set(places.plugin.rglob("*"))
    if any(path.is_symlink() for path in (places.plugin, *there)):
        return False
    there = {path for path in there if path.is_file()}
    return there == {places.plugin / name for name in files} and all(
        (places.plugin / name).read_bytes() == path.read_bytes() for name, path in files.items()
    )


def write_plugin(places: Places) -> None:
    """Bring the plugin folder to this version, file by file: a session may be reading it.

    A link is taken away and never followed: what it points to is not ours.
    """
    files = plugin_files()
    for path in (places.plugin, *places.plugin.rglob("*")):
        if path.is_symlink():
            path.unlink()
    for name, path in files.items():
        mode = 0o755 if name.startswith("bin/") else 0o644
        replace_file(places.plugin / name, path.read_bytes(), mode=mode)
    wanted = {places.plugin / name for name in files}
    for path in places.plugin.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()


def version_in(folder: Path) -> str | None:
    """The version of the plugin in a folder, None when there is none."""
    try:
        text = (folder / ".claude-plugin" / "plugin.json").read_text(encoding="utf-8")
        return str(json.loads(text)["version"])
    except (OSError, ValueError, KeyError):
        return None
