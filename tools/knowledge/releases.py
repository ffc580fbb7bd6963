"""Published versions of Gradio."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class GradioReleases(Fact):
    """The newest versions on PyPI at a date."""

    latest: str
    latest_by_major: dict[int, str]
    as_of: date
    source: str


@lru_cache(maxsize=1)
def gradio_releases() -> GradioReleases:
    """Return the newest version overall and of each major line."""
    return GradioReleases(**load("gradio.yaml"))


def latest_gradio() -> str:
    """Return the newest known version, such as `6.31.0`."""
    return gradio_releases().latest
