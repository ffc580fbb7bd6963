"""What the paid plans cost, where a price is published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from .files import Fact, records
from .plans import PlanName


class Subscription(Fact):
    """The price of one plan."""

    plan: PlanName
    dollars_per_month: Decimal
    as_of: date
    source: str


@lru_cache(maxsize=1)
def subscriptions() -> dict[PlanName, Subscription]:
    """Return the known prices by plan; a plan without a published price is missing."""
    known = (Subscription(**record) for record in records("subscriptions.yaml", "subscriptions"))
    return {subscription.plan: subscription for subscription in known}
