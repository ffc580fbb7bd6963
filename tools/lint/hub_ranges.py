"""What the lines of a requirements file ask of huggingface_hub, themselves or through a package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..knowledge.packages import package_facts
from .installing import installed_lines, specifier_of
from .project import Project
from .requirements import RequirementLine
from .specifiers import lies_within

HUB = "huggingface-hub"


@dataclass(frozen=True)
class HubDemand:
    """A line with the versions of huggingface_hub that it admits."""

    line: RequirementLine
    needs: str


def hub_ranges(project: Project) -> Iterator[HubDemand]:
    """Every line whose demand on huggingface_hub is known and is one."""
    for line in installed_lines(project):
        specifier = specifier_of(line)
        if not specifier:
            continue
        if line.name == HUB:
            yield HubDemand(line, specifier)
        for known in package_facts().hub:
            if line.name == known.name and lies_within(specifier, known.versions):
                yield HubDemand(line, known.needs)
