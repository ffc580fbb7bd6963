"""Dated facts about the platform, each file with its date and source, read through typed loaders.

What the Hub can say live (prices, templates, quota, plan) is better asked live. These loaders are
the fallback, and what the rehearsal Hub plays from.
"""

from __future__ import annotations

from .agents import AgentRegistry, agent_registry
from .hardware import Accelerator, HardwareFlavor, hardware_flavor, hardware_flavors
from .plans import Plan, Refusals, plan, plans, refusals
from .releases import GradioReleases, gradio_releases, latest_gradio
from .templates import SpaceTemplate, space_templates

__all__ = [
    "Accelerator",
    "AgentRegistry",
    "GradioReleases",
    "HardwareFlavor",
    "Plan",
    "Refusals",
    "SpaceTemplate",
    "agent_registry",
    "gradio_releases",
    "hardware_flavor",
    "hardware_flavors",
    "latest_gradio",
    "plan",
    "plans",
    "refusals",
    "space_templates",
]
