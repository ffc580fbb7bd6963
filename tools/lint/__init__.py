"""Linting a Space before it is pushed: card, requirements, Python, Dockerfile, pages."""

from __future__ import annotations

from .engine import lint, lint_files, lint_folder
from .finding import Finding, Fix, Report, Severity, Skipped
from .project import Project
from .rule import Rule, all_rules

__all__ = [
    "Finding",
    "Fix",
    "Project",
    "Report",
    "Rule",
    "Severity",
    "Skipped",
    "all_rules",
    "lint",
    "lint_files",
    "lint_folder",
]
