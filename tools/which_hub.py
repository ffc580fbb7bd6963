"""Which Hub a call goes to, and with which token; decided anew at every call.

The choice is never changed because something failed: a bad token or a dead network is an error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from . import rehearsal_process
from .problems import Problem
from .settings import Settings

HUGGING_FACE = "https://huggingface.co"
Kind = Literal["rehearsal", "huggingface", "other"]

REHEARSAL_NOTE = (
    "Nothing is published: this is the rehearsal Hub, and only this machine can open its"
    " addresses. To publish: log in with `hf auth login`, then make the same calls with"
    " --hub https://huggingface.co."
)


@dataclass(frozen=True)
class HubAddress:
    """A Hub and the credentials for it. `token` is None when there is no login."""

    kind: Kind
    endpoint: str
    token: str | None
    confirmed: bool
    account: str | None = None

    @property
    def note(self) -> str | None:
        """What every answer says first, or None on a Hub where things are really published."""
        return REHEARSAL_NOTE if self.kind == "rehearsal" else None

    def described(self) -> dict[str, str]:
        """The envelope's `hub` object."""
        facts = {"kind": self.kind, "endpoint": self.endpoint}
        return {**facts, "note": self.note} if self.note else facts


def resolve(settings: Settings) -> HubAddress:
    """The Hub for this call.

    Raises:
        Problem: `rehearsal_failed` when the rehearsal Hub is wanted and does not start,
            `bad_hub` when the endpoint is no http(s) address.
    """
    if settings.hub == "rehearsal":
        return _rehearsal(settings)
    if settings.hub != "auto":
        return _named(settings.hub, confirmed=settings.hub_confirmed, settings=settings)
    endpoint = settings.environment.get("HF_ENDPOINT", "").rstrip("/")
    if endpoint and endpoint != HUGGING_FACE:
        return _named(endpoint, confirmed=False, settings=settings)
    token = login_token(settings.environment)
    if token is None:
        return _rehearsal(settings)
    return HubAddress("huggingface", HUGGING_FACE, token, confirmed=True)


def login_token(environment: Mapping[str, str]) -> str | None:
    """The login of huggingface_hub: HF_TOKEN, else the file `hf auth login` writes; None if none.

    `environment` is looked at first, so that tests and embedders can choose without a global.
    """
    if environment is not os.environ:
        return environment.get("HF_TOKEN", "").strip() or None
    from huggingface_hub import get_token

    return get_token()


def _named(endpoint: str, *, confirmed: bool, settings: Settings) -> HubAddress:
    if not endpoint.startswith(("http://", "https://")):
        raise Problem(
            "bad_hub",
            f"`{endpoint}` is no Hub: allowed are `auto`, `rehearsal` and an http(s) address",
            object="hub",
        )
    running = rehearsal_process.find()
    if running is not None and running.endpoint == endpoint:
        return _with_account(running, settings)
    if endpoint == HUGGING_FACE:
        token = login_token(settings.environment)
        return HubAddress("huggingface", HUGGING_FACE, token, confirmed=True)
    # A token goes only where a person sent it, and never in the clear across a network.
    may_send = confirmed and (endpoint.startswith("https://") or _is_loopback(endpoint))
    token = login_token(settings.environment) if may_send else None
    return HubAddress("other", endpoint, token, confirmed=confirmed)


def _is_loopback(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in ("127.0.0.1", "localhost", "::1")


def _rehearsal(settings: Settings) -> HubAddress:
    return _with_account(rehearsal_process.find() or rehearsal_process.start(), settings)


def _with_account(running: rehearsal_process.RunningHub, settings: Settings) -> HubAddress:
    """The real login is never sent to a rehearsal Hub: its own accounts have their own tokens."""
    tokens = running.tokens()
    if settings.account not in tokens:
        raise Problem(
            "unknown_account",
            f"the rehearsal Hub has no account `{settings.account}`; it has:"
            f" {', '.join(sorted(tokens))}",
            object=settings.account,
            advice="set HUGGINGFACE_SPACES_ACCOUNT to one of them",
        )
    token = tokens[settings.account]
    return HubAddress(
        "rehearsal", running.endpoint, token, confirmed=True, account=settings.account
    )
