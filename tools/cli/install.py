"""`huggingface-spaces install`: what agent hosts start, and the plugin for Claude Code."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from typing import TextIO

import click

from ..installing import claude_code, steps
from ..installing.hosts import HOSTS, skill_line
from ..installing.places import DATA_VARIABLE, Places, places
from ..installing.record import Record, check_ours, write_record
from ..problems import Problem

INCOMPLETE = 2


@click.command()
@click.option("--claude", "for_claude", is_flag=True, help="Also into Claude Code, as a plugin.")
@click.option(
    "--scope",
    type=click.Choice(claude_code.SCOPES),
    help="With --claude: for whom it enables the plugin; user without this.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--uninstall", is_flag=True, help="Take back exactly what was installed.")
@click.option(
    "--print",
    "host",
    type=click.Choice(sorted(HOSTS)),
    help="Print the configuration for another host; writes nothing.",
)
def install(
    for_claude: bool, scope: str | None, dry_run: bool, uninstall: bool, host: str | None
) -> int:
    """Install the tools for agent hosts: a Python environment of their own, and the plugin's files.

    Everything goes into one data folder, is said before it is done, and is reused while it is up
    to date; HUGGINGFACE_SPACES_DATA chooses another folder.
    """
    if host is not None and (for_claude or scope or dry_run or uninstall):
        raise click.UsageError("--print writes nothing and stands alone.")
    if uninstall and (for_claude or scope):
        raise click.UsageError("--uninstall takes everything back; only --dry-run goes with it.")
    if scope and not for_claude:
        raise click.UsageError("--scope says where Claude Code enables the plugin: add --claude.")
    if os.name != "posix":
        raise Problem("machine", "this needs Linux or macOS", object=os.name, advice="use WSL")
    where = places()
    with _machine_errors(where):
        if host is not None:
            return _print_host(where, host)
        check_ours(where)
        if uninstall:
            return _uninstall(where, dry_run=dry_run)
        return _install(where, (scope or "user") if for_claude else None, dry_run=dry_run)


def _install(where: Places, scope: str | None, *, dry_run: bool) -> int:
    with _locked(where, dry_run=dry_run):
        changed = _take(steps.environment_steps(where), dry_run=dry_run)
        if scope is not None:
            changed |= _register(where, scope, dry_run=dry_run)
    if dry_run:
        return 0
    if not changed:
        click.echo(f"Everything is up to date in {where.data}.")
    elif scope is None:
        click.echo(f"Hosts start it with: {where.command} serve")
        click.echo("Ready configuration: huggingface-spaces install --print HOST")
    return 0


def _register(where: Places, scope: str, *, dry_run: bool) -> bool:
    """Register with Claude Code, or say how; whether anything was changed."""
    program = claude_code.find_claude()
    if program is None:
        click.echo("`claude` is not on the PATH. Once it is, run:")
        for words in (claude_code.add_marketplace_words(where), claude_code.install_words(scope)):
            click.echo(f"  {steps.shown(words)}")
        if not dry_run:
            steps.note(where, offered=True)
        return True
    if dry_run:
        for line in steps.planned_claude_steps(where, scope):
            click.echo(f"would {line}")
        return True
    claude = claude_code.ClaudeCode(program)
    source = claude.marketplace_source()
    if source is not None and not steps.comes_from_here(source, where):
        click.echo(
            f"Claude Code has a marketplace of this name from {source}, which stays as it is."
        )
        again = steps.shown(claude_code.remove_marketplace_words())
        click.echo(f"To have the plugin from {where.plugin}: `{again}`, then install again.")
        return True
    changed = _take(steps.claude_steps(where, claude, scope), dry_run=False)
    if changed:
        click.echo("Start Claude Code anew; `/mcp` shows the server `spaces`.")
    return changed


def _uninstall(where: Places, *, dry_run: bool) -> int:
    """Take everything back; the exit code tells whether Claude Code's part worked."""
    if not where.record.exists():
        click.echo(f"Nothing is installed in {where.data}.")
        return 0
    by_hand = steps.planned_removals(where)
    if dry_run:
        _say_each("would run", by_hand)
        _take(steps.removal_steps(where), dry_run=True)
        return 0
    code = 0
    with _locked(where, dry_run=False):
        program = claude_code.find_claude()
        if program is None:
            _say_each("`claude` is not on the PATH; run where it is:", by_hand)
        else:
            try:
                claude = claude_code.ClaudeCode(program)
                _take(steps.claude_removal_steps(where, claude), dry_run=False)
            except Problem as problem:  # a broken host must not keep its files here for ever
                click.echo(
                    f"{problem.code}: {problem.message}. The files go all the same.", err=True
                )
                _say_each("Run by hand once it works:", by_hand, err=True)
                code = INCOMPLETE
        _take(steps.removal_steps(where), dry_run=False)
    return code


def _say_each(how: str, lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(f"{how} {line}", err=err)


def _take(taken: Iterable[steps.Step], *, dry_run: bool) -> bool:
    """Say and do each step as it comes; whether there was any."""
    some = False
    for step in taken:
        some = True
        click.echo(f"would {step.says}" if dry_run else f"{step.says[0].upper()}{step.says[1:]}")
        if not dry_run:
            step.do()
    return some


def _print_host(where: Places, name: str) -> int:
    """The configuration on standard output, where it goes on standard error."""
    host = HOSTS[name]
    click.echo(f"Goes into {host.file}:", err=True)
    click.echo(host.write(str(where.command)))
    line = skill_line(host, where.plugin)
    if line:
        click.echo(line, err=True)
    if not where.command.exists():
        click.echo("It is not there yet. Run: huggingface-spaces install", err=True)
    return 0


@contextlib.contextmanager
def _locked(where: Places, *, dry_run: bool) -> Iterator[None]:
    """One installation at a time; a dry run needs no lock. From here on the folder is ours."""
    if dry_run:
        yield
        return
    with contextlib.ExitStack() as stack:
        while True:
            where.data.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(where.lock.open("w"))
            _lock(where, file)
            # --uninstall may have removed the file between the two lines above.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), where.lock.stat()):
                    break
        check_ours(where)
        if not where.record.exists():
            write_record(where, Record())
        yield


def _lock(where: Places, file: TextIO) -> None:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Problem(
            "install_running",
            f"another installation is at work in {where.data}",
            object=str(where.data),
            advice="wait for it and try again",
        ) from None


@contextlib.contextmanager
def _machine_errors(where: Places) -> Iterator[None]:
    """What the operating system refuses, as a problem that names the file."""
    try:
        yield
    except BrokenPipeError:  # of whoever reads what we print
        raise
    except OSError as error:
        raise Problem(
            "machine",
            f"{error.filename or where.data}: {error.strerror or error}",
            object=str(error.filename or where.data),
            advice="make that place usable, or"
            f" set {DATA_VARIABLE} to another folder, then run the same command again",
        ) from None
