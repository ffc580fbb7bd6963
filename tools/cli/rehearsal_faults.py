"""`huggingface-spaces rehearsal fault`: what the platform does on a bad day, by name."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

import click

from .. import rehearsal_process
from ..problems import Problem
from ..settings import DEFAULT_ACCOUNT

_PATH = "/api/rehearsal/faults"
_account = click.option(
    "--account", default=DEFAULT_ACCOUNT, show_default=True, help="Whose token to use."
)
_space = click.option("--space", metavar="NS/NAME", help="For this Space only; default all.")


@click.group()
def fault() -> None:
    """Faults of the rehearsal Hub: add, list, clear. They end with the Hub's process."""


@fault.command()
@click.argument("name")
@_space
@click.option("--count", type=click.IntRange(1), help="How often it happens.")
@click.option("--seconds", type=click.IntRange(1), help="After how long it ends by itself.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed, the same run.")
@_account
def add(
    name: str, space: str | None, count: int | None, seconds: int | None, seed: int, account: str
) -> None:
    """Make NAME happen; `fault list` shows the names."""
    order = {"name": name, "space": space, "count": count, "seconds": seconds, "seed": seed}
    added = _ask("POST", account, body=order)
    click.echo(_line(added))


@fault.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_account
def list_all(as_json: bool, account: str) -> None:
    """What is active, and every name there is."""
    told = _ask("GET", account)
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told["faults"]:
        click.echo(f"active: {_line(one)}")
    if not told["faults"]:
        click.echo("No fault is active.")
    for name, effect in told["names"].items():
        click.echo(f"  {name:18} {effect}")


@fault.command()
@click.argument("name", required=False)
@_space
@_account
def clear(name: str | None, space: str | None, account: str) -> None:
    """End NAME, or all faults."""
    told = _ask("DELETE", account, query={"name": name, "space": space})
    click.echo(f"Cleared: {told['cleared']}.")


def _line(one: Mapping[str, Any]) -> str:
    limits = [f"{one['happened']} of {one['count']} times"] if one["count"] else []
    limits += [f"{one['secondsLeft']:.0f} s left"] if one["secondsLeft"] is not None else []
    ends = f" ({', '.join(limits)})" if limits else ""
    return f"{one['name']} on {one['space'] or 'everything'}{ends}: {one['effect']}"


def _ask(
    method: str,
    account: str,
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """Return the Hub's answer. Raises Problem with the Hub's own words for a refusal."""
    running = rehearsal_process.find() or rehearsal_process.start()
    tokens = running.tokens()
    if account not in tokens:
        known = ", ".join(sorted(tokens))
        raise Problem(
            "unknown_account", f"no account `{account}`; there are: {known}", object=account
        )
    wanted = {key: value for key, value in (query or {}).items() if value is not None}
    address = f"{running.endpoint}{_PATH}" + (
        f"?{urllib.parse.urlencode(wanted)}" if wanted else ""
    )
    request = urllib.request.Request(  # noqa: S310 - an address of our own making
        address,
        method=method,
        headers={"Authorization": f"Bearer {tokens[account]}"},
        data=json.dumps(body).encode() if body is not None else None,
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told
    except urllib.error.HTTPError as refusal:
        why = json.loads(refusal.read()).get("error", refusal.reason)
        raise Problem("bad_argument", str(why), object=str((body or {}).get("name"))) from refusal
