"""Claude Code, through its own command: its marketplaces and plugins, and changing them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from ..problems import Problem
from .packing import run_program
from .places import NAME, Places
from .plugin import PLUGIN
from .record import Registration

SCOPES = ("user", "project", "local")


def add_marketplace_words(places: Places) -> list[str]:
    """The marketplace is always the user's: its path means nothing on another machine."""
    return ["plugin", "marketplace", "add", str(places.plugin)]


def remove_marketplace_words() -> list[str]:
    """Takes the marketplace away, and with it whatever was installed from it."""
    return ["plugin", "marketplace", "remove", NAME]


def install_words(scope: str) -> list[str]:
    """Installs the plugin."""
    return ["plugin", "install", PLUGIN, "--scope", scope]


def update_words(scope: str) -> list[str]:
    """Lets Claude Code see the plugin's new version."""
    return ["plugin", "update", PLUGIN, "--scope", scope]


def uninstall_words(scope: str) -> list[str]:
    """Uninstalls the plugin from one scope."""
    return ["plugin", "uninstall", PLUGIN, "--scope", scope]


def find_claude() -> str | None:
    """The `claude` on the PATH."""
    return shutil.which("claude")


class ClaudeCode:
    """One `claude` command. It is asked before it is told, so repeating a step changes nothing."""

    def __init__(self, program: str) -> None:
        self._program = program

    def run(self, words: list[str], folder: str | None = None) -> str:
        """Run `claude` with these words in `folder`, which matters for the project's scopes.

        Raises:
            Problem: `install_failed` with what it said.
        """
        return run_program([self._program, *words], folder)

    def marketplace_source(self) -> str | None:
        """Where the marketplace of our name comes from, None when there is none."""
        for row in self._list(["plugin", "marketplace", "list", "--json"]):
            if row.get("name") == NAME:
                return str(row.get("path") or row.get("repo") or row.get("url") or row)
        return None

    def plugin_version(self, scope: str, folder: str | None = None) -> str | None:
        """The version of the plugin in this scope of `folder` (default the working directory),
        None without one."""
        here = str(Path(folder or ".").resolve())
        for row in self._plugins():
            elsewhere = scope != "user" and row.get("projectPath") not in (None, here)
            if row.get("scope") == scope and not elsewhere:
                return str(row.get("version"))
        return None

    def registrations(self) -> tuple[Registration, ...]:
        """Where the plugin is installed, whoever did it; a project that is gone is left out."""
        found = []
        for row in self._plugins():
            scope, folder = str(row.get("scope")), str(row.get("projectPath") or "")
            if scope in SCOPES and (scope == "user" or Path(folder).is_dir()):
                made = Registration(scope=scope, folder="" if scope == "user" else folder)
                found.append(made)
        return tuple(found)

    def _plugins(self) -> list[dict[str, Any]]:
        return [row for row in self._list(["plugin", "list", "--json"]) if row.get("id") == PLUGIN]

    def _list(self, words: list[str]) -> list[dict[str, Any]]:
        said = self.run(words)
        try:
            rows = json.loads(said)
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise Problem(
                "install_failed",
                f"`claude {' '.join(words)}` answered no list: {said.strip()[:200]}",
                object="claude",
                advice="update Claude Code (2.1.197 and 2.1.330 were tried, 2026-11-23)",
            )
        return [row for row in rows if isinstance(row, dict)]
