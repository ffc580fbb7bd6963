"""Failures that people met on the platform, made to happen here."""
