"""What a rule says: a hit at a place, a check not made, and the finding that is reported."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ..model import Model


class Severity(str, enum.Enum):
    """How bad a finding is."""

    ERROR = "error"
    """It will fail, or it leaks."""
    WARNING = "warning"
    """It breaks a documented rule."""
    INFO = "info"
    """Worth knowing; nothing is wrong."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Fix(str, enum.Enum):
    """Whether a machine may repair it without being asked about each case."""

    SAFE = "safe"
    """The app does the same afterwards."""
    UNSAFE = "unsafe"
    """What the app does may change; look at the diff."""


@dataclass(frozen=True)
class Hit:
    """A place that breaks a rule. `line` counts from 1; None speaks of the whole file.

    `severity` is the rule's unless it is given here; `fixable=False` says that the rule's fix
    cannot repair this case.
    """

    file: str
    line: int | None
    message: str
    severity: Severity | None = None
    fixable: bool = True


@dataclass(frozen=True)
class Skip:
    """A check that was not made, and why."""

    what: str
    why: str


class Finding(Model):
    """A hit of a rule as it is reported."""

    id: str
    severity: Severity
    file: str
    line: int | None
    message: str
    fixable: bool
    fix: Fix | None

    @property
    def place(self) -> str:
        """`app.py:12`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Skipped(Model):
    """A check that was not made."""

    what: str
    why: str


class Report(Model):
    """All that linting a project said; findings by file and line.

    `hardware` is the flavor that was assumed, `hardware_from` who said so; `suppressed` counts the
    findings that a comment silenced; `sdk` is what kind of Space it was taken for.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    hardware: str | None
    hardware_from: str
    files: int
    suppressed: int
    sdk: str | None = None

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(finding.severity is severity for finding in self.findings)
