"""Looking at a folder before it is uploaded: what would be sent, and what must not be."""

from __future__ import annotations

from .model import FolderPlan, FolderProblem, PlannedFile, Refusal
from .planning import leave_out, plan_folder

__all__ = ["FolderPlan", "FolderProblem", "PlannedFile", "Refusal", "leave_out", "plan_folder"]
