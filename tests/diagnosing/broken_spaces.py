"""Broken Spaces: for a known error a Space that really fails with it.

One text file, `broken/ERROR_ID.specimen`, of `=== case/path` sections below a header:

    fails: start
    === broken/app.py
    import cv2

Cases are named `broken`, `broken-…`. Each lies over the healthy Space of `BASE`, so a specimen
shows only what matters; `=== broken/app.py absent` takes a file of it away. The header says where
it fails (`fails`, one of `STAGES`) and, if need be, `hardware`, `variables` (`NAME=value NAME=…`),
`call` (the endpoint that fails; `call: /answer {"text": "x"}` with its input), `quick: yes` (part
of the short run), `values` (`NAME=value` that a secret of the cure gets).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.calling import plain_app, readme

FOLDER = Path(__file__).parent / "broken"
STAGES = {
    "push": None,
    "config": "CONFIG_ERROR",
    "no_app": "NO_APP_FILE",
    "build": "BUILD_ERROR",
    "start": "RUNTIME_ERROR",
    "health_check": "RUNTIME_ERROR",
    "call": "RUNNING",
}
"""Where a Space can fail, and the stage that it settles in; a refused push leaves none."""
BASE = {"README.md": readme(python_version='"3.11"'), "app.py": plain_app()}
KEYS = {"fails", "hardware", "variables", "call", "quick", "values"}
_SECTION = re.compile(r"^=== (?P<case>broken[\w-]*)/(?P<path>\S+)(?P<absent> absent)?$")


@dataclass(frozen=True)
class Broken:
    """One broken Space, and how its failure is brought about."""

    error_id: str
    case: str
    header: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.error_id + self.case.removeprefix("broken")

    @property
    def fails(self) -> str:
        return self.header["fails"]

    @property
    def hardware(self) -> str | None:
        return self.header.get("hardware")

    @property
    def is_quick(self) -> bool:
        return "quick" in self.header

    @property
    def variables(self) -> dict[str, str]:
        """Variables of the Space."""
        return _pairs(self.header.get("variables", ""))

    @property
    def values(self) -> dict[str, str]:
        """What a person types where the cure asks for a secret's value."""
        return _pairs(self.header.get("values", ""))

    @property
    def call(self) -> dict[str, Any]:
        """The arguments of the call that fails, for `space_smoke_test`."""
        endpoint, _, given = self.header.get("call", "").partition(" ")
        found: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
        return found | ({"input": json.loads(given)} if given else {})


def broken_spaces() -> list[Broken]:
    """Every broken Space, by the id of its error."""
    return [space for path in sorted(FOLDER.glob("*.specimen")) for space in read_broken(path)]


def read_broken(path: Path) -> list[Broken]:
    """Parse a specimen; a malformed one is an error of the test."""
    header: dict[str, str] = {}
    files: dict[str, dict[str, list[str]]] = {}
    lines: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _SECTION.match(line)
        if found:
            lines = _open(files.setdefault(found["case"], {}), found)
        elif lines is not None:
            lines.append(line)
        elif line.strip():
            key, _, value = line.partition(": ")
            header[key] = value
    assert header.keys() <= KEYS, f"{path.name}: {header.keys() - KEYS}"
    assert header.get("fails") in STAGES, f"{path.name}: fails"
    assert files, f"{path.name} has no broken case"
    return [Broken(path.stem, case, header, _over_base(own)) for case, own in files.items()]


def _open(files: dict[str, list[str]], found: re.Match[str]) -> list[str]:
    content: list[str] = []
    files[found["path"]] = ["absent"] if found["absent"] else content
    return content


def _over_base(own: dict[str, list[str]]) -> dict[str, str]:
    texts = {path: "\n".join(lines) + "\n" for path, lines in own.items() if lines != ["absent"]}
    kept = {path: text for path, text in BASE.items() if path not in own}
    return kept | texts


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())
