"""`huggingface-spaces install`: what agent hosts start, and the plugin for Claude Code."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator

import click

from ..installing import claude_code, steps
from ..installing.hosts import HOSTS, skill_line
from ..installing.places import Places, places
from ..problems import Problem


@click.command()
@click.option("--claude", "for_claude", is_flag=True, help="Also into Claude Code, as a plugin.")
@click.option(
    "--scope",
    type=click.Choice(claude_code.SCOPES),
    default="user",
    show_default=True,
    help="For whom Claude Code enables the plugin.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--uninstall", is_flag=True, help="Take back exactly what was installed.")
@click.option(
    "--print",
    "host",
    type=click.Choice(sorted(HOSTS)),
    help="Print the configuration for another host; writes nothing.",
)
def install(for_claude: bool, scope: str, dry_run: bool, uninstall: bool, host: str | None) -> None:
    """Install the tools for agent hosts: a Python environment of their own, and the plugin's files.

    Everything goes into one data folder, is said before it is done, and is reused while it is up
    to date; HUGGINGFACE_SPACES_DATA chooses another folder.
    """
    if os.name != "posix":
        raise Problem("machine", "this needs Linux or macOS", object=os.name, advice="use WSL")
    where = places()
    if host is not None:
        _print_host(where, host)
    elif uninstall:
        _uninstall(where, dry_run=dry_run)
    else:
        _install(where, scope if for_claude else None, dry_run=dry_run)


def _install(where: Places, scope: str | None, *, dry_run: bool) -> None:
    with _locked(where, dry_run=dry_run):
        changed = _take(steps.environment_steps(where), dry_run=dry_run)
        if scope is not None:
            changed |= _register(where, scope, dry_run=dry_run)
    if dry_run:
        return
    if not changed:
        click.echo(f"Everything is up to date in {where.data}.")
    elif scope is None:
        click.echo(f"Hosts start it with: {where.command} serve")
        click.echo("Ready configuration: huggingface-spaces install --print HOST")


def _register(where: Places, scope: str, *, dry_run: bool) -> bool:
    """Register with Claude Code, or say how; whether anything was changed."""
    program = claude_code.find_claude()
    if program is None:
        click.echo("`claude` is not on the PATH. Once it is, run:")
        for words in (claude_code.add_marketplace_words(where), claude_code.install_words(scope)):
            click.echo(f"  {steps.shown(words)}")
        return True
    if dry_run:
        for line in steps.planned_claude_steps(where, scope):
            click.echo(f"would {line}")
        return True
    claude = claude_code.ClaudeCode(program)
    source = claude.marketplace_source()
    changed = _take(steps.claude_steps(where, claude, scope), dry_run=False)
    if source not in (None, str(where.plugin)):
        click.echo(f"The plugin comes from the marketplace you added before: {source}")
    if changed:
        click.echo("Start Claude Code anew; `/mcp` shows the server `spaces`.")
    return changed


def _uninstall(where: Places, *, dry_run: bool) -> None:
    if not where.data.is_dir():
        click.echo(f"Nothing is installed in {where.data}.")
        return
    program = claude_code.find_claude()
    if program is None or dry_run:
        said = "would run" if dry_run else "`claude` is not on the PATH; run where it is:"
        for line in steps.planned_removals(where):
            click.echo(f"{said} {line}")
    claude = claude_code.ClaudeCode(program) if program and not dry_run else None
    with _locked(where, dry_run=dry_run):
        _take(steps.removal_steps(where, claude), dry_run=dry_run)


def _take(taken: Iterable[steps.Step], *, dry_run: bool) -> bool:
    """Say and do each step as it comes; whether there was any."""
    some = False
    for step in taken:
        some = True
        click.echo(f"would {step.says}" if dry_run else f"{step.says[0].upper()}{step.says[1:]}")
        if not dry_run:
            step.do()
    return some


def _print_host(where: Places, name: str) -> None:
    """The configuration on standard output, where it goes on standard error."""
    host = HOSTS[name]
    click.echo(f"Goes into {host.file}:", err=True)
    click.echo(host.write(str(where.command)))
    line = skill_line(host, where.plugin)
    if line:
        click.echo(line, err=True)
    if not where.command.exists():
        click.echo("It is not there yet. Run: huggingface-spaces install", err=True)


@contextlib.contextmanager
def _locked(where: Places, *, dry_run: bool) -> Iterator[None]:
    """One installation at a time; a dry run needs no lock."""
    if dry_run:
        yield
        return
    _make_folder(where)
    import fcntl

    with where.lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Problem(
                "install_running",
                f"another installation is at work in {where.data}",
                object=str(where.data),
                advice="wait for it and try again",
            ) from None
        yield


def _make_folder(where: Places) -> None:
    try:
        where.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            "machine",
            f"{where.data} cannot be written: {error.strerror}",
            object=str(where.data),
            advice="make it writable, or set HUGGINGFACE_SPACES_DATA to another folder",
        ) from None
