"""A report as workflow commands of GitHub Actions, which become annotations on a pull request.

Commands as in docs.github.com "Workflow commands for GitHub Actions", their escaping as in
`command.ts` of github.com/actions/toolkit; read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding, Report, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def workflow_commands(report: Report, prefix: str = "") -> Iterator[str]:
    """One command for each finding. `prefix` leads from the repository's root to the folder."""
    return (_command(finding, prefix) for finding in report.findings)


def _command(finding: Finding, prefix: str) -> str:
    properties = {
        "file": f"{prefix}{finding.file}",
        "line": str(finding.line or 1),
        "title": finding.id,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(finding.message)}"


def _data(text: str) -> str:
    # The percent sign first: it is what the others are escaped with.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
