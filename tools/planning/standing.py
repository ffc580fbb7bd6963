"""Who is asking: the account whose rights decide which routes are open."""

from __future__ import annotations

from typing import Literal

from ..context import Context
from ..gates import Namespace, Permission, namespace_of, permission, static_permission
from ..hub.facts import Hardware, Quota
from ..knowledge import plan
from ..knowledge.subscriptions import subscriptions
from ..model import Model
from ..problems import Problem

Allowed = Literal["yes", "no", "try", "over_limit", "unknown"]
"""`over_limit`: the account may, but this session was started with a lower limit of cost."""


class Standing(Model):
    """The account, or why it is not known. `quota` is what it has left on ZeroGPU, if told.

    `limit_per_hour` is what hardware may cost in this session, in US dollars; None is no limit.
    """

    namespace: Namespace | None
    said: str
    quota: Quota | None = None
    limit_per_hour: float | None = None

    def may(self, flavor: Hardware | None) -> tuple[Allowed, str]:
        """Whether it may create a Space on `flavor` (None: static), and why (not)."""
        if flavor is None:
            return "yes", static_permission().why
        if self.namespace is None:
            return "unknown", self.said
        judged: Permission = permission(self.namespace, flavor)
        limit, price = self.limit_per_hour, flavor.price_per_hour
        if judged.may_create != "no" and limit is not None and price > limit:
            why = f"this session's limit is ${limit:g} an hour; a person starts with --max-cost"
            return "over_limit", f"{why} {price:g}"
        return judged.may_create, judged.why

    @property
    def is_free(self) -> bool:
        """Whether the account is known to be on the free plan."""
        return self.namespace is not None and self.namespace.plan == "free"

    @property
    def can_pay(self) -> bool:
        """Whether the account is known to have a means of payment."""
        return self.namespace is not None and self.namespace.can_pay


def standing(context: Context) -> Standing:
    """The account of this call; a Hub that does not answer leaves it unknown.

    Raises:
        Problem: `bad_token`: rights of a login that is not accepted would be invented.
    """
    if context.address.token is None:
        return Standing(namespace=None, said="nobody is logged in")
    try:
        account = context.hub.account()
    except Problem as problem:
        if problem.code == "bad_token":
            raise
        return Standing(namespace=None, said=f"the account could not be asked ({problem.code})")
    namespace = namespace_of(account, account.name)
    rehearsed = " (an account of the rehearsal Hub)" if context.address.kind == "rehearsal" else ""
    said = f"{account.name}, {plan(account.plan).title}{rehearsed}"
    limit = context.settings.max_cost
    return Standing(namespace=namespace, said=said, quota=_quota(context), limit_per_hour=limit)


def _quota(context: Context) -> Quota | None:
    try:
        return context.hub.quota()
    except Problem:
        return None


def subscription_price() -> str | None:
    """What PRO costs, with date; None where no price is known."""
    known = subscriptions().get("pro")
    if known is None:
        return None
    return f"${known.dollars_per_month} a month, as of {known.as_of}"
