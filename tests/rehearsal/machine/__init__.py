"""Tests of the machine: every Space in them is built and run for real."""
