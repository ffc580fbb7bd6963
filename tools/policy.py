"""What may happen without asking, what a person must agree to, and what is refused.

A call that costs money or destroys something answers first with a refusal that names the price or
the object and carries a one-time code. The code is bound to the tool, the exact arguments, the
price and the Hub; it works once, for fifteen minutes. It exists so that the agreement is about
*this* call, and so that an agent has to show the refusal to somebody before it can go on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .context import Context
from .model import Model, NextCall, shown_arguments
from .problems import Problem
from .registry import Effect, Tool
from .settings import state_folder

CODE_SECONDS = 15 * 60.0
_CODE = re.compile(r"^yes-[0-9a-f]{8}$")


class Demand(Model):
    """What a person must agree to before a call goes on.

    `what` reads after "would": "create Space a/b on l4x1". `price_per_hour` is in US dollars.
    """

    what: str
    object: str
    price_per_hour: float | None = None


def decide(tool: Tool, arguments: dict[str, Any], context: Context) -> None:
    """Let the call pass, or say why not.

    Raises:
        Problem: `read_only_server`, `unconfirmed_hub`, `over_limit`, `consent_needed`,
            `code_not_valid`.
    """
    if tool.effect is Effect.READ:
        return
    _check_writing_allowed(tool, context)
    if tool.effect is not Effect.LOCAL:
        _check_hub_is_confirmed(context)
    if tool.demand is None:
        return
    demand = tool.demand(context, arguments)
    if demand is None:
        return
    _check_limit(demand, context)
    _check_consent(tool, arguments, demand, context)


def _check_writing_allowed(tool: Tool, context: Context) -> None:
    if context.settings.read_only:
        raise Problem(
            "read_only_server",
            f"{tool.name} changes something and this server was started with --read-only",
            object=tool.name,
            advice="the person restarts the server without --read-only",
        )


def _check_hub_is_confirmed(context: Context) -> None:
    address = context.address
    if not address.confirmed:
        raise Problem(
            "unconfirmed_hub",
            f"HF_ENDPOINT names {address.endpoint}, which nobody confirmed; it is only read from",
            object=address.endpoint,
            advice=f"the person starts with `--hub {address.endpoint}` to allow writing there",
        )


def _check_limit(demand: Demand, context: Context) -> None:
    price = demand.price_per_hour
    limit = context.settings.max_cost
    if price is not None and price > limit:
        raise Problem(
            "over_limit",
            f"this would {demand.what}, at ${price:.2f} an hour; the person's limit is"
            f" ${limit:.2f} an hour",
            object=demand.object,
            advice=f"choose free hardware, or the person restarts with `--max-cost {price:g}`",
        )


def _check_consent(
    tool: Tool, arguments: Mapping[str, Any], demand: Demand, context: Context
) -> None:
    ledger = Consents(state_folder() / "consents")
    asked = {name: value for name, value in arguments.items() if name != "confirm"}
    digest = _digest(tool.name, asked, demand, context.address.endpoint)
    code = arguments.get("confirm")
    if code is not None and ledger.redeem(code, digest):
        return
    fresh = ledger.issue(digest)
    price = f", at ${demand.price_per_hour:.2f} an hour" if demand.price_per_hour else ""
    stale = "that code is used, expired or for another call. " if code is not None else ""
    raise Problem(
        "consent_needed" if code is None else "code_not_valid",
        f"{stale}This would {demand.what}{price}. Nothing has happened yet",
        object=demand.object,
        advice="show this to the person, and only after they agreed",
        next=(
            NextCall(
                tool=tool.name,
                arguments={**shown_arguments(asked), "confirm": fresh},
                why="only after the person agreed to exactly this",
            ),
        ),
    )


def _digest(tool: str, arguments: Mapping[str, Any], demand: Demand, endpoint: str) -> str:
    bound = json.dumps(
        [tool, shown_arguments(arguments), demand.model_dump(), endpoint],
        sort_keys=True,
        default=str,
    )
    return hashlib.sha256(bound.encode()).hexdigest()


class Consents:
    """The codes that were handed out and not used yet, each a file that only the person can read.

    Files, because the command line asks in one process and is answered in another; one for each,
    because renaming a file succeeds exactly once however many try.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def issue(self, digest: str) -> str:
        """A new code for this call; codes that expired are cleared away."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if old.stat().st_mtime + CODE_SECONDS < time.time():
                    old.unlink()
        code = f"yes-{secrets.token_hex(4)}"
        file = self._folder / code
        file.touch(mode=0o600)
        file.write_text(digest, encoding="utf-8")
        return code

    def redeem(self, code: str, digest: str) -> bool:
        """Whether the code was issued for this call; it is used up either way."""
        if not _CODE.match(code):
            return False
        used = self._folder / f"{code}.{secrets.token_hex(4)}"
        try:
            (self._folder / code).rename(used)
        except FileNotFoundError:
            return False
        issued, moment = used.read_text(encoding="utf-8"), used.stat().st_mtime
        used.unlink()
        is_fresh = moment + CODE_SECONDS >= time.time()
        return is_fresh and secrets.compare_digest(issued, digest)
