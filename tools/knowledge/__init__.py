"""Dated facts about the platform, each file with its date and source, read through typed loaders.

What the Hub can say live (prices, templates, quota, plan) is better asked live. These loaders are
the fallback, and what the rehearsal Hub plays from.
"""

from __future__ import annotations

from .agents import AgentRegistry, agent_registry
from .freshness import FactFile, fact_files
from .hardware import Accelerator, HardwareFlavor, hardware_flavor, hardware_flavors
from .licenses import licenses
from .plans import Plan, Refusal, Refusals, plan, plans, refusals
from .releases import GradioReleases, gradio_releases, latest_gradio
from .runtime import RuntimeDefaults, runtime_defaults
from .templates import SpaceTemplate, space_templates
from .zero_gpu import UnpublishedNumber, ZeroGpuFacts, unpublished_numbers, zero_gpu_facts

__all__ = [
    "Accelerator",
    "AgentRegistry",
    "FactFile",
    "GradioReleases",
    "HardwareFlavor",
    "Plan",
    "Refusal",
    "Refusals",
    "RuntimeDefaults",
    "SpaceTemplate",
    "UnpublishedNumber",
    "ZeroGpuFacts",
    "agent_registry",
    "fact_files",
    "gradio_releases",
    "hardware_flavor",
    "hardware_flavors",
    "latest_gradio",
    "licenses",
    "plan",
    "plans",
    "refusals",
    "runtime_defaults",
    "space_templates",
    "unpublished_numbers",
    "zero_gpu_facts",
]
