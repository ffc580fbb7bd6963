"""What the platform installs next to a Space's own requirements: one definition for everybody."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .files import Fact, load
from .zero_gpu import zero_gpu_facts


class BuilderFacts(Fact):
    """The parts of the platform's installation, and where its wheels have to run."""

    gradio_extras: dict[int, str]
    """Extras from a major version on."""
    servers: tuple[str, ...]
    own: str
    managed: tuple[str, ...]
    """Packages that a Space has without asking, as canonical names."""
    documented: tuple[str, ...]
    """Packages that only the documentation still calls preinstalled, as canonical names."""
    indexes: tuple[str, ...]
    machine: str
    glibc: tuple[int, int]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def builder_facts() -> BuilderFacts:
    """Return what is known of the platform's installation."""
    return BuilderFacts(**load("builder.yaml"))


def platform_requirements(sdk_version: str, own: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return what the platform installs next to a Gradio Space's requirements.

    Args:
        sdk_version: the Gradio version, such as `6.31.0`.
        own: the platform's own packages; None for those of a Space that is not on ZeroGPU.

    Raises:
        ValueError: `sdk_version` does not begin with a number.
    """
    facts = builder_facts()
    major = re.match(r"\d+", sdk_version)
    if major is None:
        raise ValueError(f"`{sdk_version}` is no Gradio version")
    since = max(first for first in facts.gradio_extras if first <= int(major.group()))
    gradio = f"gradio[{facts.gradio_extras[since]}]=={sdk_version}"
    return (gradio, *facts.servers, *(own if own is not None else (facts.own,)))


def zero_gpu_requirements() -> tuple[str, ...]:
    """Return the platform's own packages on ZeroGPU: `spaces`, pinned, and the limit for torch."""
    facts = zero_gpu_facts()
    return (facts.package, facts.torch)
