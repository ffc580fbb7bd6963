"""Bytes of `tools/list` that a model reads (name, description, input schema)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tools.registry import all_tools
from tools.serve import INSTRUCTIONS, choose_tools, listing_size


def measure() -> Iterator[str]:
    """The default toolsets, all tools, the median tool, the instructions."""
    every = all_tools().values()
    default = choose_tools().values()
    median = statistics.median(listing_size([tool]) for tool in every)
    yield f"default toolsets {listing_size(default):,} B of 12,000 for {len(default)} tools"
    yield f"all {listing_size(every):,} B of 16,000; median tool {median:.0f} B of 450"
    yield f"instructions {len(INSTRUCTIONS):,} characters of 1,800"
