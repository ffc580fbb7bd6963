"""A report as lines of text, each finding with the line of source that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..finding import Finding, Report, Severity
from ..project import Project
from ..texts import lines_of

LONGEST_SOURCE = 120
"""Characters of a source line that are shown."""
Quote = Callable[[Finding], str | None]
"""The source line of a finding, or None where there is none to show."""


def quote_from(project: Project) -> Quote:
    """Source lines out of the linted project, each file split once."""
    split: dict[str, list[str]] = {}

    def quote(finding: Finding) -> str | None:
        # What a security rule points at may be the secret itself.
        if finding.line is None or finding.id.startswith("SEC_"):
            return None
        if finding.file not in split:
            split[finding.file] = lines_of(project.text(finding.file) or "")
        lines = split[finding.file]
        return _shown(lines[finding.line - 1]) if 0 < finding.line <= len(lines) else None

    return quote


def summary(report: Report) -> str:
    """One line: how many findings in how many files, and for which hardware."""
    counted = [
        f"{count} {severity.value}{'s' if count != 1 else ''}"
        for severity in Severity
        if (count := report.count(severity))
    ]
    found = ", ".join(counted) or "No findings"
    silenced = f"; {report.suppressed} silenced by comments" if report.suppressed else ""
    files = f"{report.files} file{'s' if report.files != 1 else ''}"
    return f"{found} in {files}{silenced}.{_hardware(report)}"


def finding_lines(finding: Finding, quote: Quote, prefix: str = "") -> list[str]:
    """`app.py:3: error ID: message`, and below it the source. `prefix` leads to the folder."""
    fix = f" [{finding.fix.value} fix]" if finding.fix is not None else ""
    place = printable(f"{prefix}{finding.place}")
    message = printable(finding.message)
    lines = [f"{place}: {finding.severity.value} {finding.id}: {message}{fix}"]
    source = quote(finding)
    return [*lines, f"    {source}"] if source else lines


def skipped_lines(report: Report) -> Iterator[str]:
    """What was not checked, and why."""
    for skipped in report.skipped:
        yield f"Not checked: {printable(skipped.what)}: {printable(skipped.why)}"


def bounded(report: Report, quote: Quote, most: int) -> tuple[list[str], int]:
    """The findings' lines as far as `most` characters reach, and how many findings are left out."""
    lines: list[str] = []
    size = 0
    for number, finding in enumerate(report.findings):
        block = finding_lines(finding, quote)
        size += sum(len(line) + 1 for line in block)
        if size > most:
            return lines, len(report.findings) - number
        lines += block
    return lines, 0


def printable(text: str) -> str:
    """`text` on one line and without control characters, which a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in text
    )


def _hardware(report: Report) -> str:
    if report.hardware is not None:
        return f" Hardware: {printable(report.hardware)} ({report.hardware_from})."
    if report.sdk in {"static", "docker"}:
        return ""  # a flavor decides nothing there that a rule knows of
    return f" Hardware: unknown ({report.hardware_from}); rules of ZeroGPU were left out."


def _shown(line: str) -> str:
    text = printable(line.strip())
    return text if len(text) <= LONGEST_SOURCE else text[: LONGEST_SOURCE - 1] + "…"
