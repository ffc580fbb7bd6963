"""The one door to the Hub: everything that leaves for huggingface.co or the rehearsal Hub.

Nothing else in the package talks to the Hub's client, so the real Hub and the rehearsal Hub differ
by endpoint and token alone.
"""

from .client import Hub

__all__ = ["Hub"]
