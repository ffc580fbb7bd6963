"""`huggingface-spaces rehearsal`: the rehearsal Hub's process, by hand."""

from __future__ import annotations

import json
import shutil
import webbrowser

import click

from .. import rehearsal_process
from ..problems import Problem
from ..settings import DEFAULT_ACCOUNT
from .rehearsal_faults import fault


@click.group()
def rehearsal() -> None:
    """The Hub on this machine: start, stop, status, reset, open, fault."""


rehearsal.add_command(fault)


@rehearsal.command()
@click.option("--port", type=click.IntRange(1024, 65535), help="Exactly this port, or fail.")
def start(port: int | None) -> None:
    """Start it, or say where it runs."""
    running = rehearsal_process.find()
    if running is None:
        running = rehearsal_process.start(port=port)
        click.echo(f"Started the rehearsal Hub at {running.endpoint} (pid {running.pid}).")
    else:
        click.echo(f"The rehearsal Hub runs at {running.endpoint} (pid {running.pid}).")
    click.echo("Any client can use it:")
    click.echo(f"  export HF_ENDPOINT={running.endpoint}")
    click.echo(f"  export HF_TOKEN=$(huggingface-spaces rehearsal token {DEFAULT_ACCOUNT})")


@rehearsal.command()
def stop() -> None:
    """Stop it and every Space it runs; what was committed stays."""
    stopped = rehearsal_process.stop()
    click.echo("Stopped." if stopped else "It was not running.")


@rehearsal.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(as_json: bool) -> int:
    """Whether it runs and where. Exit code 1 when it does not."""
    running = rehearsal_process.find()
    state = str(rehearsal_process.rehearsal_state())
    if as_json:
        facts = {"endpoint": running.endpoint, "pid": running.pid} if running else {}
        click.echo(json.dumps({"running": running is not None, "state": state, **facts}))
    elif running:
        click.echo(f"Runs at {running.endpoint} (pid {running.pid}); state in {state}.")
    else:
        click.echo(f"Not running; state in {state}.")
    return 0 if running else 1


@rehearsal.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Stop it and delete everything on it: Spaces, histories, accounts' tokens."""
    state = rehearsal_process.rehearsal_state()
    if not yes:
        click.confirm(f"Delete every rehearsed Space in {state}?", abort=True)
    rehearsal_process.stop()
    if state.exists():
        shutil.rmtree(state)
    click.echo("Everything on the rehearsal Hub is gone.")


@rehearsal.command()
@click.argument("account", default=DEFAULT_ACCOUNT)
def token(account: str) -> None:
    """Print a rehearsal account's token; it is worth nothing anywhere else."""
    click.echo(_tokens()[_known(account)])


@rehearsal.command("open")
@click.argument("space", required=False)
@click.option("--print", "only_print", is_flag=True, help="Print the address, open nothing.")
@click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Who looks.")
def open_page(space: str | None, only_print: bool, account: str) -> None:
    """Open a Space's page (or the list of Spaces) in the browser, logged in as ACCOUNT."""
    running = rehearsal_process.find() or rehearsal_process.start()
    path = f"/spaces/{space}" if space else "/"
    address = rehearsal_process.page_with_ticket(running, _tokens()[_known(account)], path)
    click.echo(address)
    if not only_print:
        webbrowser.open(address)


def _tokens() -> dict[str, str]:
    running = rehearsal_process.find() or rehearsal_process.start()
    return running.tokens()


def _known(account: str) -> str:
    tokens = _tokens()
    if account not in tokens:
        raise Problem(
            "unknown_account",
            f"no account `{account}`; there are: {', '.join(sorted(tokens))}",
            object=account,
        )
    return account
