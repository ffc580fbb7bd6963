"""Specimens: for every rule a project that breaks it and a twin that does not.

A specimen is one text file, `specimens/RULE_ID.specimen`, of `=== case/path` sections:

    hardware: zero-a10g
    === bad/app.py
    import torch  # expect: ZG_IMPORT_ORDER
    === good/app.py
    import spaces

Cases are named `bad`, `bad-…`, `good`, `good-…`. Each lies over the healthy project of `BASE`, so
a specimen shows only what matters; `=== bad/app.py absent` removes a file of it. `expect: ID`
(several with commas) at the end of a line says what must be found there; where a comment cannot
stand, a header line `expect bad: requirements.txt:3 ID` says it (line 0: the whole file).
Expectations are taken out of the text before it is linted. `{{TOKEN}}` and `{{PRIVATE KEY}}` stand
for what must not stand in a file of this repository. The header `resolve: 60` lets the rules ask
the package index for so many seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.made_tokens import TOKENS

FOLDER = Path(__file__).parent / "specimens"
_SECTION = re.compile(r"^=== (?P<case>(?:bad|good)[\w-]*)/(?P<path>\S+)(?P<absent> absent)?$")
_EXPECT = re.compile(
    r"[ \t]*(?:#|//|<!--|/\*)?[ \t]*expect: (?P<ids>[A-Z0-9_, ]+?)[ \t]*(?:-->|\*/)?$"
)
_HEADER_EXPECT = re.compile(r"^expect (?P<case>[\w-]+): (?P<file>\S+):(?P<line>\d+) (?P<id>\S+)$")

BASE = {
    "README.md": """---
title: Specimen
emoji: 🐟
colorFrom: blue
colorTo: green
sdk: gradio
sdk_version: "6.31.0"
python_version: "3.12"
app_file: app.py
---

A healthy Space.
""",
    "app.py": '''import gradio as gr


def greet(name: str) -> str:
    """Say hello to somebody."""
    return f"Hello {name}"


demo = gr.Interface(greet, "text", "text", api_name="greet")
demo.launch()
''',
}
ZERO_GPU_APP = '''import spaces
import gradio as gr


@spaces.GPU
def greet(name: str) -> str:
    """Say hello to somebody."""
    return f"Hello {name}"


demo = gr.Interface(greet, "text", "text", api_name="greet")
demo.queue(max_size=20).launch()
'''
STAND_INS = {
    "{{TOKEN}}": TOKENS["Hugging Face token"],
    "{{PRIVATE KEY}}": "-----BEGIN " + "PRIVATE KEY-----",
}
Expectation = tuple[str, int | None, str]


@dataclass
class Case:
    """One project of a specimen: its files, what must be found, and the hardware it is for."""

    name: str
    files: dict[str, str]
    expected: set[Expectation] = field(default_factory=set)
    hardware: str | None = None
    resolve_seconds: float | None = None

    @property
    def is_bad(self) -> bool:
        return self.name.startswith("bad")


@dataclass(frozen=True)
class Specimen:
    """All cases of one rule."""

    rule: str
    cases: tuple[Case, ...]

    def case(self, name: str) -> Case:
        return next(case for case in self.cases if case.name == name)


def read_specimen(path: Path) -> Specimen:
    """Parse a specimen; a malformed one is an error of the test."""
    header, sections = _split(path.read_text(encoding="utf-8"))
    settings = dict(line.split(": ", 1) for line in header if not line.startswith("expect "))
    hardware = settings.get("hardware")
    seconds = float(settings["resolve"]) if "resolve" in settings else None
    cases: dict[str, Case] = {}
    for name, file, absent, text in sections:
        case = cases.setdefault(
            name, Case(name, _base(hardware), hardware=hardware, resolve_seconds=seconds)
        )
        if absent:
            del case.files[file]
            continue
        case.files[file] = _without_expectations(case, file, _with_stand_ins(text))
    for line in header:
        found = _HEADER_EXPECT.match(line)
        if found:
            at = int(found["line"]) or None
            cases[found["case"]].expected.add((found["file"], at, found["id"]))
    assert {name.split("-")[0] for name in cases} == {"bad", "good"}, f"{path.name} lacks a twin"
    for case in cases.values():
        assert case.is_bad == any(rule == path.stem for _, _, rule in case.expected), case.name
    return Specimen(path.stem, tuple(cases.values()))


def specimens() -> list[Path]:
    return sorted(FOLDER.glob("*.specimen"))


def _with_stand_ins(text: str) -> str:
    for placeholder, value in STAND_INS.items():
        text = text.replace(placeholder, value)
    return text


def _base(hardware: str | None) -> dict[str, str]:
    app = {"app.py": ZERO_GPU_APP} if hardware == "zero-a10g" else {}
    return {**BASE, **app}


def _split(text: str) -> tuple[list[str], list[tuple[str, str, bool, str]]]:
    header: list[str] = []
    sections: list[tuple[str, str, bool, list[str]]] = []
    for line in text.splitlines():
        found = _SECTION.match(line)
        if found:
            sections.append((found["case"], found["path"], bool(found["absent"]), []))
        elif sections:
            sections[-1][3].append(line)
        elif line.strip():
            header.append(line)
    return header, [(c, p, a, "\n".join(body) + "\n") for c, p, a, body in sections]


def _without_expectations(case: Case, file: str, text: str) -> str:
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _EXPECT.search(line)
        if found:
            ids = [name.strip() for name in found["ids"].split(",")]
            case.expected |= {(file, number, name) for name in ids}
        lines.append(line[: found.start()] if found else line)
    return "\n".join(lines) + "\n"
