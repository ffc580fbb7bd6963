"""Who calls a ZeroGPU Space: the token with which the platform's proxy vouches for a visitor.

The `spaces` package takes the header `X-IP-Token` of a request, a JSON Web Token, and sends it with
the call for a GPU; it reads only the field `error` of it (0.51.3, zero/client.py).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ...knowledge import plan
from ...knowledge.plans import PlanName
from ..store.accounts import Account

AuthenticationLevel = Literal["regular", "pro"]
"""How the package tells accounts apart: by it, it words its refusals."""

_HEADER = {"alg": "HS256", "typ": "JWT"}


class InvalidVisitorTokenError(ValueError):
    """A visitor token that is expired, forged or of an earlier life of the Hub."""


@dataclass(frozen=True)
class Visitor:
    """An account that uses Spaces."""

    name: str
    plan_name: PlanName

    @classmethod
    def of(cls, account: Account) -> Visitor:
        """Return the visitor an account is: with the best plan of its own and its organisations."""
        owners = (account.owner, *account.organizations)
        best = max(owners, key=lambda owner: owner.plan.zero_gpu_quota_seconds)
        return cls(account.name, best.plan_name)

    @property
    def quota_seconds(self) -> int:
        """GPU seconds this visitor has each day."""
        return plan(self.plan_name).zero_gpu_quota_seconds

    @property
    def level(self) -> AuthenticationLevel:
        """What the package is told of the visitor's plan."""
        return "regular" if self.plan_name == "free" else "pro"


class VisitorTokens:
    """Makes and reads visitor tokens; the key lives as long as the Hub's process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def mint(self, visitor: Visitor, seconds: float) -> str:
        """Return a token that is valid for so many seconds."""
        payload = {
            "sub": visitor.name,
            "plan": visitor.plan_name,
            "exp": self._clock() + seconds,
        }
        signed = f"{_encode(_HEADER)}.{_encode(payload)}"
        return f"{signed}.{self._signature(signed)}"

    def read(self, token: str) -> Visitor:
        """Return the visitor of a token. Raises InvalidVisitorTokenError for others."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            raise InvalidVisitorTokenError("not signed by this Hub")
        payload = _decode(signed.partition(".")[2])
        if payload["exp"] <= self._clock():
            raise InvalidVisitorTokenError("expired")
        return Visitor(payload["sub"], _plan_name(payload["plan"]))

    def _signature(self, signed: str) -> str:
        digest = hmac.new(self._key, signed.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return _text(digest.digest())


def _plan_name(name: str) -> PlanName:
    for known in get_args(PlanName):
        if known == name:
            return known  # type: ignore[no-any-return]  # get_args is untyped
    raise InvalidVisitorTokenError(f"unknown plan {name}")


def _encode(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> dict[str, Any]:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(f"{text}=="))
    except (binascii.Error, ValueError) as error:
        raise InvalidVisitorTokenError("not a token") from error
    return dict(decoded)
