"""Asking the package index whether a Space's requirements can be installed with the platform's.

This is the platform's call of pip, resolved by uv and not installed. Nothing is built and no
address out of the files is visited, because both would run or reach what strangers wrote; what that
leaves out is said.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import canonicalize_name

from ..knowledge.builder import builder_facts
from .installing import gradio_version, installed_lines, platform_lines, pythons
from .project import Project
from .requirements import LineKind, RequirementLine

_NEWEST_GLIBC_OF_UV = (2, 40)
_NO_WHEEL = re.compile(r"Wheels are required for `([\w.-]+)`")
_RESOLVED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_REQUIRED = re.compile(r"you require ([\w.-]+)")
_NAMED = re.compile(r"[A-Za-z0-9][\w.-]*")
_CONCLUSION = re.compile(r",? we can conclude that your requirements are unsatisfiable\.?")
_INDEX_OPTION = re.compile(r"^(?:-i|--index-url|--extra-index-url)[ =]+(\S+)$")
_OTHER_SOURCE = re.compile(r"^(?:-f|--find-links|-i|--index-url|--extra-index-url|--no-index)\b")
_CREDENTIALS = re.compile(r"://[^/@\s]+@")
_MOST_ROUNDS = 8
_LONGEST_EXPLANATION = 400


@dataclass(frozen=True)
class Resolution:
    """What came of it: the versions, or why there are none.

    `conflict` is the resolver's explanation and `line` where it begins; `unknown` says why nothing
    was found out; `left_out` are packages or lines that did not take part.
    """

    versions: dict[str, str] = field(default_factory=dict)
    conflict: str | None = None
    line: RequirementLine | None = None
    unknown: str | None = None
    python: str = ""
    left_out: tuple[str, ...] = ()


def resolution(project: Project) -> Resolution | None:
    """Resolve the build of a project, once; None when nobody asked for it or there is no Gradio.

    Where the card names no Python, every Python that the platform may take has to fail before this
    is called a conflict.
    """
    return project.once(_resolution)


def _resolution(project: Project) -> Resolution | None:
    version = gradio_version(project)
    if project.resolve_seconds is None or version is None:
        return None
    if os.environ.get("UV_OFFLINE", "0").lower() not in {"", "0", "false"}:
        # Its cache is then all that uv sees, and what is not in it "does not exist".
        return Resolution(unknown="UV_OFFLINE keeps uv from the package index")
    deadline = time.monotonic() + project.resolve_seconds
    question = _Question.of(project, version)
    found: list[Resolution] = []
    for python in pythons(project):
        found.append(question.asked(python, deadline))
        if found[-1].conflict is None:
            return found[-1]
    return found[0]


@dataclass(frozen=True)
class _Question:
    lines: tuple[RequirementLine, ...]
    platform: tuple[str, ...]
    indexes: tuple[str, ...]
    left_out: tuple[str, ...]
    has_other_sources: bool

    @classmethod
    def of(cls, project: Project, version: str) -> _Question:
        lines = installed_lines(project)
        options = [line.text for line in lines if line.kind is LineKind.OPTION]
        asked = tuple(line for line in lines if line.kind is LineKind.REQUIREMENT)
        indexes = tuple(filter(None, map(_known_index, options)))
        return cls(
            asked,
            platform_lines(project, version),
            indexes,
            tuple(
                line.name or line.file
                for line in lines
                if line not in asked and not _is_option(line)
            ),
            any(_OTHER_SOURCE.match(text) and not _known_index(text) for text in options),
        )

    def asked(self, python: str, deadline: float) -> Resolution:
        """The answer for one Python. Packages without a wheel are left out, one after another."""
        without: list[str] = []
        for _ in range(_MOST_ROUNDS):
            answer = self._run(python, without, deadline - time.monotonic())
            if answer is None:
                return Resolution(unknown="the package index did not answer in time", python=python)
            lacking = _NO_WHEEL.findall(answer.stderr)
            if answer.returncode == 0 or not lacking or set(lacking) <= set(without):
                return self._understood(answer, python, without)
            without += lacking
        return Resolution(unknown="too many packages have no wheel", python=python)

    def _run(
        self, python: str, without: Sequence[str], seconds: float
    ) -> subprocess.CompletedProcess[str] | None:
        """Run uv once; None when the time is up."""
        with TemporaryDirectory(prefix="space-resolution-") as folder:
            place = Path(folder)
            wanted = [*self.platform, *(str(line.requirement) for line in self.lines)]
            (place / "requirements.in").write_text("\n".join(wanted) + "\n", encoding="utf-8")
            # A marker that never holds takes a package out, also where another one needs it.
            never = (f"{name} ; python_version < '3'" for name in without)
            (place / "overrides.txt").write_text("\n".join(never) + "\n", encoding="utf-8")
            try:
                return subprocess.run(
                    self._command(python),
                    cwd=place,
                    env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
                    capture_output=True,
                    encoding="utf-8",
                    errors="replace",
                    timeout=max(seconds, 0),
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return None

    def _command(self, python: str) -> list[str]:
        import uv

        facts = builder_facts()
        glibc = "_".join(map(str, min(facts.glibc, _NEWEST_GLIBC_OF_UV)))
        extra = [word for index in self.indexes for word in ("--extra-index-url", index)]
        return [
            uv.find_uv_bin(),
            *("pip", "compile", "requirements.in", "--overrides", "overrides.txt"),
            *("--no-build", "--no-config", "--no-header", "--no-annotate", "--quiet"),
            *("--color", "never", "--python", sys.executable, "--python-version", python),
            *("--python-platform", f"{facts.machine}-manylinux_{glibc}"),
            # pip looks at all indexes and takes the best version, wherever it is.
            *("--index-strategy", "unsafe-best-match"),
            *extra,
        ]

    def _understood(
        self, answer: subprocess.CompletedProcess[str], python: str, without: Sequence[str]
    ) -> Resolution:
        left_out = (*self.left_out, *without)
        if answer.returncode == 0:
            versions = {_canonical(name): at for name, at in _RESOLVED.findall(answer.stdout)}
            return Resolution(versions=versions, python=python, left_out=left_out)
        said = _CREDENTIALS.sub("://", " ".join(answer.stderr.split()))
        if "No solution found" not in said:
            return Resolution(unknown=_cut(said), python=python, left_out=left_out)
        explanation = said.partition("cause: ")[2].partition(" hint: ")[0]
        if self.has_other_sources and ("not found" in explanation or "no version" in explanation):
            why = "a package may be on an index that is not asked"
            return Resolution(unknown=why, python=python, left_out=left_out)
        conflict = _cut(_CONCLUSION.sub("", explanation))
        line = self._most_involved(explanation)
        return Resolution(conflict=conflict, line=line, python=python, left_out=left_out)

    def _most_involved(self, explanation: str) -> RequirementLine | None:
        by_name = {line.name: line for line in self.lines}
        names = [*reversed(_REQUIRED.findall(explanation)), *_NAMED.findall(explanation)]
        return next((by_name[key] for key in map(_canonical, names) if key in by_name), None)


def _canonical(name: str) -> str:
    return str(canonicalize_name(name.rstrip(".,")))


def _is_option(line: RequirementLine) -> bool:
    return line.kind in {LineKind.OPTION, LineKind.CONSTRAINT}


def _known_index(option: str) -> str | None:
    """The address of an index option, when it is one that may be asked."""
    found = _INDEX_OPTION.match(option)
    address = found[1].rstrip("/") if found else ""
    known = (index for index in builder_facts().indexes)
    return address if any(f"{address}/".startswith(f"{index}/") for index in known) else None


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST_EXPLANATION else f"{text[: _LONGEST_EXPLANATION - 1]}…"


def left_out_names(found: Resolution) -> Iterator[str]:
    """What did not take part, each once."""
    yield from dict.fromkeys(found.left_out)
