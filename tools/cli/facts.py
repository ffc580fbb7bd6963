"""`huggingface-spaces facts`: what the tools take for true without the Hub, and how old."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone

import click

from ..knowledge import FactFile, fact_files
from ..knowledge.files import FOLDER


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def facts(name: str | None, as_json: bool) -> int:
    """Show the dated facts that the tools fall back on, oldest first; NAME prints one file.

    Exit code 1 when one is older than it may be. What the Hub says live is preferred to them.
    """
    known = fact_files()
    today = datetime.now(timezone.utc).date()
    if name is not None:
        chosen = next((fact for fact in known if fact.name == name), None)
        if chosen is None:
            names = ", ".join(sorted(fact.name for fact in known))
            raise click.UsageError(f"no facts are called `{name}`; there are: {names}")
        click.echo(_content(chosen))
        return 1 if chosen.is_expired(today) else 0
    if as_json:
        click.echo(json.dumps([_row(fact, today) for fact in known], indent=2))
    else:
        for fact in known:
            click.echo(_line(fact, today))
    return 1 if any(fact.is_expired(today) for fact in known) else 0


def _content(fact: FactFile) -> str:
    for suffix in (".yaml", ".json"):
        path = FOLDER / f"{fact.name}{suffix}"
        if path.is_file():
            return path.read_text(encoding="utf-8").rstrip()
    return ""


def _row(fact: FactFile, today: date) -> dict[str, object]:
    return {
        **fact.model_dump(mode="json"),
        "age_days": fact.age_days(today),
        "expires": fact.expires.isoformat(),
        "expired": fact.is_expired(today),
    }


def _line(fact: FactFile, today: date) -> str:
    state = "EXPIRED, look it up again" if fact.is_expired(today) else f"until {fact.expires}"
    age = f"{fact.age_days(today)} days"
    return f"{fact.name:<20} {fact.as_of} ({age}; {state})\n    {fact.about}\n    {fact.source}"
