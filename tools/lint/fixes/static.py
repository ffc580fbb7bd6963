"""Repairs of static pages."""

from __future__ import annotations

from collections.abc import Sequence

from ..edits import replace_lines
from ..finding import Finding
from ..pages import assets, beside
from ..project import Project
from . import Changes, fixes


@fixes("ST_ABSOLUTE_ASSETS")
def make_relative(project: Project, findings: Sequence[Finding]) -> Changes:
    """Let addresses count from the page."""
    changes: Changes = {}
    for page in {finding.file for finding in findings}:
        text = project.text(page)
        if text is not None:
            changes[page] = _relative(project, page, text)
    return changes


def _relative(project: Project, page: str, text: str) -> str:
    lines = text.splitlines()
    edited: dict[int, str | None] = {}
    for asset in assets(text):
        address = asset.address
        is_lost = address[1:].split("?")[0] not in project.paths
        if address.startswith("/") and is_lost and beside(page, address) in project.paths:
            for number in range(asset.line, len(lines) + 1):
                line = edited.get(number) or lines[number - 1]
                new = line.replace(f'"{address}"', f'".{address}"')
                new = new.replace(f"'{address}'", f"'.{address}'")
                if new != line:
                    edited[number] = new
                    break
    return replace_lines(text, edited)
