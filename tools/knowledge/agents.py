"""How the Hub's clients find out which coding agent runs them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .files import Fact, load


class AgentRegistry(Fact):
    """The environment variables of known agents; `hf` prints for an agent when one matches."""

    standard_variables: tuple[str, ...]
    """Variables whose value is the agent's own id."""
    agents: dict[str, dict[str, str]]
    """Agent id to variable to pattern; `*` is any value."""
    as_of: date
    source: str


@lru_cache(maxsize=1)
def agent_registry() -> AgentRegistry:
    """Return the registry as the Hub serves it at `/api/agent-harnesses`."""
    return AgentRegistry(**load("agents.yaml"))
