"""The rehearsal accounts: one for each situation that the platform treats differently."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from ...knowledge import Plan, plan

TOKEN_PREFIX = "hf_"  # noqa: S105 - the prefix by which redaction recognises tokens, not a token
TOKEN_LENGTH = 34
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Owner:
    """A namespace that Spaces belong to: a user or an organisation."""

    name: str
    full_name: str
    plan_name: Literal["free", "pro", "team", "enterprise"]
    can_pay: bool
    """Whether a payment method is on file."""
    age_days: int = 400
    email_verified: bool = True
    lapsed_days: int | None = None
    """How many days ago a PRO subscription ended; None where none did."""

    @property
    def id(self) -> str:
        """A stable opaque identifier of 24 hexadecimal digits, the shape of the real Hub's."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:24]

    @property
    def plan(self) -> Plan:
        """The limits of this namespace."""
        return plan(self.plan_name)

    @property
    def created_at(self) -> datetime:
        """When the namespace was created; always `age_days` ago."""
        return datetime.now(timezone.utc) - timedelta(days=self.age_days)

    @property
    def period_end(self) -> int | None:
        """When a subscription that is over ended, in seconds since 1970; else None."""
        if self.lapsed_days is None:
            return None
        return int((datetime.now(timezone.utc) - timedelta(days=self.lapsed_days)).timestamp())


@dataclass(frozen=True)
class Account:
    """A user with one token."""

    owner: Owner
    access: Literal["read", "write"] = "write"
    organizations: tuple[Owner, ...] = ()

    @property
    def name(self) -> str:
        """The user's name."""
        return self.owner.name

    @property
    def can_write(self) -> bool:
        """Whether the token may change anything at all."""
        return self.access == "write"

    def namespace(self, name: str) -> Owner | None:
        """Return the user itself or one of its organisations by name, or None for a stranger."""
        owners = (self.owner, *self.organizations)
        return next((owner for owner in owners if owner.name == name), None)


TEAM = Owner("rehearsal-team", "Rehearsal Team", "team", can_pay=True)
ENTERPRISE = Owner("rehearsal-enterprise", "Rehearsal Enterprise", "enterprise", can_pay=True)

ACCOUNTS = (
    Account(Owner("rehearsal-pro", "Rehearsal PRO", "pro", can_pay=True), organizations=(TEAM,)),
    Account(Owner("rehearsal-free", "Rehearsal Free", "free", can_pay=False)),
    Account(Owner("rehearsal-new", "Rehearsal Newcomer", "free", can_pay=False, age_days=3)),
    Account(Owner("rehearsal-reader", "Rehearsal Reader", "pro", can_pay=True), access="read"),
    Account(Owner("rehearsal-expired", "Rehearsal Expired", "free", can_pay=False, lapsed_days=20)),
    Account(
        Owner("rehearsal-member", "Rehearsal Member", "free", can_pay=False),
        organizations=(ENTERPRISE,),
    ),
)


def find_owner(name: str) -> Owner | None:
    """Return the user or organisation called `name`, or None."""
    owners = (TEAM, ENTERPRISE, *(account.owner for account in ACCOUNTS))
    return next((owner for owner in owners if owner.name == name), None)


class Tokens:
    """The accounts' tokens, kept in a file that only its owner can read."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens

    @classmethod
    def load(cls, file: Path) -> Tokens:
        """Read `file`, adding a fresh token for every account that has none yet."""
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        tokens = {account.name: known.get(account.name) or _mint() for account in ACCOUNTS}
        if tokens != known:
            _write_private(file, json.dumps(tokens, indent=2) + "\n")
        return cls(tokens)

    def account(self, token: str) -> Account | None:
        """Return the account that `token` belongs to, or None."""
        for account in ACCOUNTS:
            # Compared as bytes: compare_digest refuses text that is not ASCII.
            if hmac.compare_digest(self._tokens[account.name].encode(), token.encode()):
                return account
        return None


def _mint() -> str:
    return TOKEN_PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_LENGTH))


def _write_private(file: Path, text: str) -> None:
    temporary = file.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)
