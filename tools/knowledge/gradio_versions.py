"""Which versions of Gradio exist, so that a `sdk_version` can be checked without the network."""

from __future__ import annotations

from functools import lru_cache

from .files import load


@lru_cache(maxsize=1)
def gradio_versions() -> tuple[str, ...]:
    """Return every final release, the newest major first, each major from its oldest on."""
    by_major: dict[int, str] = load("gradio_versions.yaml")["versions"]
    return tuple(version for versions in by_major.values() for version in versions.split())


@lru_cache(maxsize=1)
def oldest_python() -> dict[int, str]:
    """Return the oldest Python by major version of Gradio, such as `3.10` for 6."""
    return dict(load("gradio_versions.yaml")["oldest_python"])
