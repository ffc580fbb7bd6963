"""Templates: apps that start as they are, each a folder with a description and its files.

`NAME/template.yaml` describes a template, `NAME/files/` holds what is written. A file is valid as
it stands: placeholders such as `@@title@@` appear inside texts only.
"""

from __future__ import annotations

from .loading import FOLDER, PLACEHOLDERS, ModelChoice, Proof, Template, all_templates, template

__all__ = [
    "FOLDER",
    "PLACEHOLDERS",
    "ModelChoice",
    "Proof",
    "Template",
    "all_templates",
    "template",
]
