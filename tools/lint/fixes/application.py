"""Repairs of what applications call by its old name."""

from __future__ import annotations

from collections.abc import Sequence

from ..finding import Finding
from ..project import Project
from . import Changes, fixes
from .gradio import rename_keywords


@fixes("APP_USE_AUTH_TOKEN")
def rename_auth_token(project: Project, findings: Sequence[Finding]) -> Changes:
    """The argument is called `token` now and takes the same values."""
    return rename_keywords(project, findings, "use_auth_token", "token")
