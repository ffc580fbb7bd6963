"""How a browser gets to see private Spaces: a one-time ticket, then a key in the page's path.

A cookie would not do: browsers send the cookies of 127.0.0.1 to every port of it, so every app that
runs here would receive it. A path goes to the Hub's port alone, and pages send no referrer.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from .store.accounts import Account

TICKET_SECONDS = 120.0
MAXIMUM_KEYS = 200


@dataclass(frozen=True)
class _Ticket:
    account: Account
    expires_at: float


class Tickets:
    """Tickets and keys, in memory only: a restart of the Hub ends every view."""

    def __init__(self) -> None:
        self._tickets: dict[str, _Ticket] = {}
        self._keys: dict[str, Account] = {}

    def mint(self, account: Account) -> str:
        """Return a ticket with which a browser may look at what `account` can see."""
        now = time.monotonic()
        self._tickets = {t: held for t, held in self._tickets.items() if held.expires_at > now}
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = _Ticket(account, now + TICKET_SECONDS)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """Return a key for a ticket, which is used up; None for an unknown or expired one."""
        held = self._tickets.pop(ticket, None)
        if held is None or held.expires_at < time.monotonic():
            return None
        while len(self._keys) >= MAXIMUM_KEYS:
            self._keys.pop(next(iter(self._keys)))
        key = secrets.token_urlsafe(24)
        self._keys[key] = held.account
        return key

    def account(self, key: str) -> Account | None:
        """Return the account whose pages `key` opens, or None."""
        return self._keys.get(key)
