"""Figures that matter, as ratios measured in one run: `make benchmarks`."""
