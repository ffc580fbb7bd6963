"""A program that keeps marketplaces and plugins as `claude` does, for tests without Claude Code.

Its answers have the form that Claude Code 2.1.197 and 2.1.330 gave (2026-11-23); the slow test in
test_install.py runs the real one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = """#!{python}
import json, os, pathlib, sys
NAME = "huggingface-spaces"
store = pathlib.Path({store!r})
state = json.loads(store.read_text())
words = [word for word in sys.argv[2:] if not word.startswith("--")]
scope = sys.argv[sys.argv.index("--scope") + 1] if "--scope" in sys.argv else "user"
here = os.getcwd()
did = words[0] if words[0] != "marketplace" else "marketplace " + words[1]
if did == "marketplace list":
    print(json.dumps([{{"name": NAME, "path": path}} for path in state["markets"]]))
    sys.exit()
if did == "list":
    print(json.dumps(state["plugins"]))
    sys.exit()
state["told"].append(did)
rows = state["plugins"]
same = [row for row in rows if row["scope"] == scope and row.get("projectPath", here) == here]
if did == "marketplace add":
    state["markets"].append(words[2])
elif did == "marketplace remove":
    state["markets"], state["plugins"] = [], []
elif not state["markets"] or (did in ("uninstall", "update") and not same):
    sys.exit("no such plugin")
elif did == "uninstall":
    state["plugins"] = [row for row in rows if row not in same]
else:
    manifest = pathlib.Path(state["markets"][0], ".claude-plugin", "plugin.json")
    version = json.loads(manifest.read_text())["version"]
    row = {{"id": NAME + "@" + NAME, "scope": scope, "version": version}}
    row |= {{}} if scope == "user" else {{"projectPath": here}}
    state["plugins"] = [other for other in rows if other not in same] + [row]
store.write_text(json.dumps(state))
"""


class StandIn:
    """The program, with what it was told."""

    def __init__(self, program: Path, store: Path) -> None:
        self._program = program
        self._store = store

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._store.read_text())
        return state

    def told(self) -> list[str]:
        """The changes it was asked for, in order."""
        return list(self._state()["told"])

    def has_anything(self) -> bool:
        """Whether a marketplace or plugin is left."""
        state = self._state()
        return bool(state["markets"] or state["plugins"])

    def add_by_hand(self, source: str, version: str) -> None:
        """A marketplace and its plugin that we did not add."""
        plugin = {
            "id": "huggingface-spaces@huggingface-spaces",
            "scope": "user",
            "version": version,
        }
        state = {**self._state(), "markets": [source], "plugins": [plugin]}
        self._store.write_text(json.dumps(state))

    def set_version(self, version: str) -> None:
        """Let it have another version than the plugin's folder."""
        state = self._state()
        plugins = [{**row, "version": version} for row in state["plugins"]]
        self._store.write_text(json.dumps({**state, "plugins": plugins}))

    def fail(self) -> None:
        """Let every command end with an error from now on."""
        self._program.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")

    def run(self, *words: str, folder: Path) -> None:
        """What a person types, in a folder."""
        subprocess.run([self._program, *words], cwd=folder, check=True, capture_output=True)

    def leave(self) -> None:
        """Take the program from the PATH."""
        self._program.unlink()


def stand_in(folder: Path, home: Path) -> StandIn:
    """Put a `claude` into `folder`, with its state in `home`."""
    store, program = home / "claude-state.json", folder / "claude"
    store.write_text(json.dumps({"markets": [], "plugins": [], "told": []}))
    program.write_text(PROGRAM.format(python=sys.executable, store=str(store)))
    program.chmod(0o755)
    return StandIn(program, store)
