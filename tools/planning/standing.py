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

Allowed = Literal["yes", "no", "try", "unknown"]


class Standing(Model):
    """The account, or why it is not known. `quota` is what it has left on ZeroGPU, if told."""

    namespace: Namespace | None
    said: str
    quota: Quota | None = None

    def may(self, flavor: Hardware | None) -> tuple[Allowed, str]:
        """Whether it may create a Space on `flavor` (None: static), and why (not)."""
        if flavor is None:
            return "yes", static_permission().why
        if self.namespace is None:
            return "unknown", self.said
        judged: Permission = permission(self.namespace, flavor)
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
    return Standing(namespace=namespace, said=said, quota=_quota(context))


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
