"""What a person decides when a server or a command is started; fixed during a call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_ACCOUNT = "rehearsal-pro"
STATE_VARIABLE = "HUGGINGFACE_SPACES_STATE"
CACHE_VARIABLE = "HUGGINGFACE_SPACES_CACHE"
HUB_VARIABLE = "HUGGINGFACE_SPACES_HUB"
ACCOUNT_VARIABLE = "HUGGINGFACE_SPACES_ACCOUNT"

CALL_SECONDS = 45.0
"""A call answers within this time: hosts give up on a tool call at 60 seconds."""


def state_folder() -> Path:
    """Where consent codes and the rehearsal Hub keep their state."""
    return _folder(STATE_VARIABLE, "user_state_path")


def cache_folder() -> Path:
    """Where Python environments of rehearsed Spaces are kept; safe to delete."""
    return _folder(CACHE_VARIABLE, "user_cache_path")


def _folder(variable: str, kind: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    path: Path = getattr(platformdirs, kind)("huggingface-spaces", appauthor=False)
    return path


@dataclass(frozen=True)
class Settings:
    """How this server or command was started.

    `hub` is `auto`, `rehearsal` or an endpoint; `hub_confirmed` says that a person named the
    endpoint with `--hub` or HUGGINGFACE_SPACES_HUB. `max_cost` is their limit in US dollars per
    hour.
    `offered` are the tools that the caller can call, None meaning all: others are never advised.
    `seconds` bounds one call, None for no bound (a person at a terminal can interrupt).
    `roots` are the folders that path arguments may name, none meaning the working directory.
    """

    hub: str = "auto"
    hub_confirmed: bool = False
    account: str = DEFAULT_ACCOUNT
    read_only: bool = False
    max_cost: float = 0.0
    seconds: float | None = CALL_SECONDS
    roots: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    offered: frozenset[str] | None = None

    @classmethod
    def choose(cls, hub: str | None, **others: object) -> Settings:
        """Settings from a `--hub` option, else from the environment."""
        named = hub or os.environ.get(HUB_VARIABLE)
        account = os.environ.get(ACCOUNT_VARIABLE) or DEFAULT_ACCOUNT
        return cls(
            hub=(named or "auto").rstrip("/"),
            hub_confirmed=bool(named),
            account=account,
            **others,  # type: ignore[arg-type] # typed by the dataclass itself
        )
