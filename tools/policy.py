"""What may happen without asking, what a person must agree to, and what is refused.

A call that costs money or destroys something answers first with a refusal that names the price or
the object and carries a one-time code. The code is bound to the tool, the exact arguments, the
price and the Hub; it works once, for fifteen minutes. It exists so that the agreement is about
*this* call, and so that an agent has to show the refusal to somebody before it can go on.
"""

from __future__ import annotations

import hashlib
import json
import os
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
    ledger = Consents(state_folder() / "consents.json")
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
        advice="show this to the person; when they agree",
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
    """The codes that were handed out and not used yet, in a file that only the person can read.

    A file, because the command line asks in one process and is answered in another.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def issue(self, digest: str) -> str:
        """A new code for this call."""
        code = f"yes-{secrets.token_hex(4)}"
        self._write(
            {**self._valid(), code: {"digest": digest, "expires": time.time() + CODE_SECONDS}}
        )
        return code

    def redeem(self, code: str, digest: str) -> bool:
        """Whether the code was issued for this call; it is used up either way."""
        known = self._valid()
        found = known.pop(code, None)
        if found is None:
            return False
        self._write(known)
        return bool(secrets.compare_digest(str(found["digest"]), digest))

    def _valid(self) -> dict[str, dict[str, Any]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        now = time.time()
        return {code: kept for code, kept in known.items() if kept["expires"] > now}

    def _write(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = self._path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(known), encoding="utf-8")
        partial.replace(self._path)
