"""The command line `huggingface-spaces`: one command per tool, and a few of its own."""

from .main import main

__all__ = ["main"]
