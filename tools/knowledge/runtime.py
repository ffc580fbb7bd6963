"""What a Space gets at run time by default, and the limits at which the platform stops it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class DefaultPython(Fact):
    """The Python of a Space whose README names none; the sources disagree."""

    observed: str
    """By build logs."""
    documented: str
    """By the documentation."""


class MemoryLimit(Fact):
    """What the platform says of a Space that needs more memory than its hardware has."""

    message: str
    """With `{limit}` for such as `16Gi`."""


class DiskLimit(Fact):
    """How much a Space may write, and what the platform says when it wrote more."""

    message: str
    """With `{limit}` for such as `50G`."""
    default_gigabytes: int
    gigabytes: dict[str, int]
    """By hardware flavor, where it is known to differ."""

    def of(self, hardware: str) -> int:
        """Return the limit of a flavor in units of 10^9 bytes."""
        return self.gigabytes.get(hardware, self.default_gigabytes)


class RuntimeDefaults(Fact):
    """All of it."""

    default_python: DefaultPython
    free_sleep_seconds: int
    """Idle seconds after which a Space on free hardware sleeps."""
    memory: MemoryLimit
    disk: DiskLimit
    removed_debian_packages: dict[str, str]
    """Packages that the platform's Debian has no more -> what replaces them."""
    as_of: date
    source: str


@lru_cache(maxsize=1)
def runtime_defaults() -> RuntimeDefaults:
    """Return what is known of run-time defaults and limits."""
    return RuntimeDefaults(**load("runtime.yaml"))
