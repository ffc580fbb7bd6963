"""Typed tools for Hugging Face Spaces.

In a checkout this package is `tools`; in an installed wheel the same directory is
`huggingface_spaces`. Imports inside it are relative, so that both names work.
"""

__version__ = "0.1.0"
