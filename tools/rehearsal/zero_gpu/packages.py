"""What the platform installs into a ZeroGPU Space next to its requirements."""

from __future__ import annotations

import re

from ...knowledge import zero_gpu_facts

_TORCH = re.compile(rb"^\s*torch(?![\w.-]*[A-Za-z])", re.MULTILINE | re.IGNORECASE)


def names_torch(requirements: bytes | None) -> bool:
    """Whether a requirements file asks for torch itself."""
    return requirements is not None and _TORCH.search(requirements) is not None


def zero_gpu_packages(requirements: bytes | None) -> tuple[str, ...]:
    """Return the pinned `spaces`, and the limit for torch where the Space asks for torch.

    The platform installs torch in any case. Here that would be gigabytes for apps without it, so
    the build log says that it is left out.
    """
    facts = zero_gpu_facts()
    return (facts.package, *([facts.torch] if names_torch(requirements) else []))
