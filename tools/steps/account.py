"""`account_status`: which Hub, which account, and what it may create."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from typing_extensions import override

from ..context import Context
from ..gates import Namespace, Permission, namespace_of, permission, static_permission
from ..hub.facts import Account, Hardware, Quota
from ..knowledge import hardware_flavors, plan
from ..model import Model, NextCall, Result
from ..problems import Problem
from ..registry import Effect, tool
from ..which_hub import HubAddress

LIVE = "live from the Hub"
LOGIN = "in a terminal: hf auth login (in a Claude Code session the person types: ! hf auth login)"


WANTED = "<a model, a folder or a task in words>"
"""Stands in a `NextCall` where only the caller knows what is to be made."""


_PLAN = NextCall(
    tool="space_plan", arguments={"source": WANTED}, why="which ways are open, and their cost"
)


class CommandLine(Model):
    """The `hf` command on this machine: where it is and its version; both None when absent."""

    path: str | None
    version: str | None


class MayCreate(Model):
    """Per hardware flavor what one namespace may create today."""

    namespace: str
    plan: str
    can_pay: bool
    zero_gpu_slots: int
    hardware: tuple[Permission, ...]


class LoggedIn(Result):
    """The account behind the token, its plan, quota, and what it may create."""

    outcome = "logged_in"

    user: str
    plan: str
    can_pay: bool
    token_name: str | None
    token_role: str | None
    organisations: tuple[str, ...]
    may_create: tuple[MayCreate, ...]
    zero_gpu_quota: Quota | None
    prices_from: str
    limit_per_hour: float
    hf: CommandLine

    @override
    def lines(self) -> Iterator[str]:
        role = f", token role {self.token_role}" if self.token_role else ""
        pays = "can pay" if self.can_pay else "cannot pay"
        yield f"Logged in as {self.user} ({self.plan} plan, {pays}{role})."
        if self.organisations:
            yield f"Organisations: {', '.join(self.organisations)}."
        if self.token_role == "fineGrained":  # noqa: S105 - a role, not a token
            yield "The token is fine-grained: it may lack the right to create or to write."
        if self.token_role == "read":  # noqa: S105 - a role, not a token
            yield "The token is read-only: creating and uploading will be refused."
        for place in self.may_create:
            yield from _place_lines(place)
        paid = [found for found in self.may_create[0].hardware if found.price_per_hour > 0]
        prices = ", ".join(f"{found.hardware} ${found.price_per_hour:g}" for found in paid)
        yield f"Prices per hour, {self.prices_from}: {prices}."
        yield f"The person's limit is ${self.limit_per_hour:.2f} an hour (--max-cost)."
        if self.zero_gpu_quota:
            left, base = self.zero_gpu_quota.remaining_seconds, self.zero_gpu_quota.base_seconds
            yield f"ZeroGPU quota: {left:.0f} of {base:.0f} s left today."
        yield _hf_line(self.hf)


class LoggedOut(Result):
    """There is no login; how to log in."""

    outcome = "logged_out"
    exit_code = 2

    why: str
    how_to_log_in: str = LOGIN
    hf: CommandLine

    @override
    def lines(self) -> Iterator[str]:
        yield f"Not logged in: {self.why}. To log in, {self.how_to_log_in}."
        yield _hf_line(self.hf)


@tool(
    title="Account status",
    effect=Effect.READ,
    examples=({},),
)
def account_status(context: Context) -> LoggedIn | LoggedOut:
    """Use first: which Hub is in use, who is logged in, the plan, and per hardware flavor whether a
    Space may be created today (yes, no, try), with prices and ZeroGPU quota.

    Reads the token anew at every call. Plan rules are dated data (hub-docs, 2026-07-21); prices
    and quota are asked live and in US dollars per hour and GPU-seconds.

    Raises:
        Problem: `bad_token`, `hub_unreachable`, `rate_limited`.
    """
    hub = context.hub
    hf = _command_line()
    if hub.address.token is None:
        # Asked, so that a Hub which is not there is not taken for a missing login.
        hub.hardware()
        return LoggedOut(hf=hf, why=_why_no_token(hub.address), next=())
    account = hub.account()
    flavors, source = _flavors(context)
    places = _places(account)
    return LoggedIn(
        user=account.name,
        plan=account.plan,
        can_pay=account.can_pay,
        token_name=account.token_name,
        token_role=account.token_role,
        organisations=tuple(found.name for found in account.organisations),
        may_create=tuple(_may_create(place, flavors) for place in places),
        zero_gpu_quota=_quota(context),
        prices_from=source,
        limit_per_hour=context.settings.max_cost,
        hf=hf,
        next=(_PLAN,),
    )


def _why_no_token(address: HubAddress) -> str:
    if not address.confirmed:
        return f"no token is sent to {address.endpoint} until it is confirmed with --hub"
    if address.kind == "other" and address.endpoint.startswith("http://"):
        return f"no token was found, or none is sent in the clear to {address.endpoint}"
    return "no token was found"


def known_hardware(context: Context) -> tuple[tuple[Hardware, ...], bool]:
    """Hardware the Hub offers, cheapest first, and whether the Hub itself said so just now."""
    flavors, source = _flavors(context)
    return tuple(sorted(flavors, key=lambda flavor: flavor.price_per_hour)), source == LIVE


def require_live_price(hardware: str, *, is_live: bool) -> None:
    """A person can only agree to a price that holds now.

    Raises:
        Problem: `price_unknown`.
    """
    if not is_live:
        raise Problem(
            "price_unknown",
            f"the Hub does not say what {hardware} costs now; nothing is bought at an old price",
            object=hardware,
            next=(NextCall(tool="account_status", why="shows whether the Hub answers again"),),
        )


def _flavors(context: Context) -> tuple[tuple[Hardware, ...], str]:
    try:
        return context.hub.hardware(), LIVE
    except Problem as problem:
        known = hardware_flavors()
        fallback = tuple(
            Hardware(
                name=flavor.name,
                pretty_name=flavor.pretty_name,
                price_per_hour=float(flavor.dollars_per_hour),
                accelerator=flavor.accelerator.model if flavor.accelerator else None,
            )
            for flavor in known
            if flavor.dollars_per_hour is not None
        )
        return fallback, f"as of {known[0].as_of}, because the Hub did not say ({problem.code})"


def _quota(context: Context) -> Quota | None:
    """The quota is a nicety: an account without one, or a Hub that is silent, is no failure."""
    try:
        return context.hub.quota()
    except Problem:
        return None


def _places(account: Account) -> tuple[Namespace, ...]:
    names = (account.name, *(found.name for found in account.organisations))
    return tuple(place for name in names if (place := namespace_of(account, name)) is not None)


def _may_create(place: Namespace, flavors: tuple[Hardware, ...]) -> MayCreate:
    return MayCreate(
        namespace=place.name,
        plan=place.plan,
        can_pay=place.can_pay,
        zero_gpu_slots=plan(place.plan).zero_gpu_spaces,
        hardware=(static_permission(), *(permission(place, flavor) for flavor in flavors)),
    )


def _place_lines(place: MayCreate) -> Iterator[str]:
    yield f"In {place.namespace} ({place.plan} plan) a Space may be created on:"
    paid = [found for found in place.hardware if found.price_per_hour > 0]
    for found in place.hardware:
        if found.price_per_hour == 0:
            yield f"  {found.hardware}: {found.may_create} - {found.why}"
    if paid:
        yield f"  paid hardware: {paid[0].may_create} - {paid[0].why}"


def _hf_line(hf: CommandLine) -> str:
    if hf.path is None:
        return "hf: not found on this machine (pip install -U huggingface_hub)."
    return f"hf {hf.version or '(version unknown)'} at {hf.path}."


def _command_line() -> CommandLine:
    """The `hf` on the path, else the one beside this interpreter."""
    import sys

    beside = Path(sys.executable).parent / "hf"
    path = shutil.which("hf") or (str(beside) if beside.exists() else None)
    if path is None:
        return CommandLine(path=None, version=None)
    return CommandLine(path=path, version=_version(path))


def _version(path: str) -> str | None:
    """The version from the package beside the command: running `hf` costs a second."""
    try:
        import sys
        from importlib.metadata import version

        if Path(path).parent == Path(sys.executable).parent:
            return version("huggingface_hub")
        said = subprocess.run(
            [path, "version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = said.stdout.split()
    return words[-1] if said.returncode == 0 and words else None
